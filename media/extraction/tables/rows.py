"""Collect the rows of a workbook: a few rows are a piece, which knows its sheet and its first row.

A sheet as one piece would be cut in the middle of a row later, and a hit could not say where in the sheet it stands.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from media.extraction.outcome import MAX_CHARACTERS, MAX_PIECES, Piece
from media.extraction.pieces import MAX_HEADING
from media.extraction.text import clean

PIECE_LENGTH = 600
"""Characters from which on the next row starts a new piece; a single longer row stays whole."""

MAX_CELLS = 200_000
"""Cells looked at, filled or not: sheets may declare millions."""

MAX_CELL = 5_000
MAX_ROW = 20_000
"""Characters kept of a cell, and of a row."""


class Rows:
    """The rows of all sheets, in order. `is_full` means that no more is accepted."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self.is_full = False
        self.count = 0
        self._cells = 0
        self._characters = 0
        self._sheet = ""
        self._first = 0
        self._open: list[str] = []

    def sheet(self, name: str) -> None:
        """Begin a sheet; its name is searchable with its first rows."""
        self._close()
        self._sheet = clean(name)[:MAX_HEADING]
        self._open = []

    def cell(self) -> None:
        """Count a cell, filled or not."""
        self._cells += 1
        self.is_full = self.is_full or self._cells > MAX_CELLS

    def row(self, number: int, cells: list[str]) -> None:
        """Add a row, counted from 1."""
        text = ", ".join(_filled(cells))
        if not text or self.is_full:
            return
        if self._characters + len(text) > MAX_CHARACTERS or len(self.found) >= MAX_PIECES:
            self.is_full = True
            return
        if sum(map(len, self._open)) + len(text) > PIECE_LENGTH:
            self._close()
        self._first = self._first or number
        self._open.append(text)
        self._characters += len(text)
        self.count += 1

    def close(self) -> list[Piece]:
        """Return all pieces."""
        self._close()
        return self.found

    def _close(self) -> None:
        if self._open:
            self.found.append(Piece("; ".join(self._open), self._sheet, row=self._first))
        self._open = []
        self._first = 0


def _filled(cells: list[str]) -> Iterator[str]:
    left = MAX_ROW
    for cell in cells:
        if text := clean(cell[: min(MAX_CELL, left)]):
            yield text
            left -= len(text)
        if left <= 0:
            return


def number_text(value: float) -> str:
    """Return a number as a German reader sees it: `12`, `0,3`, without the noise of floating point."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}".replace(".", ",")


def date_text(moment: datetime.datetime, *, has_date: bool) -> str:
    """Return a date, a date with time, or only a time."""
    time = f"{moment:%H:%M}" if moment.time() != datetime.time() or not has_date else ""
    return f"{moment:%d.%m.%Y} {time}".strip() if has_date else time
