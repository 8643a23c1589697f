"""Draw the first page of a PDF, as a proposal for the cover of the page it belongs to."""

from __future__ import annotations

import io
from typing import IO

import pypdfium2

from media.extraction.outcome import Reason, Refused

WIDTH = 1280
"""Pixels; the width of the library's covers."""

MAX_HEIGHT = 4 * WIDTH
"""A longer page is cut off at the bottom."""


def draw(file: IO[bytes]) -> bytes:
    """Return the first page as a WebP picture. Raises Refused if there is none or it cannot be drawn."""
    try:
        document = pypdfium2.PdfDocument(file)
        if not len(document):
            raise Refused(Reason.DAMAGED, "no page")
        page = document[0]
        width, height = page.get_size()
        if width <= 0 or height <= 0:
            raise Refused(Reason.DAMAGED, "page without size")
        scale = WIDTH / width
        # Pixels beyond the limit are never drawn: the crop is in points of the page.
        below = max(0.0, height - MAX_HEIGHT / scale)
        picture = page.render(scale=scale, crop=(0, below, 0, 0), may_draw_forms=False).to_pil()
    except pypdfium2.PdfiumError as error:
        reason = Reason.ENCRYPTED if "assword" in str(error) else Reason.DAMAGED
        raise Refused(reason, str(error)) from error
    drawn = io.BytesIO()
    picture.convert("RGB").save(drawn, "WEBP", quality=82, method=4)
    return drawn.getvalue()
