"""Read the records of a JSON file of any size and layout, one at a time.

The bytes are split into records before anything is decoded, so that a broken record spoils no other, and
only one record is in memory at a time: `arrays.py` splits one array, `lines.py` records below each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.importing.rows import MARK_LENGTH, Row, without_mark
from core.importing.source import Readable
from exchange.amb.arrays import array_elements
from exchange.amb.lines import lines

ROW_LIMIT = 10 * 1024 * 1024
"""Longest record in bytes: real ones have a few kilobytes; a longer one means a damaged file."""

CHUNK = 64 * 1024
"""Bytes to read at once."""


class _Chunks:
    """The stream in chunks; the first can be peeked at."""

    def __init__(self, stream: Readable, size: int) -> None:
        self.stream = stream
        self.size = size
        self.head = b""

    def peek(self) -> bytes:
        """Return the beginning of the stream up to the first non-blank chunk, without BOM.

        Raises UnreadableFile for UTF-16.
        """
        while chunk := self.stream.read(self.size):
            self.head += chunk
            if len(self.head) > MARK_LENGTH and without_mark(self.head).strip():
                break
        self.head = without_mark(self.head)
        return self.head

    def __iter__(self) -> Iterator[bytes]:
        """Yield the peeked part, then the rest."""
        if self.head:
            yield self.head
        while chunk := self.stream.read(self.size):
            yield chunk


def read_rows(stream: Readable, *, limit: int = ROW_LIMIT, chunk_size: int = CHUNK) -> Iterator[Row[Any]]:
    """Yield the records of `stream`, which holds JSON lines, records over several lines, or one JSON array.

    A record that cannot be read is yielded with its `problem`. Raises UnreadableFile when the whole
    file has the wrong encoding.
    """
    chunks = _Chunks(stream, chunk_size)
    is_array = chunks.peek().lstrip().startswith(b"[")
    pieces = array_elements(chunks, limit) if is_array else lines(chunks, limit)
    for number, piece in enumerate(pieces, start=1):
        yield Row(number, piece.line, piece.value, piece.problem)
