"""WebP: chunks in a RIFF file. Drop EXIF, XMP and unknown chunks, also within the frames of an animation.

Layout: https://developers.google.com/speed/webp/docs/riff_container.
"""

from __future__ import annotations

from collections.abc import Iterator

NEEDED = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
EXIF_FLAG, XMP_FLAG = 0x08, 0x04
FRAME_HEAD = 16


def stripped(content: bytes, exif: bytes) -> bytes:
    """Return the file without metadata, with `exif` in their place. Raises ValueError or IndexError."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise ValueError("no WebP")
    kept, is_extended = [], False
    for kind, data in _chunks(content[: 8 + int.from_bytes(content[4:8], "little")], 12):
        if kind == b"VP8X":
            is_extended = True
            flags = data[0] & ~(EXIF_FLAG | XMP_FLAG) | (EXIF_FLAG if exif else 0)
            kept.append(_chunk(kind, bytes((flags,)) + data[1:]))
        elif kind == b"ANMF":
            inner = b"".join(_chunk(*part) for part in _chunks(data, FRAME_HEAD) if part[0] in NEEDED)
            kept.append(_chunk(kind, data[:FRAME_HEAD] + inner))
        elif kind in NEEDED:
            kept.append(_chunk(kind, data))
    if exif and is_extended:
        kept.append(_chunk(b"EXIF", exif))
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunks(content: bytes, position: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and data of each chunk, starting at `position`."""
    while position < len(content):
        kind = content[position : position + 4]
        length = int.from_bytes(content[position + 4 : position + 8], "little")
        data = content[position + 8 : position + 8 + length]
        if len(kind) < 4 or len(data) < length:
            raise ValueError("a chunk is not whole")
        yield kind, data
        position += 8 + length + length % 2


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)
