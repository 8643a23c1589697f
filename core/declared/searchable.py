"""How a page describes itself to the search: plain values, no engine, no analysis.

The search knows page types only through this file, so a new page type is searchable without a change in
`search/`: it sets `search_type` and returns a `SearchContent`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from django.dispatch import Signal
from django.utils.functional import Promise

PASSAGE_LENGTH = 1500
"""Longest passage in characters: about a page section, short enough to scan for marks at once."""

content_changed = Signal()
"""Sent with the ids of `pages` when something that their `search_content()` reads has changed, but not the pages.

Sent in the transaction of the change. `awaited=False` says that nobody waits for it: the search may update later.
"""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the site that page types belong to: its slug in index and addresses, its name for readers.

    The home page announces new pages of an area with `is_holding`. Where hits of several areas mix, each area is a group
    of its own, called `hits_label` (by default like the area); groups come by `place`, the lowest first.
    """

    slug: str
    label: str | Promise
    is_holding: bool = False
    hits_label: str | Promise = ""
    place: int = 50

    @property
    def group_label(self) -> str | Promise:
        """The heading of the area's hits."""
        return self.hits_label or self.label


@dataclass(frozen=True, slots=True)
class ConceptValue:
    """A concept in an index document: slug, every label a reader may type, slugs of broader concepts."""

    slug: str
    labels: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverImage:
    """A ready rendition: address, size in CSS pixels, alternative text."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text and its place: the body, or a file.

    For a file: title, address, number of the page or slide (from 1) and heading, as far as it has them.
    """

    text: str
    source: str = "body"
    title: str = ""
    url: str = ""
    page_number: int | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of an event: start and end with time zone, a note ("abgesagt"), and whether it takes place."""

    start: datetime.datetime
    end: datetime.datetime
    note: str = ""
    takes_place: bool = True


class Happening(Protocol):
    """Anything with a start and an end that may be cancelled: an `Occurrence`, or a database row."""

    @property
    def start(self) -> datetime.datetime:
        """The start, with time zone."""

    @property
    def end(self) -> datetime.datetime:
        """The end, with time zone."""

    @property
    def takes_place(self) -> bool:
        """Whether it is not cancelled."""


H = TypeVar("H", bound=Happening)


def next_and_last(now: datetime.datetime, dates: Iterable[H]) -> tuple[H | None, H | None]:
    """Return the next and the last of `dates`, in any order, as of `now`: the one rule for page, lists and search.

    A date is next until it is over. A cancelled one is next only when no other is to come, so that readers learn of it,
    and it is never the last.
    """
    ordered = sorted(dates, key=lambda date: (date.start, date.end))
    coming = [date for date in ordered if date.end > now]
    past = [date for date in ordered if date.end <= now and date.takes_place]
    following = next((date for date in coming if date.takes_place), coming[0] if coming else None)
    return following, past[-1] if past else None


@dataclass(frozen=True, slots=True)
class Dates:
    """When something takes place, as of a moment: the next date, else the last one, else none yet."""

    all: tuple[Occurrence, ...]
    next: Occurrence | None
    last: Occurrence | None

    @classmethod
    def seen_at(cls, now: datetime.datetime, occurrences: Iterable[Mapping[str, Any]]) -> Dates:
        """Return the dates that a document holds, as of `now`."""
        dates = tuple(
            Occurrence(
                datetime.datetime.fromisoformat(row["start"]),
                datetime.datetime.fromisoformat(row["end"]),
                row["note"],
                row["takes_place"],
            )
            for row in occurrences
        )
        following, last = next_and_last(now, dates)
        return cls(dates, following, last)


@dataclass(frozen=True, slots=True)
class SearchContent:
    """Everything a page gives to the search.

    `concepts` maps a facet name (`focus`, `audience`, …) to the concepts chosen for the page; `reference` is
    the data for citations, as plain values. `facts` are short lines that a hit shows unchanged (an area, a
    contact). `occurrences` is None for pages without dates; an empty tuple means that the date is not known yet.
    A document holds all dates and the time of the search selects among them, so it does not age. A page that `is_meant` is
    also found by what it means; one that says formal things about the site, near to any business, only by its words.
    """

    title: str
    summary: str = ""
    people: tuple[str, ...] = ()
    publisher: str = ""
    keywords: str = ""
    identifiers: tuple[str, ...] = ()
    concepts: Mapping[str, tuple[ConceptValue, ...]] = field(default_factory=dict)
    year: int | None = None
    date: datetime.datetime | None = None
    expires_at: datetime.datetime | None = None
    cover: CoverImage | None = None
    files_count: int = 0
    passages: tuple[Passage, ...] = ()
    facts: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] | None = None
    reference: Mapping[str, Any] = field(default_factory=dict)
    is_meant: bool = True


def split_passages(texts: Iterable[str], length: int = PASSAGE_LENGTH) -> tuple[Passage, ...]:
    """Cut texts into body passages of at most `length` characters, at sentence or word borders."""
    passages: list[Passage] = []
    for text in texts:
        rest = " ".join(text.split())
        while len(rest) > length:
            cut = max(rest.rfind(". ", 0, length), rest.rfind("? ", 0, length), rest.rfind("! ", 0, length)) + 1
            if cut < length // 2:
                cut = rest.rfind(" ", 0, length)
            if cut <= 0:
                cut = length
            passages.append(Passage(rest[:cut].strip()))
            rest = rest[cut:].strip()
        if rest:
            passages.append(Passage(rest))
    return tuple(passages)
