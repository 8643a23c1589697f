"""Draw a page of a PDF: the first as a proposal for the cover of the entry it belongs to, any to recognise its words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pypdfium2

from media.extraction.outcome import Reason, Refused

WIDTH = 1280
"""Pixels; the width of the library's covers."""

DOTS_PER_INCH = 200
"""Enough for letters of the size of footnotes; more takes longer and finds no more."""

MAX_SIDE = 4_000
"""Pixels of a side of a page whose words are to be recognised; larger pages are drawn coarser."""

MAX_HEIGHT = 4 * WIDTH
"""A longer page is cut off at the bottom."""


def draw(file: IO[bytes]) -> bytes:
    """Return the first page as a WebP picture. Raises Refused if there is none or it cannot be drawn."""
    with _page(file, 1) as page:
        width, height = page.get_size()
        scale = WIDTH / width
        # Pixels beyond the limit are never drawn: the crop is in points of the page.
        below = max(0.0, height - MAX_HEIGHT / scale)
        picture = page.render(scale=scale, crop=(0, below, 0, 0), may_draw_forms=False).to_pil()
    drawn = io.BytesIO()
    picture.convert("RGB").save(drawn, "WEBP", quality=82, method=4)
    return drawn.getvalue()


def draw_to_recognise(file: IO[bytes], number: int) -> bytes:
    """Return a page, counted from 1, as a grey PNG picture. Raises Refused as `draw`."""
    with _page(file, number) as page:
        scale = min(DOTS_PER_INCH / 72, MAX_SIDE / max(page.get_size()))
        picture = page.render(scale=scale, grayscale=True).to_pil()
    drawn = io.BytesIO()
    picture.convert("L").save(drawn, "PNG", compress_level=1, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return drawn.getvalue()


@contextmanager
def _page(file: IO[bytes], number: int) -> Iterator[pypdfium2.PdfPage]:
    try:
        document = pypdfium2.PdfDocument(file)
        if len(document) < number:
            raise Refused(Reason.DAMAGED, "no page")
        page = document[number - 1]
        if min(page.get_size()) <= 0:
            raise Refused(Reason.DAMAGED, "page without size")
        yield page
    except pypdfium2.PdfiumError as error:
        reason = Reason.ENCRYPTED if "assword" in str(error) else Reason.DAMAGED
        raise Refused(reason, str(error)) from error
