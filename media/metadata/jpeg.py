"""JPEG: a sequence of segments. Keep only application segments that affect colours; end after the first picture.

Layout: ITU-T T.81, annex B; JFIF 1.02.
"""

from __future__ import annotations

END, SCAN = 0xD9, 0xDA
FRAMES = {*range(0xC0, 0xD0)} - {0xC8}
"""Frames, and the tables of codes between them."""
NEEDED = {*FRAMES, SCAN, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF}
"""With the scan, tables of quantization, number of lines, restart interval and levels of a picture."""
ADOBE_BYTES = 12
"""The colour transform, the last of what the segment says."""
ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length."""


def stripped(content: bytes, exif: bytes) -> bytes:
    """Return the file without metadata, with `exif` in their place. Raises ValueError or IndexError."""
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    head, kept, position = b"", [], 2
    while position < len(content):
        if content[position] != 0xFF:
            raise ValueError("no marker")
        while content[position] == 0xFF:
            position += 1
        marker = content[position]
        position += 1
        if marker == END:
            kept.append(b"\xff\xd9")
            break
        if marker in ALONE:
            kept.append(bytes((0xFF, marker)))
            continue
        length = int.from_bytes(content[position : position + 2], "big")
        if length < 2:
            raise ValueError("no length")
        data = content[position + 2 : position + length]
        position += length
        if marker == 0xE0 and data.startswith(b"JFIF\0"):
            # Drop the preview that may follow.
            head = head or _segment(0xE0, data[:12].ljust(12, b"\0") + b"\0\0")
        elif marker == 0xEE and data.startswith(b"Adobe"):
            kept.append(_segment(marker, data[:ADOBE_BYTES]))
        elif marker in NEEDED or (marker == 0xE2 and data.startswith(b"ICC_PROFILE\0")):
            kept.append(_segment(marker, data))
        if marker == SCAN:
            end = _end_of_scan(content, position)
            kept.append(content[position:end])
            position = end
    turned = _segment(0xE1, b"Exif\0\0" + exif) if exif else b""
    return b"".join((b"\xff\xd8", head, turned, *kept))


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2, "big") + data


def _end_of_scan(content: bytes, position: int) -> int:
    """Return the start of the next segment: until then 0xFF is followed by zero or a restart marker."""
    while True:
        position = content.find(b"\xff", position)
        if position < 0 or position + 1 >= len(content):
            return len(content)
        after = content[position + 1]
        if after not in (0x00, 0xFF) and after not in ALONE:
            return position
        position += 1 if after == 0xFF else 2
