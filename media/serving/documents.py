"""Documents by address: Wagtail's view decides who may fetch one; this one adds byte ranges and cache headers.

Ranges let a PDF viewer fetch one page without the whole book, and a player jump; the cache headers make caches keep nothing that may
be withdrawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from wagtail.documents.views.serve import serve as find_document

from media.serving.accel import hand_over, wants_proxy

_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z", re.ASCII)
_MOST_DIGITS = 18
"""No file is so long that a position in it has more digits."""
_CHUNK = 64 * 1024


def serve(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """Serve a document or the requested part of it, or answer 304 if the reader already has it."""
    response: HttpResponseBase = find_document(request, document_id, document_filename)
    # Wagtail sends the string "None".
    if response.headers.get("Content-Encoding") == "None":
        del response["Content-Encoding"]
    if isinstance(response, FileResponse) and response["Content-Type"].startswith(("audio/", "video/")):
        # Browsers wrap a recording that is opened by its address in a page with a player, which obeys this.
        response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'"
    if isinstance(response, FileResponse) or response.status_code == 304:
        # Revalidate each time: a file in use today may belong to a draft or a private collection tomorrow.
        response["Cache-Control"] = "private, no-cache"
    if not isinstance(response, FileResponse):
        return response
    return hand_over(response) if wants_proxy(request) else _part(request, response)


def _part(request: HttpRequest, response: FileResponse) -> HttpResponseBase:
    """Return the requested byte range (RFC 9110, 14), or the whole response."""
    response["Accept-Ranges"] = "bytes"
    match = _RANGE.match(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    fresh = condition is None or condition in (response.get("ETag"), response.get("Last-Modified"))
    file: BinaryIO | None = getattr(response, "file_to_stream", None)
    if match is None or not (match[1] or match[2]) or not fresh or file is None or request.method != "GET":
        return response
    size = int(response["Content-Length"])
    if max(len(match[1]), len(match[2])) > _MOST_DIGITS:
        first, last = size, size - 1
    elif match[1]:
        first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    else:
        first, last = max(size - int(match[2]), 0), size - 1
    if first > last:
        # Not the response: closing it ends the request before it is answered.
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(first)
    response.streaming_content = _bytes(file, last - first + 1)
    response.status_code = 206
    response["Content-Length"] = str(last - first + 1)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _bytes(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (chunk := file.read(min(left, _CHUNK))):
        left -= len(chunk)
        yield chunk
