"""Strip pictures of metadata: place, time, device, names, comments, previews, hidden second pictures.

The picture itself is copied byte for byte, never re-encoded, so nothing is lost and a clean file stays unchanged. Each
format has a list of the parts that a picture needs; everything else is dropped, known to us or not. No library does
that for all five formats: Pillow would re-encode, and the tools that do not are separate programs.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from media.metadata import avif, gif, jpeg, png, webp

ORIENTATION = 0x0112

_READERS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "AVIF": avif.stripped,
    "GIF": gif.stripped,
    "JPEG": jpeg.stripped,
    # A JPEG with more pictures after the first, as some cameras write it.
    "MPO": jpeg.stripped,
    "PNG": png.stripped,
    "WEBP": webp.stripped,
}


SIGN_BYTES = 12
_SIGNS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")


class UnreadableError(ValueError):
    """Raised for a file that is not a known picture format, or not built like one."""


def stripped(content: bytes) -> bytes:
    """Return a picture's file with nothing but the picture: pixels, frames, colour profile and orientation.

    Raises UnreadableError.
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            read = _READERS[picture.format or ""]
            # Pillow unpacks a whole PNG to look for EXIF behind the picture.
            exif = _exif(png.exif(content)) if picture.format == "PNG" else picture.getexif()
            turned = exif.get(ORIENTATION)
        return read(content, _orientation(turned))
    except (ArithmeticError, LookupError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableError("not a picture that can be read") from error


def begins_as_picture(head: bytes) -> bool:
    """Return whether the first SIGN_BYTES of a file are those of a picture that we can strip."""
    return (
        head.startswith(_SIGNS)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and (head[8:12] in (b"avif", b"avis")))
    )


def _exif(data: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load(data)
    return exif


def _orientation(turned: object) -> bytes:
    """Return EXIF data (TIFF) with the orientation alone; empty if the picture is upright."""
    if turned not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    return exif.tobytes().removeprefix(b"Exif\0\0")
