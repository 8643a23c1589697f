"""Say that nothing can be stored, when the disk is full or read-only: reading works, and no error of ours is to be sought.

The page must not promise that anything was kept. What was typed is still in the browser, one step back. Like the page
for errors it asks no database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from core.running.room import is_out_of_room

logger = logging.getLogger(__name__)


class NothingStored:
    """Middleware that answers 503 where a disk refuses what a view wanted to store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer if it is the disk; log one line, for the same happens to everybody."""
        if not is_out_of_room(exception):
            return None
        logger.error("nothing can be stored: %s", exception)
        response = HttpResponse(render_to_string("nothing_stored.html"), status=503)
        response["Retry-After"] = "300"
        return response
