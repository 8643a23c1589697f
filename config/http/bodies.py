"""Refuse what is too large, or of a kind that no form sends, before a byte of it is read.

The proxy does the same, and keeps slow senders away. This is for a site that is asked without one, and for a proxy
that is set otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core.declared import file_forms

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
"""What the site reads of visitors."""


class SmallBodies:
    """Middleware that answers 413 to a body larger than its address takes, and 415 to one that is no form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, or refuse it by what it says of its size; a body of unknown size is never read."""
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > _most(request):
            return _refused(request)
        if size > 0 and request.content_type not in FORMS and not _is_of_admin(request):
            return HttpResponse(status=415)
        return self.get_response(request)


def _most(request: HttpRequest) -> float:
    """Return the bytes that a request's body may have."""
    if _is_of_admin(request) and settings.SESSION_COOKIE_NAME in request.COOKIES:
        # Whose session it is, and whether files are taken, is found out before one is kept (config/http/uploads.py).
        return float("inf")
    return file_forms.FORM_BYTES if file_forms.takes_files(request.path) else file_forms.MOST_BYTES


def _is_of_admin(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("wagtailadmin_home"))


def _refused(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        problem = {"field": "", "value": "", "reason": _("Das ist zu viel auf einmal.")}
        return JsonResponse({"errors": [problem]}, status=413)
    return HttpResponse(render_to_string("413.html"), status=413)
