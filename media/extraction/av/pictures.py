"""A picture that is itself the material: whether it is whole, and its size. Its words are its alternative text."""

from __future__ import annotations

from typing import IO

from PIL import AvifImagePlugin, Image, UnidentifiedImageError

from media.extraction.facts import Facts
from media.extraction.outcome import MAX_FRAME_PIXELS, MAX_PIXELS, Extracted, Reason, Refused

FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
"""Pillow's names and ours."""

Image.init()
# One thread: a confined process gets no more.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

_ORIENTATION, _ON_ITS_SIDE = 0x0112, range(5, 9)


def read(file: IO[bytes]) -> Extracted:
    """Return the size of a picture. Raises Refused if it is not whole or too large to be unpacked."""
    file.seek(0)
    try:
        with Image.open(file, formats=list(FORMATS)) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise Refused(Reason.TOO_LARGE, f"{width} by {height}")
            if picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE:
                width, height = height, width
            # A JPEG with further pictures behind the first has a name of its own.
            name = FORMATS.get(picture.format or "", FORMATS["JPEG"])
            _unpack(picture, width * height)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Reason.TOO_LARGE, str(error)[:200]) from error
    except (UnidentifiedImageError, OSError, RuntimeError, ValueError, SyntaxError, KeyError, EOFError) as error:
        raise Refused(Reason.DAMAGED, str(error)[:200]) from error
    return Extracted(format=name, facts=Facts(width=width, height=height), reason=Reason.PICTURE)


def _unpack(picture: Image.Image, pixels: int) -> None:
    """Unpack every frame; how many there are is known before. Raises Refused for too many."""
    frames: int = getattr(picture, "n_frames", 1)
    if frames * pixels > MAX_FRAME_PIXELS:
        raise Refused(Reason.TOO_LARGE, f"{frames} frames of {pixels} pixels")
    for number in range(frames):
        # A file of one picture may be closed by now.
        if number:
            picture.seek(number)
        picture.load()
