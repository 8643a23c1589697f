"""Read JSON lines or a JSON array of any size, one record at a time.

The bytes are split into records before anything is decoded, so that a broken record spoils no other, and
only one record is in memory at a time.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.importing.rows import MARK_LENGTH, Row, without_mark
from core.importing.source import Readable

ROW_LIMIT = 10 * 1024 * 1024
"""Longest record in bytes: real ones have a few kilobytes; a longer one means a damaged file."""

CHUNK = 64 * 1024
"""Bytes to read at once."""

_TOKEN = re.compile(rb'["\\\[\]{}\n,]')


@dataclass(frozen=True, slots=True)
class _Piece:
    """The value of one record, or the reason there is none."""

    line: int
    value: Any = None
    problem: str = ""


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
    """Yield the records of `stream`, which holds JSON lines or one JSON array; blank lines don't count.

    A record that cannot be read is yielded with its `problem`. Raises UnreadableFile when the whole
    file has the wrong encoding.
    """
    chunks = _Chunks(stream, chunk_size)
    is_array = chunks.peek().lstrip().startswith(b"[")
    pieces = _array_elements(chunks, limit) if is_array else _lines(chunks, limit)
    for number, piece in enumerate(pieces, start=1):
        yield Row(number, piece.line, piece.value, piece.problem)


def _too_long(limit: int) -> str:
    return _("länger als %(limit)s Byte") % {"limit": limit}


def _lines(chunks: Iterable[bytes], limit: int) -> Iterator[_Piece]:
    """Split at line ends. A line beyond the limit is skipped without being stored."""
    line, size, kept = 1, 0, bytearray()

    def piece() -> Iterator[_Piece]:
        if size > limit:
            yield _Piece(line, problem=_too_long(limit))
        elif kept.strip():
            yield _Piece(line, *_decode(bytes(kept)))

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
                yield from piece()
                line, size = line + 1, 0
                kept.clear()
    yield from piece()


def _array_elements(chunks: Iterable[bytes], limit: int) -> Iterator[_Piece]:
    """Split at the commas of the outermost list.

    A string ends at the line end at the latest, as JSON requires, so that a missing quotation mark does as
    little harm as possible.
    """
    splitter = _Splitter(limit)
    for chunk in chunks:
        yield from splitter.feed(chunk)
    yield from splitter.finish()


class _Splitter:
    """The state while splitting a JSON array into elements."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kept = bytearray()
        self.size = 0
        self.depth = 0
        self.in_string = False
        self.escaped = -1
        self.line = self.first_line = 1
        self.offset = 0
        self.closed = False

    def feed(self, chunk: bytes) -> Iterator[_Piece]:
        """Consume the next bytes and yield the elements that they complete."""
        start = 0
        for match in _TOKEN.finditer(chunk):
            at, token = match.start(), match[0]
            if token == b"\n":
                self.line += 1
                self.in_string = False
            elif self.offset + at == self.escaped:
                pass
            elif self.in_string:
                if token == b"\\":
                    self.escaped = self.offset + at + 1
                elif token == b'"':
                    self.in_string = False
            elif token == b'"':
                self.in_string = True
            elif token in b"[{":
                self.depth += 1
                if self.depth == 1 and not self.closed:
                    start = at + 1
                    self._restart()
            elif token in b"]}":
                self.depth -= 1
                if self.depth == 0 and not self.closed:
                    self._keep(chunk[start:at])
                    yield from self._element(last=True)
                    self.closed, start = True, at + 1
            elif token == b"," and self.depth == 1 and not self.closed:
                self._keep(chunk[start:at])
                yield from self._element(last=False)
                start = at + 1
        self._keep(chunk[start:])
        self.offset += len(chunk)

    def finish(self) -> Iterator[_Piece]:
        """Yield what is left at the end of the file, and its problem if any."""
        if self.closed:
            if self.kept.strip() or self.size > self.limit:
                yield _Piece(self._content_line(), problem=_("Text nach dem Ende der Liste"))
        else:
            yield from self._element(last=True)
            yield _Piece(self.line, problem=_("die Liste wird nicht geschlossen; fehlt der Rest der Datei?"))

    def _keep(self, data: bytes) -> None:
        self.size += len(data)
        # Keep slightly more than the limit, so that the line of an overlong element can be reported.
        if len(self.kept) <= self.limit:
            self.kept += data[: self.limit + 1 - len(self.kept)]

    def _content_line(self) -> int:
        blank = len(self.kept) - len(self.kept.lstrip())
        return self.first_line + self.kept[:blank].count(b"\n")

    def _restart(self) -> None:
        self.kept.clear()
        self.size = 0
        self.first_line = self.line

    def _element(self, *, last: bool) -> Iterator[_Piece]:
        """Yield the element that ends here; tolerate a comma before the closing bracket."""
        if self.size > self.limit:
            yield _Piece(self._content_line(), problem=_too_long(self.limit))
        elif self.kept.strip():
            value, problem = _decode(bytes(self.kept))
            if problem:
                yield from self._salvage(problem)
            else:
                yield _Piece(self._content_line(), value)
        elif not last:
            yield _Piece(self.line, problem=_("leerer Eintrag zwischen zwei Kommas"))
        self._restart()

    def _salvage(self, problem: str) -> Iterator[_Piece]:
        """Yield a damaged element as a problem, and the elements that it swallowed as elements.

        A missing bracket or quotation mark hides the commas that follow. In a file with one element per
        line the others can still be recognised: whole lines, indented like the damaged one.
        """
        line, damaged, indent = self.first_line, 0, -1
        for text in bytes(self.kept).split(b"\n"):
            content = text.strip().removesuffix(b",").rstrip()
            depth = len(text) - len(text.lstrip())
            if content and indent < 0:
                indent = depth
            value, bad = _decode(content) if content.startswith(b"{") and depth == indent else (None, problem)
            if not bad:
                if damaged:
                    yield _Piece(damaged, problem=problem)
                damaged = 0
                yield _Piece(line, value)
            elif content.strip(b",]"):
                damaged = damaged or line
            line += 1
        if damaged:
            yield _Piece(damaged, problem=problem)


def _decode(data: bytes) -> tuple[Any, str]:
    """Return the JSON value and no problem, or None and the problem."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, _("kein gültiges UTF-8 (Byte %(byte)s)") % {"byte": error.start + 1}
    try:
        return json.loads(text.strip(" \t\r\n\ufeff"), parse_constant=_refuse, parse_float=_finite), ""
    except json.JSONDecodeError as error:
        return None, _("kein gültiges JSON (Zeichen %(place)s: %(detail)s)") % {
            "place": error.pos + 1,
            "detail": error.msg,
        }
    except (ValueError, RecursionError) as error:
        return None, _("kein gültiges JSON (%(detail)s)") % {"detail": error}


def _refuse(name: str) -> float:
    """Refuse NaN and Infinity: Python reads them, but no database stores them as JSON."""
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
