"""What reading measures of a file: plain values, from the child to the database and back to whoever shows them.

None says that a fact was not measured or does not exist for the format; an empty text or 0 that it was measured and
is missing. No Django here: the child makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

MAX_TITLE = 300
MAX_LANGUAGE = 12
MAX_NUMBER = 2_000_000_000


class PartKind(StrEnum):
    """What a file consists of, as far as single parts may be unreadable."""

    PAGE = "page"
    SLIDE = "slide"
    CHAPTER = "chapter"
    SHEET = "sheet"
    MEMBER = "member"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """How many of how many parts could not be read, while the others were."""

    kind: PartKind
    count: int
    total: int


@dataclass(slots=True)
class Facts:
    """The measured facts of one file.

    `pages` counts pages or slides. `scan`: all pages are pictures without text; `picture_pages` are
    how many are. `headings` are marked as such,
    `bookmarks` are the outline of a PDF. `pictures` leaves out decorative ones; `described_pictures` of them have an
    alternative text. `captions`: sound or film has its words as text. `seconds` is its length. `rows` are those of
    tables, `members` the files of a bundle, `width` and `height` the pixels of a picture. `recognised` pages have their
    words from text recognition. `scripts` says that it starts scripts or programs. `type`, `licence` and `authors` are what an exercise (H5P) says of itself.
    """

    title: str | None = None
    language: str | None = None
    pages: int | None = None
    tagged: bool | None = None
    scan: bool | None = None
    picture_pages: int | None = None
    headings: int | None = None
    bookmarks: int | None = None
    pictures: int | None = None
    described_pictures: int | None = None
    captions: bool | None = None
    seconds: int | None = None
    rows: int | None = None
    members: int | None = None
    width: int | None = None
    height: int | None = None
    type: str | None = None
    licence: str | None = None
    authors: str | None = None
    recognised: int | None = None
    scripts: bool | None = None
    unreadable: Unreadable | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what was measured, as stored."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Facts:
        """Return the facts of `as_json`, within their limits. Raises KeyError, TypeError or ValueError for other data.

        Names that are unknown here are left out: a newer version may have written them.
        """
        return cls(**{name: read(data[name]) for name, read in _READERS.items() if data.get(name) is not None})


def _flag(value: Any) -> bool:
    return bool(value)


def _number(value: Any) -> int:
    return min(max(int(value), 0), MAX_NUMBER)


def _unreadable(value: Any) -> Unreadable:
    return Unreadable(PartKind(value["kind"]), _number(value["count"]), _number(value["total"]))


_BY_TYPE: dict[str, Callable[[Any], Any]] = {
    "bool | None": _flag,
    "int | None": _number,
    "Unreadable | None": _unreadable,
}
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("title", "type", "licence", "authors"), lambda value: str(value)[:MAX_TITLE]),
    "language": lambda value: str(value)[:MAX_LANGUAGE],
    **{field.name: _BY_TYPE[str(field.type)] for field in fields(Facts) if str(field.type) in _BY_TYPE},
}
