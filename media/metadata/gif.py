"""GIF: a row of blocks. Comments, drawn texts and programs' own data go; frames, loops and colour profile stay.

Layout: https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
"""

from __future__ import annotations

EXTENSION, PICTURE, END = 0x21, 0x2C, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
NEEDED = {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}
"""How often the frames are shown; the colour profile."""


def stripped(content: bytes, exif: bytes) -> bytes:
    """Return the file without metadata; the format knows no side that is up. Raises ValueError or IndexError."""
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        raise ValueError("no GIF")
    position = 13 + _table(content[10])
    kept = [content[:position]]
    # Some programs leave the end out, and everybody reads their files.
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
    """Return how many bytes the table of colours takes that the flags announce."""
    return 3 << ((flags & 0x07) + 1) if flags & 0x80 else 0


def _after_parts(content: bytes, position: int) -> int:
    """Return where a row of parts, each behind its length, has ended."""
    while content[position]:
        position += content[position] + 1
    return position + 1
