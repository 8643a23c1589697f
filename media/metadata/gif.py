"""GIF: a sequence of blocks. Drop comments, drawn texts and application data; keep frames, loops and colour profile.

Layout: https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
"""

from __future__ import annotations

EXTENSION, PICTURE, END = 0x21, 0x2C, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
NEEDED = {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}
"""Extensions to keep: the loop count and the colour profile."""


def stripped(content: bytes, exif: bytes) -> bytes:
    """Return the file without metadata; the format has no orientation. Raises ValueError or IndexError."""
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        raise ValueError("no GIF")
    position = 13 + _table(content[10])
    kept = [content[:position]]
    # Some programs omit the end marker, and every reader accepts their files.
    while position < len(content) and content[position] != END:
        start = position
        if content[position] == EXTENSION:
            label = content[position + 1]
            position = _after_parts(content, position + 2)
            application = content[start + 3 : start + 14]
            is_needed = label == CONTROL or (label == APPLICATION and application in NEEDED)
        elif content[position] == PICTURE:
            position = _after_parts(content, position + 11 + _table(content[position + 9]))
            is_needed = True
        else:
            raise ValueError("no block")
        if is_needed:
            kept.append(content[start:position])
    return b"".join((*kept, bytes((END,))))


def _table(flags: int) -> int:
    """Return the size in bytes of the colour table that the flags announce."""
    return 3 << ((flags & 0x07) + 1) if flags & 0x80 else 0


def _after_parts(content: bytes, position: int) -> int:
    """Return the position after a sequence of parts, each preceded by its length."""
    while content[position]:
        position += content[position] + 1
    return position + 1
