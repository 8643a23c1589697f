"""A picture that is itself the material: whether it is whole, and its size. Its words are its alternative text."""

from __future__ import annotations

from typing import IO

from PIL import AvifImagePlugin, Image, UnidentifiedImageError

from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused

FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
"""Pillow's names and ours."""

Image.init()
# One thread: a confined process gets no more.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

_ORIENTATION, _ON_ITS_SIDE = 0x0112, range(5, 9)

MAX_PIXELS = 40_000_000
"""As many as the site takes of its other pictures."""


def read(file: IO[bytes]) -> Extracted:
    """Return the size of a picture. Raises Refused if it is not whole or too large to be unpacked."""
    file.seek(0)
    try:
        with Image.open(file, formats=list(FORMATS)) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise Refused(Reason.TOO_LARGE, f"{width} by {height}")
            picture.load()
            if picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE:
                width, height = height, width
            name = FORMATS[picture.format or ""]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Reason.TOO_LARGE, str(error)[:200]) from error
    except (UnidentifiedImageError, OSError, RuntimeError, ValueError, SyntaxError, KeyError, EOFError) as error:
        raise Refused(Reason.DAMAGED, str(error)[:200]) from error
    return Extracted(format=name, facts=Facts(width=width, height=height), reason=Reason.PICTURE)
