"""Collect paragraphs into pieces: a new heading or page starts one; text beyond the limits is dropped."""

from __future__ import annotations

from media.extraction.outcome import MAX_CHARACTERS, MAX_PIECES, Piece
from media.extraction.text import clean

MAX_HEADING = 200
"""Characters of a heading shown as the place of a passage."""


class Pieces:
    """The text of one file, in order. `is_full` means that no more is accepted."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self.is_full = False
        self._characters = 0
        self._heading = ""
        self._page: int | None = None
        self._paragraphs: list[str] = []

    def heading(self, text: str) -> None:
        """Begin a section. Its text includes the heading, so that the heading is searchable."""
        text = clean(text)
        if not text:
            return
        self._close()
        self._heading = text[:MAX_HEADING]
        self.paragraph(text)

    def page(self, number: int | None, title: str = "") -> None:
        """Begin a page or slide, counted from 1, or with None text outside any section."""
        self._close()
        self._page = number
        self._heading = clean(title)[:MAX_HEADING]

    def paragraph(self, text: str) -> None:
        """Add a paragraph to the open piece."""
        text = clean(text)
        if not text or self.is_full:
            return
        left = MAX_CHARACTERS - self._characters
        if len(text) > left or len(self.found) >= MAX_PIECES:
            self.is_full = True
            text = text[:left] if len(self.found) < MAX_PIECES else ""
        self._characters += len(text)
        if text:
            self._paragraphs.append(text)

    def close(self) -> list[Piece]:
        """Return all pieces."""
        self._close()
        return self.found

    def _close(self) -> None:
        if self._paragraphs:
            self.found.append(Piece(_joined(self._paragraphs), self._heading, self._page))
            self._paragraphs = []


def _joined(paragraphs: list[str]) -> str:
    """Return paragraphs as one text; add a full stop after one that is not a sentence (a heading, a list entry)."""
    return " ".join(text if text[-1] in ".!?:;,…" else f"{text} ·" for text in paragraphs).removesuffix(" ·")
