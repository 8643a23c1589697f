"""AVIF: nested boxes that point into the file by offset. So metadata is blanked in place.

Blanked data keeps its length and becomes free space, so every offset stays valid. The format stores the orientation
in properties of the picture; EXIF does not count.

Layout: ISO/IEC 14496-12 (boxes), 23008-12 (items); https://aomediacodec.github.io/av1-avif/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

INNER = {
    **dict.fromkeys((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"iprp", b"ipco"), 0),
    b"meta": 4,
}
"""Boxes that contain others, and how many bytes precede those."""

NEEDED = {
    *(b"ftyp", b"mdat", b"hdlr", b"pitm", b"iloc", b"iinf", b"infe", b"iref", b"idat", b"grpl", b"ipma"),
    *(
        b"av1C",
        b"auxC",
        b"colr",
        b"ispe",
        b"pixi",
        b"pasp",
        b"clap",
        b"irot",
        b"imir",
        b"clli",
        b"mdcv",
        b"cclv",
        b"amve",
    ),
    *(b"a1op", b"a1lx", b"lsel", b"reve", b"ndwt"),
    *(b"mvhd", b"tkhd", b"mdhd", b"vmhd", b"nmhd", b"elst", b"dref", b"tref", b"auxi", b"stsd", b"stts", b"ctts"),
    *(b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"sgpd", b"sbgp"),
}
"""The picture, its colours, its frames."""

PICTURES = {b"av01", b"grid", b"iovl", b"iden", b"tmap", b"sato"}
"""Kinds of items that are pictures, or describe how one is composed."""

NAMES = {b"", b"Color", b"Alpha"}
"""Encoders' names for the two layers of a picture."""

CLOCKS = {b"mvhd", b"tkhd", b"mdhd"}


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, the position of the kind, and the part of the file after its header."""

    kind: bytes
    named_at: int
    start: int
    end: int


def stripped(content: bytes, exif: bytes) -> bytes:
    """Return the file with its metadata blanked. Raises ValueError or IndexError."""
    file = bytearray(content)
    _clean(file, 0, len(file))
    return bytes(file)


def _clean(file: bytearray, start: int, end: int) -> None:
    for box in list(_boxes(file, start, end)):
        if box.kind in INNER:
            if box.kind == b"meta":
                _clean_items(file, box)
            _clean(file, box.start + INNER[box.kind], box.end)
        elif box.kind not in NEEDED:
            file[box.named_at : box.named_at + 4] = b"free"
            _blank(file, box.start, box.end)
        elif box.kind == b"hdlr":
            # A human-readable name.
            _blank(file, box.start + 24, box.end)
        elif box.kind in CLOCKS:
            # Times of creation and change.
            _blank(file, box.start + 4, box.start + (20 if file[box.start] else 12))


def _boxes(file: bytearray, position: int, end: int) -> Iterator[Box]:
    while position < end:
        size, head = _number(file, position, 4), 8
        if size == 1:
            size, head = _number(file, position + 8, 8), 16
        elif size == 0:
            size = end - position
        kind = bytes(file[position + 4 : position + 8])
        if size < head or position + size > end:
            raise ValueError("a box is not whole")
        yield Box(kind, position + 4, position + head, position + size)
        position += size


def _clean_items(file: bytearray, meta: Box) -> None:
    """Blank a box's items that are not pictures, and names that are not an encoder's."""
    inner = {box.kind: box for box in _boxes(file, meta.start + 4, meta.end)}
    if b"iinf" not in inner:
        return
    listed = inner[b"iinf"]
    foreign = set()
    for box in _boxes(file, listed.start + (8 if file[listed.start] else 6), listed.end):
        version = file[box.start]
        if box.kind != b"infe" or version not in (2, 3):
            raise ValueError("an item of an unknown kind")
        width = 2 if version == 2 else 4
        named_at = box.start + 6 + width
        if bytes(file[named_at : named_at + 4]) not in PICTURES:
            foreign.add(_number(file, box.start + 4, width))
            file[named_at : named_at + 4] = b"free"
        if bytes(file[named_at + 4 : box.end]).strip(b"\0") not in NAMES:
            _blank(file, named_at + 4, box.end)
    if foreign:
        data = inner.get(b"idat")
        for item, in_data, start, length in _extents(file, inner[b"iloc"]):
            if item in foreign:
                first = start + (data.start if in_data and data else 0)
                _blank(file, first, first + length)


def _extents(file: bytearray, box: Box) -> Iterator[tuple[int, bool, int, int]]:
    """Yield for every part of an item: its number, whether it lies in the data box, position, length in bytes."""
    version = file[box.start]
    offsets, lengths = file[box.start + 4] >> 4, file[box.start + 4] & 15
    bases, indices = file[box.start + 5] >> 4, file[box.start + 5] & 15 if version else 0
    wide = 4 if version == 2 else 2
    count, position = _number(file, box.start + 6, wide), box.start + 6 + wide
    for _ in range(count):
        item = _number(file, position, wide)
        position += wide
        method = 0
        if version:
            method = _number(file, position, 2) & 15
            position += 2
        if method > 1:
            raise ValueError("an item made of another")
        base = _number(file, position + 2, bases)
        parts, position = _number(file, position + 2 + bases, 2), position + 4 + bases
        for _ in range(parts):
            start = base + _number(file, position + indices, offsets)
            length = _number(file, position + indices + offsets, lengths)
            if not length:
                raise ValueError("an item without an end")
            yield item, method == 1, start, length
            position += indices + offsets + lengths


def _number(file: bytearray, position: int, width: int) -> int:
    if position + width > len(file):
        raise ValueError("the file ends too early")
    return int.from_bytes(file[position : position + width], "big")


def _blank(file: bytearray, start: int, end: int) -> None:
    if not 0 <= start <= end <= len(file):
        raise ValueError("a part lies outside of the file")
    file[start:end] = bytes(end - start)
