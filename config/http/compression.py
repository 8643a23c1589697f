"""Pages and answers of the API are sent compressed, also where no proxy does it: most readers are on a phone."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = frozenset({"text/html", "application/json", "application/atom+xml", "application/xml", "text/plain"})


class CompressTexts(GZipMiddleware):
    """Django's compression, for texts alone: files are sent in parts, which only fit the file as it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a whole text for a client that can read it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in TEXTS:
            return response
        return super().process_response(request, response)
