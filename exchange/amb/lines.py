"""Records below each other: one a line (NDJSON), or each over several lines, as programs write them for people.

A line that is a record by itself always counts as one. Only where a line opens an object and leaves it open may the record
go on below; the next line that is a whole record, or opens one at the same indentation, ends the wait. So a damaged line
costs itself, in either layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from exchange.amb.pieces import Piece, decode, too_long

_TOKEN = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)
_OPENING = re.compile(rb"\s*\{")
_NEXT = re.compile(rb"[\s,]*\{")
_BETWEEN = b" \t\r,"
"""What may stand between two records."""


def lines(chunks: Iterable[bytes], limit: int) -> Iterator[Piece]:
    """Yield the records; blank lines and commas between records don't count."""
    records = _Records(limit)
    for number, (line, size) in enumerate(_split(chunks, limit), start=1):
        yield from records.take(number, line, size)
    yield from records.finish()


def _split(chunks: Iterable[bytes], limit: int) -> Iterator[tuple[bytes, int]]:
    """Yield each line and its length; one beyond the limit is skipped without being stored."""
    size, kept = 0, bytearray()
    for chunk in chunks:
        start = 0
        while start < len(chunk):
            end = chunk.find(b"\n", start)
            stop = len(chunk) if end < 0 else end
            size += stop - start
            if size <= limit:
                kept += chunk[start:stop]
            else:
                kept.clear()
            start = stop + 1
            if end >= 0:
                yield bytes(kept), size
                size = 0
                kept.clear()
    yield bytes(kept), size


class _Records:
    """The state while records are put together: the lines of one that is still open."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._forget()

    def take(self, number: int, line: bytes, size: int) -> Iterator[Piece]:
        """Consume a line and yield the records that it completes."""
        if size > self.limit:
            yield from self.finish()
            yield Piece(number, problem=too_long(self.limit))
        elif self.open:
            yield from self._go_on(number, line)
        elif line.strip(_BETWEEN):
            yield from self._begin(number, line)

    def finish(self) -> Iterator[Piece]:
        """Yield what is still open as damaged, and the records that it swallowed as records.

        Each line that opens an object at the indentation of the damaged one may have begun a record.
        """
        if not self.open:
            return
        starts = [at for at, line in enumerate(self.open) if not at or self._opens(line)]
        for start, end in zip(starts, [*starts[1:], len(self.open)], strict=True):
            yield self._decoded(self.first + start, self.open[start:end])
        self._forget()

    def _forget(self) -> None:
        self.open: list[bytes] = []
        self.size = self.first = self.depth = self.indent = 0
        self.deeper = False

    def _begin(self, number: int, line: bytes) -> Iterator[Piece]:
        value, problem = decode(line.strip(_BETWEEN))
        if not problem or not _OPENING.match(line):
            yield Piece(number, value, problem)
            return
        depth, start, end = 0, 0, 0
        while True:
            # Several records may stand in one line; only what follows a complete one and opens another is the next.
            depth, end = _balance(line, 0, start)
            following = _NEXT.match(line, end) if end else None
            if not following:
                break
            yield self._decoded(number, [line[start:end]])
            start = following.end() - 1
        if depth > 0:
            self._forget()
            self.open, self.first, self.depth = [line[start:]], number, depth
            self.indent, self.size = _indent(line), len(line) - start
        else:
            yield self._decoded(number, [line[start:].strip(_BETWEEN)])

    def _go_on(self, number: int, line: bytes) -> Iterator[Piece]:
        if self._is_new(line):
            yield from self.finish()
            yield from self._begin(number, line)
            return
        before = self.depth
        self.depth, end = _balance(line, before)
        self.size += len(line) + 1
        if self.size > self.limit:
            first = self.first
            self._forget()
            yield Piece(first, problem=too_long(self.limit))
            return
        self.open.append(line[:end] if end else line)
        self.deeper = self.deeper or (bool(line.strip()) and _indent(line) > self.indent)
        if end:
            found = self._decoded(self.first, self.open)
            if found.problem:
                yield from self.finish()
            else:
                self._forget()
                yield found
            if rest := line[end:].strip(_BETWEEN):
                yield from self._begin(number, rest)

    def _is_new(self, line: bytes) -> bool:
        """Return whether a line begins a record although another is open."""
        if not self._opens(line):
            return False
        value, problem = decode(line.strip(_BETWEEN))
        # An empty object is no record. Where what is inside one stands further in, an object that does not is the next.
        return bool(value) or (bool(problem) and self.deeper)

    def _opens(self, line: bytes) -> bool:
        return bool(_OPENING.match(line)) and _indent(line) == self.indent

    def _decoded(self, number: int, parts: list[bytes]) -> Piece:
        return Piece(number, *decode(b"\n".join(parts)))


def _balance(line: bytes, depth: int, start: int = 0) -> tuple[int, int]:
    """Return how many brackets are open behind a line, and where in it the last one was closed (0: nowhere).

    A string ends with its line at the latest, as JSON requires.
    """
    in_string = False
    for match in _TOKEN.finditer(line, start):
        token = match[0]
        if token == b'"':
            in_string = not in_string
        elif in_string or token.startswith(b"\\"):
            continue
        elif token in b"[{":
            depth += 1
        else:
            depth -= 1
            if depth <= 0:
                return 0, match.end()
    return depth, 0


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" \t"))
