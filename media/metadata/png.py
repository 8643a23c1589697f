"""PNG: a sequence of chunks. Drop text, time, EXIF and private chunks; animations keep their frames.

Layout: https://www.w3.org/TR/png-3/.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"

NEEDED = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"hIST", b"sBIT", b"pHYs"),
    *(b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"cICP", b"mDCV", b"cLLI"),
    *(b"acTL", b"fcTL", b"fdAT"),
}
"""The picture, its colours, its frames."""


def stripped(content: bytes, exif: bytes) -> bytes:
    """Return the file without metadata, with `exif` in their place. Raises ValueError."""
    if not content.startswith(SIGNATURE):
        raise ValueError("no PNG")
    kept = [SIGNATURE]
    for kind, chunk in _chunks(content):
        if kind in NEEDED:
            kept.append(chunk)
        if kind == b"IHDR" and exif:
            kept.append(_chunk(b"eXIf", exif))
    return b"".join(kept)


def exif(content: bytes) -> bytes:
    """Return the EXIF data of a file; empty if it has none. Raises ValueError."""
    return next((chunk[8:-4] for kind, chunk in _chunks(content) if kind == b"eXIf"), b"")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and all bytes of each chunk, up to the end of the picture."""
    position, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        length = int.from_bytes(content[position : position + 4], "big")
        kind, end = content[position + 4 : position + 8], position + 12 + length
        if len(kind) < 4 or end > len(content):
            raise ValueError("a chunk is not whole")
        yield kind, content[position:end]
        position = end


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
