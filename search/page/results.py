"""What page, API and feed show of a search: plain values; templates see nothing else.

They contain every address (to drop a filter, of a page number), so that templates contain no address logic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.declared.answers import Card
from core.declared.reference import Reference
from core.declared.searchable import CoverImage, Dates
from core.output.text import clock
from search.answer.suggestions import Kind
from search.question.tree import Sort

_TIME = re.compile(r"#t=([0-9]{1,9})\Z")
"""How the address of a recording names the second at which it begins."""

NO_REASON = SafeString("")


@dataclass(frozen=True, slots=True)
class Label:
    """A slug with its label in the reader's language."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many hits it would leave."""

    slug: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetResult:
    """A facet with its values in order; those from `FOLD_AFTER` on are folded away unless one is selected."""

    name: str
    label: str | Promise
    values: tuple[FacetValue, ...]

    @property
    def selected_count(self) -> int:
        """Number of selected values."""
        return sum(value.selected for value in self.values)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address that drops it."""

    facet: str
    facet_label: str | Promise
    label: str
    remove_url: str
    count_without: int | None = None
    """Hits without this filter; counted only when there are none with it."""


@dataclass(frozen=True, slots=True)
class FileHighlight:
    """A matching passage of an attachment."""

    title: str
    url: str
    page: int | None
    text: SafeString
    heading: str = ""

    @property
    def seconds(self) -> int | None:
        """The second of a recording at which it is said; None for everything else."""
        match = _TIME.search(self.url)
        return int(match[1]) if match else None

    @property
    def place(self) -> str:
        """Describe where in the file it is: the page of a PDF, a slide, the minute of a recording, or the heading above."""
        if self.page is None:
            if self.seconds is not None:
                return _("bei %(time)s") % {"time": clock(self.seconds)}
            return f"„{self.heading}“" if self.heading else ""
        is_pdf = "#page=" in self.url
        return (_("Seite %(number)s") if is_pdf else _("Folie %(number)s")) % {"number": self.page}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The one piece of text that a hit shows in a list, and the place in a file that it comes from, if any."""

    text: SafeString
    title: str = ""
    url: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; safe strings hold escaped text with `<mark>`.

    `reason` says how it was found where none of its texts show it.
    """

    id: int
    type: str
    type_label: str | Promise
    title: str
    url: str
    summary: str
    score: float
    year: int | None
    authors: tuple[str, ...]
    publisher: str
    date: str | None
    cover: CoverImage | None
    files_count: int
    labels: Mapping[str, tuple[Label, ...]]
    shown: Mapping[str, tuple[Label, ...]]
    title_marked: SafeString
    summary_marked: SafeString
    passages: tuple[SafeString, ...] = ()
    files: tuple[FileHighlight, ...] = ()
    excerpt: Excerpt | None = None
    reason: SafeString = NO_REASON
    facts: tuple[str, ...] = ()
    dates: Dates | None = None
    locale: str = ""
    """The language of the page, where it is not the one that was searched in."""
    reference: Reference | None = None

    @property
    def edge(self) -> str:
        """Slug of the first Förderschwerpunkt, which determines the colour of the card's edge."""
        return self.shown["focus"][0].slug if self.shown.get("focus") else "uebergreifend"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A number in the page list; None stands for an ellipsis."""

    number: int | None
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class SortLink:
    """An order to choose."""

    sort: Sort
    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another language, by its own name, how many pages in it answer the question, and the search that shows them."""

    language: str
    name: str
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class NearWord:
    """An indexed word similar to one that occurs in no document, and the search that uses it instead."""

    word: str
    url: str


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The first hits of one area, how many it has in all, and the address that shows them."""

    area: str
    label: str | Promise
    total: int
    hits: tuple[Hit, ...]
    url: str

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return f"treffer-{self.area or 'sonst'}"

    @property
    def has_more(self) -> bool:
        """Whether there are more hits than these and an address that shows them."""
        return bool(self.url) and self.total > len(self.hits)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A concept near to what was asked, and the address of what is filed under it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ReadyFilter:
    """A filter that the question names, with the number of hits it would leave and the address that sets it."""

    facet: str
    slug: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Everything that page, API and feed show of a search."""

    query: str
    total: int
    page: int
    page_size: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetResult, ...]
    chips: tuple[Chip, ...] = ()
    clear_url: str = ""
    sorts: tuple[SortLink, ...] = ()
    pages: tuple[PageLink, ...] = ()
    previous_url: str = ""
    next_url: str = ""
    did_you_mean: str | None = None
    did_you_mean_url: str = ""
    corrected: tuple[tuple[str, str], ...] = ()
    ignored_words: tuple[str, ...] = ()
    relaxed: bool = False
    groups: tuple[HitGroup, ...] = ()
    far: bool = False
    near: tuple[Hit, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    clear_count: int | None = None
    near_words: tuple[NearWord, ...] = ()
    timing: Mapping[str, float] = field(default_factory=dict)
    answers: tuple[Card, ...] = ()
    """Cards above the hits; none of them is a hit."""
    ready_filters: tuple[ReadyFilter, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def ways_out(self) -> tuple[Chip, ...]:
        """Filters whose removal yields hits, most hits first."""
        helpful = [chip for chip in self.chips if chip.count_without]
        return tuple(sorted(helpful, key=lambda chip: -(chip.count_without or 0)))

    @property
    def has_advice(self) -> bool:
        """Whether there is something to try next; beside what is near, general advice is of no use."""
        ways = self.ways_out or self.clear_count or self.near_words or not self.near
        return bool(ways and (self.query or self.chips))

    @property
    def page_count(self) -> int:
        """Number of pages that can be shown; at least 1."""
        return max(1, -(-self.total // self.page_size))

    @property
    def first_number(self) -> int:
        """Number of the first hit on this page, from 1; 0 when there is none."""
        return (self.page - 1) * self.page_size + 1 if self.hits else 0

    @property
    def last_number(self) -> int:
        """Number of the last hit on this page."""
        return (self.page - 1) * self.page_size + len(self.hits)


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A suggestion: its text, its kind as a word, and the address it leads to."""

    text: str
    kind: Kind
    note: str
    url: str
