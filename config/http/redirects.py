"""Redirects that editors set or that a new slug leaves behind: they never reveal the address of a private page."""

from __future__ import annotations

from urllib.parse import urlparse

from django.http import HttpRequest, HttpResponseBase
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.visibility import public_pages


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Wagtail's middleware, which does not check whether its target is a draft or restricted, with that check."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Answer 404 as if there were no redirect while its page is not public."""
        answer: HttpResponseBase = super().process_response(request, response)
        if answer is response:
            return response
        # Wagtail does not say which redirect it used; look it up in the same two steps.
        path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        redirect = middleware.get_redirect(request, path) or middleware.get_redirect(request, urlparse(path).path)
        if redirect is None:
            return response
        page = redirect.redirect_page_id
        return answer if page is None or public_pages(Page.objects.filter(pk=page)).exists() else response
