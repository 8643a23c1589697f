"""What films and sound tell beside picture and sound: where they were recorded, when, by whom, with which device.

What is removed is overwritten in its place, as a box or element that players skip: so nothing else moves, and no byte of
the streams is touched.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from media.extraction.told import Findings, ToldKind

EBML_SIGN = b"\x1aE\xdf\xa3"
MAX_BOXES = 100_000

_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"edts", b"moof", b"traf"})
_CLOCKS = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_PLACES = frozenset({b"\xa9xyz", b"loci"})
_DATES = frozenset({b"\xa9day", b"date", b"\xa9ed1"})
_AUTHORS = frozenset({b"\xa9aut", b"\xa9ART", b"auth", b"perf", b"\xa9prd", b"\xa9dir", b"\xa9wrt", b"aART"})
_KEPT = frozenset(
    {b"chpl", b"name", b"titl", b"\xa9nam", b"cprt", b"\xa9cpy", b"free", b"skip", b"tsel", b"kind", b"covr"}
)
"""Chapters, titles and licences: they are about the film."""

_SEGMENT, _TAGS, _INFO, _CRC, _VOID = b"\x18S\x80g", b"\x12T\xc3g", b"\x15I\xa9f", b"\xbf", 0xEC
_OF_INFO = {
    b"Da": ToldKind.DATES,
    b"M\x80": ToldKind.PROPERTIES,
    b"WA": ToldKind.PROPERTIES,
    b"s\x84": ToldKind.PATHS,
}
_PLACE_NAMES = (b"LOCATION", b"location", b"RECORDING_LOCATION", b"GPS")


def is_film(head: bytes) -> bool:
    """Return whether a file begins as MP4 or Matroska do."""
    return head[4:8] == b"ftyp" or head.startswith(EBML_SIGN)


def cleaned(content: bytes, found: Findings, *, writes: bool) -> bytes:
    """Return the file with what it tells overwritten; as it is unless it `writes`."""
    target = bytearray(content) if writes else None
    if content.startswith(EBML_SIGN):
        _matroska(content, found, target)
    else:
        _boxes(content, 0, len(content), found, target)
    return bytes(target) if target is not None else content


def _each(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield name, beginning, beginning of the content and end of each box; stops at one that is broken."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        size, head = int.from_bytes(content[start : start + 4]), 8
        if size == 1:
            size, head = int.from_bytes(content[start + 8 : start + 16]), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            return
        yield content[start + 4 : start + 8], start, start + head, start + size
        start += size


def _boxes(content: bytes, start: int, end: int, found: Findings, target: bytearray | None) -> None:
    for name, at, inner, stop in _each(content, start, end):
        if name in _HOLDERS:
            _boxes(content, inner, stop, found, target)
        elif name in _CLOCKS:
            _clock(content, inner, found, target)
        elif name == b"udta":
            _user_data(content, inner, stop, found, target)
        elif name == b"meta" or (name == b"uuid" and content[inner : inner + 16] == _XMP):
            _meta(content, at, inner, stop, found, target)


def _clock(content: bytes, inner: int, found: Findings, target: bytearray | None) -> None:
    length = 16 if content[inner : inner + 1] == b"\x01" else 8
    if any(content[inner + 4 : inner + 4 + length]):
        found.add(ToldKind.DATES)
        if target is not None:
            target[inner + 4 : inner + 4 + length] = bytes(length)


def _user_data(content: bytes, start: int, end: int, found: Findings, target: bytearray | None) -> None:
    for name, at, inner, stop in _each(content, start, end):
        if name == b"meta":
            _meta(content, at, inner, stop, found, target)
        elif name not in _KEPT:
            _note(name, content[inner:stop], found)
            _free(at, inner, stop, target)


def _meta(content: bytes, at: int, inner: int, stop: int, found: Findings, target: bytearray | None) -> None:
    """Look into a box of properties; one whose kind is not known goes as a whole."""
    # A full box has four bytes of version before its boxes, one of QuickTime none.
    begin = inner + 4 if content[inner + 4 : inner + 8] != b"hdlr" else inner
    boxes = {name: (first, last) for name, _at, first, last in _each(content, begin, stop)}
    if b"ilst" not in boxes or b"keys" in boxes or content[at + 4 : at + 8] == b"uuid":
        text = content[inner:stop]
        if any(name in text for name in (b"location", b"GPSLatitude")):
            found.add(ToldKind.PLACES)
        found.add(ToldKind.PROPERTIES)
        _free(at, inner, stop, target)
        return
    _user_data(content, *boxes[b"ilst"], found, target)


def _note(name: bytes, value: bytes, found: Findings) -> None:
    text = "".join(sign for sign in value.decode("utf-8", "ignore") if sign.isprintable()).strip()
    if name in _PLACES:
        found.add(ToldKind.PLACES, text)
    elif name in _AUTHORS:
        found.add(ToldKind.AUTHOR, text.removeprefix("data"))
    else:
        found.add(ToldKind.DATES if name in _DATES else ToldKind.PROPERTIES, text.removeprefix("data"))


def _free(at: int, inner: int, stop: int, target: bytearray | None) -> None:
    if target is not None:
        target[at + 4 : at + 8] = b"free"
        target[inner:stop] = bytes(stop - inner)


def _elements(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield name, beginning, beginning of the content and end of each element of Matroska, as far as lengths are told."""
    for _ in range(MAX_BOXES):
        if start >= end or not content[start]:
            return
        after = start + 9 - content[start].bit_length()
        if after >= end or not content[after]:
            return
        width = 9 - content[after].bit_length()
        size = int.from_bytes(content[after : after + width]) & ((1 << 7 * width) - 1)
        inner = after + width
        if size == (1 << 7 * width) - 1:
            # Not told: only the segment itself may go on to the end.
            size = end - inner
        if inner + size > end:
            return
        yield content[start:after], start, inner, inner + size
        start = inner + size


def _matroska(content: bytes, found: Findings, target: bytearray | None) -> None:
    for name, _at, inner, stop in _elements(content, 0, len(content)):
        if name != _SEGMENT:
            continue
        for part, at, first, last in _elements(content, inner, stop):
            if part == _TAGS:
                text = content[first:last]
                found.add(ToldKind.PLACES if any(one in text for one in _PLACE_NAMES) else ToldKind.PROPERTIES)
                _void(at, last, target)
            elif part == _INFO:
                _info(content, first, last, found, target)


def _info(content: bytes, start: int, end: int, found: Findings, target: bytearray | None) -> None:
    elements = list(_elements(content, start, end))
    told = [
        (name, at, inner, stop) for name, at, inner, stop in elements if name in _OF_INFO and any(content[inner:stop])
    ]
    for name, _at, inner, stop in told:
        text = "" if name == b"Da" else content[inner:stop].decode("utf-8", "ignore")
        found.add(_OF_INFO[name], "".join(sign for sign in text if sign.isprintable()))
        _blank(inner, stop, target)
    if told:
        for name, at, _inner, stop in elements:
            if name == _CRC:
                # A sum over what was there before.
                _void(at, stop, target)


def _blank(inner: int, stop: int, target: bytearray | None) -> None:
    if target is not None:
        target[inner:stop] = bytes(stop - inner)


def _void(at: int, stop: int, target: bytearray | None) -> None:
    """Make an element one that players skip, of the same length."""
    if target is None:
        return
    length = stop - at
    size = struct.pack(">Q", (length - 9) | 1 << 56) if length >= 9 else bytes([0x80 | (length - 2)])
    head = bytes([_VOID]) + size
    target[at:stop] = head + bytes(length - len(head))
