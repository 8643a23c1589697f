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
    used: list[tuple[int, int]] = []
    _clean(file, 0, len(file), used)
    _blank_unused(file, used)
    return bytes(file)


def _blank_unused(file: bytearray, used: list[tuple[int, int]]) -> None:
    """Blank what lies between the data of pictures, which other programs skip and nobody sees."""
    gaps, end = [], 0
    for start, stop in (*sorted(used), (len(file), len(file))):
        if start > end:
            gaps.append((end, start))
        end = max(end, stop)
    for box in _boxes(file, 0, len(file)):
        if box.kind == b"mdat":
            for start, stop in gaps:
                if max(start, box.start) < min(stop, box.end):
                    _blank(file, max(start, box.start), min(stop, box.end))


def _clean(file: bytearray, start: int, end: int, used: list[tuple[int, int]]) -> None:
    """Clean the boxes of a part of the file, and add to `used` where the data of pictures lies."""
    for box in list(_boxes(file, start, end)):
        if box.kind in INNER:
            if box.kind == b"meta":
                used += _clean_items(file, box)
            elif box.kind == b"stbl":
                used += _frames(file, box)
            _clean(file, box.start + INNER[box.kind], box.end, used)
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


def _clean_items(file: bytearray, meta: Box) -> list[tuple[int, int]]:
    """Blank a box's items that are not pictures, and names that are not an encoder's; return where the others lie."""
    inner = {box.kind: box for box in _boxes(file, meta.start + 4, meta.end)}
    if b"iinf" not in inner:
        return []
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
    data, kept = inner.get(b"idat"), []
    for item, in_data, start, length in _extents(file, inner[b"iloc"]):
        first = start + (data.start if in_data and data else 0)
        if item in foreign:
            _blank(file, first, first + length)
        else:
            kept.append((first, first + length))
    return kept


def _frames(file: bytearray, table: Box) -> list[tuple[int, int]]:
    """Return where the frames of an animation lie: runs of samples, one run a chunk (14496-12, 8.7)."""
    inner = {box.kind: box.start for box in _boxes(file, table.start, table.end)}
    wide = 8 if b"co64" in inner else 4
    chunks, runs, sizes = inner[b"co64" if wide == 8 else b"stco"], inner[b"stsc"], inner[b"stsz"]
    firsts = [
        (_number(file, runs + 8 + 12 * row, 4), _number(file, runs + 12 + 12 * row, 4))
        for row in range(_number(file, runs + 4, 4))
    ]
    same, sample, count, found = _number(file, sizes + 4, 4), 0, 0, []
    for number in range(_number(file, chunks + 4, 4)):
        if firsts and number + 1 >= firsts[0][0]:
            count = firsts.pop(0)[1]
        start = _number(file, chunks + 8 + wide * number, wide)
        length = sum(same or _number(file, sizes + 12 + 4 * one, 4) for one in range(sample, sample + count))
        sample += count
        found.append((start, start + length))
    return found


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
