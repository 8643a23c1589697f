"""What the child reports about a file, in plain values, and its limits while reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from media.extraction.facts import Facts, PartKind, Unreadable
from media.extraction.told import Told, ToldKind

__all__ = ["Extracted", "Facts", "PartKind", "Piece", "Reason", "Refused", "Told", "ToldKind", "Unreadable"]

VERSION = 4
"""Raise it when the same file yields different text: `extract_documents` then reads all files again."""

MAX_FILE_BYTES = 200_000_000
"""Larger files are not read at all."""

MAX_PIXELS = 40_000_000
MAX_FRAME_PIXELS = 4 * MAX_PIXELS
"""Pixels of a picture, and of all frames of one that moves: some seconds to unpack."""

MAX_CHARACTERS = 1_000_000
"""Text kept per file, about 400 printed pages; the rest is dropped and noted."""

MAX_PIECES = 5_000
"""Pages, slides or sections kept per file."""


class Reason(StrEnum):
    """Why a file yielded no text, or not all of it."""

    EMPTY_FILE = "empty_file"
    MISSING = "missing"
    UNKNOWN_FORMAT = "unknown_format"
    OLD_FORMAT = "old_format"
    WRONG_EXTENSION = "wrong_extension"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    MACROS = "macros"
    TOO_LARGE = "too_large"
    TOO_NESTED = "too_nested"
    UNSAFE_XML = "unsafe_xml"
    UNSAFE_NAMES = "unsafe_names"
    TOO_SLOW = "too_slow"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    UNCONFINED = "unconfined"
    BUSY = "busy"
    NO_TEXT = "no_text"
    RECORDING = "recording"
    PICTURE = "picture"
    SHORTENED = "shortened"
    PARTS_UNREADABLE = "parts_unreadable"
    PROGRAMS = "programs"
    SIGNED = "signed"
    NOTHING_TOLD = "nothing_told"
    TEXT_CHANGES = "text_changes"


class Refused(Exception):
    """Raised to stop reading a file; carries the reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Piece:
    """Text from one place in a file: a page or slide by number (from 1), or what follows a heading.

    Of a table `row` is the first row (from 1), of captions `start` and `end` are seconds.
    """

    text: str
    heading: str = ""
    page: int | None = None
    row: int | None = None
    start: float | None = None
    end: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the piece as stored: places that it does not have are left out, but for the page."""
        places = {name: getattr(self, name) for name in _PLACES}
        known = {name: value for name, value in places.items() if value is not None}
        return {"text": self.text, "heading": self.heading, "page": self.page, **known}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Piece:
        """Return the piece of `as_json`. Raises KeyError, TypeError or ValueError for other data."""
        seconds = (None if (value := row.get(name)) is None else float(value) for name in ("start", "end"))
        return cls(str(row["text"]), str(row["heading"]), _number(row["page"]), _number(row.get("row")), *seconds)


_PLACES = ("row", "start", "end")


@dataclass(slots=True)
class Extracted:
    """The result of reading a file; `reason` is set if it yielded no text, `note` if it yielded only part.

    `told` is what it says of people beside its text, for editors alone.
    """

    format: str = ""
    pieces: list[Piece] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    reason: str = ""
    note: str = ""
    told: list[Told] = field(default_factory=list)

    def leave_out(self, kind: PartKind, count: int, total: int) -> None:
        """Note that so many parts could not be read, if any; the others were."""
        if count:
            self.facts.unreadable = Unreadable(kind, count, total)
            self.note = self.note or Reason.PARTS_UNREADABLE

    def as_json(self) -> dict[str, Any]:
        """Return the values in the form sent from the child to the site."""
        pieces = [piece.as_json() for piece in self.pieces]
        return {
            "format": self.format,
            "pieces": pieces,
            "facts": self.facts.as_json(),
            "reason": self.reason,
            "note": self.note,
            "told": [told.as_json() for told in self.told],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Extracted:
        """Return the object that `as_json` described. Raises KeyError, TypeError or ValueError for other data."""
        return cls(
            format=str(data["format"]),
            pieces=[Piece.from_json(row) for row in data["pieces"]],
            facts=Facts.from_json(data["facts"]),
            reason=Reason(data["reason"]) if data["reason"] else "",
            note=Reason(data["note"]) if data["note"] else "",
            told=[Told.from_json(row) for row in data.get("told", ())],
        )


def _number(value: Any) -> int | None:
    return None if value is None else int(value)
