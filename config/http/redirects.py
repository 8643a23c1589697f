"""Redirects that editors set or that a new slug leaves behind: they never tell the address of a page that is not public."""

from __future__ import annotations

from urllib.parse import urlparse

from django.http import HttpRequest, HttpResponseBase
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.visibility import public_pages


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Wagtail's middleware, which looks at neither draft nor restriction of the page it leads to."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Answer 404 as if there were no redirect while its page is not public."""
        answer: HttpResponseBase = super().process_response(request, response)
        if answer is response:
            return response
        # Which redirect it was is not told; it is found in the same two steps.
        path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        found = middleware.get_redirect(request, path) or middleware.get_redirect(request, urlparse(path).path)
        if found is None:
            return response
        page = found.redirect_page_id
        return answer if page is None or public_pages(Page.objects.filter(pk=page)).exists() else response
