"""The language of a request is that of its address, and nothing else: no browser's wish, no cookie.

Not Django's LocaleMiddleware: it takes `/da-war-doch-was/` for Danish, so that a German page with such an address could not be
reached, and tells caches that pages differ by a header that ours never read.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def language_of(path: str) -> str:
    """Return the language of the site's own path: its first part, if that is exactly the prefix of a language."""
    first = path.lstrip("/").partition("/")[0]
    is_prefix = first != settings.LANGUAGE_CODE and first in dict(settings.LANGUAGES)
    return first if is_prefix else settings.LANGUAGE_CODE


def in_its_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer in the language of the address; what refuses a request early speaks it too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware
