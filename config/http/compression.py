"""Compress pages and API responses even where no proxy does: most readers are on a phone."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = frozenset(
    {
        *("text/html", "text/plain", "text/xml", "text/turtle", "application/xml", "application/json"),
        *("application/atom+xml", "application/rdf+xml", "application/ld+json"),
    }
)


class CompressTexts(GZipMiddleware):
    """Django's compression, for text only: files are sent in ranges, which only fit the uncompressed file."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a complete text for a client that accepts it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in TEXTS:
            return response
        return super().process_response(request, response)
