"""Split a JSON array into its elements before anything is decoded, so that a broken element spoils no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from exchange.amb.pieces import Piece, decode, too_long

_TOKEN = re.compile(rb'["\\\[\]{}\n,]')


def array_elements(chunks: Iterable[bytes], limit: int) -> Iterator[Piece]:
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

    def feed(self, chunk: bytes) -> Iterator[Piece]:
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

    def finish(self) -> Iterator[Piece]:
        """Yield what is left at the end of the file, and its problem if any."""
        if self.closed:
            if self.kept.strip() or self.size > self.limit:
                yield Piece(self._content_line(), problem=_("Text nach dem Ende der Liste"))
        else:
            yield from self._element(last=True)
            yield Piece(self.line, problem=_("die Liste wird nicht geschlossen; fehlt der Rest der Datei?"))

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

    def _element(self, *, last: bool) -> Iterator[Piece]:
        """Yield the element that ends here; tolerate a comma before the closing bracket."""
        if self.size > self.limit:
            yield Piece(self._content_line(), problem=too_long(self.limit))
        elif self.kept.strip():
            value, problem = decode(bytes(self.kept))
            if problem:
                yield from self._salvage(problem)
            else:
                yield Piece(self._content_line(), value)
        elif not last:
            yield Piece(self.line, problem=_("leerer Eintrag zwischen zwei Kommas"))
        self._restart()

    def _salvage(self, problem: str) -> Iterator[Piece]:
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
            value, bad = decode(content) if content.startswith(b"{") and depth == indent else (None, problem)
            if not bad:
                if damaged:
                    yield Piece(damaged, problem=problem)
                damaged = 0
                yield Piece(line, value)
            elif content.strip(b",]"):
                damaged = damaged or line
            line += 1
        if damaged:
            yield Piece(damaged, problem=problem)
