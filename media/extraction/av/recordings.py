"""Sound and film: told by their content, measured by their head; what is said stands in the captions beside them.

Nothing is decoded: a player does that on the reader's machine. A file is whole enough when its length can be told.
"""

from __future__ import annotations

import math
import struct
from typing import BinaryIO

from tinytag import TinyTag, TinyTagException

from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused

_EBML_HEAD = 4_096
"""Bytes within which a WebM file names its kind and its length."""

MAX_SECONDS = 360_000


def read(file: BinaryIO, format: str) -> Extracted:
    """Return the length of a recording. Raises Refused(DAMAGED) if it cannot be told."""
    seconds = _webm_seconds(file) if format == "webm" else _seconds(file)
    # A WebM file that was recorded live does not know how long it is.
    if seconds is None and format != "webm":
        raise Refused(Reason.DAMAGED, "no length")
    return Extracted(format=format, facts=Facts(seconds=seconds), reason=Reason.RECORDING)


def _seconds(file: BinaryIO) -> int | None:
    file.seek(0)
    try:
        length = TinyTag.get(file_obj=file, tags=False).duration
    except (
        TinyTagException,
        struct.error,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
        OSError,
    ) as error:
        raise Refused(Reason.DAMAGED, str(error)[:200]) from error
    return _whole(length)


def _whole(length: float | None) -> int | None:
    if length is None or not math.isfinite(length) or not 0 < length <= MAX_SECONDS:
        return None
    return max(1, round(length))


def _webm_seconds(file: BinaryIO) -> int | None:
    """Return the length that a WebM file states at its head, in units of its time scale."""
    file.seek(0)
    head = file.read(_EBML_HEAD)
    scale = _element(head, bytes.fromhex("2ad7b1"))
    length = _element(head, bytes.fromhex("4489"))
    if length is None or len(length) not in (4, 8):
        return None
    units: float = struct.unpack(">f" if len(length) == 4 else ">d", length)[0]
    nanoseconds = int.from_bytes(scale) if scale else 1_000_000
    return _whole(units * nanoseconds / 1e9)


def _element(head: bytes, name: bytes) -> bytes | None:
    """Return the content of the first short element with this name."""
    at = head.find(name)
    if at < 0 or at + len(name) >= len(head):
        return None
    length = head[at + len(name)] & 0x7F
    start = at + len(name) + 1
    return head[start : start + length] if 0 < length <= 8 and start + length <= len(head) else None
