"""What a search found: the values that its stages pass on, down to the page, API and feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.declared.answers import Card
from core.declared.searchable import Passage
from search.analysis.analysers import Marker
from search.analysis.tokens import Token
from search.engines.base import EngineHit, EngineResult, PassageHit
from search.question.parsing import ParsedQuery
from search.question.recognised import RecognisedValue
from search.question.request import SearchRequest
from search.usage.tally import Remembered


@dataclass(frozen=True, slots=True)
class Correction:
    """A query as finally asked, and what happened to its words.

    `absent` occur in no document, `corrected` are pairs of the typed word and its replacement, `ignored` are
    absent and nothing takes their place. `suggestion` is the query as probably meant.
    """

    parsed: ParsedQuery
    absent: tuple[Token, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """An active filter by name and value, the request without it, and how many hits that would have."""

    name: str
    value: str
    request: SearchRequest
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """What may help a reader who found nothing.

    `without` are the active filters, `cleared` is the request without any and `count` how many hits that would have.
    `alike` are words of the index similar to one that occurs in no document, each with the query that uses it instead.
    """

    cleared: SearchRequest
    without: tuple[Without, ...] = ()
    count: int | None = None
    alike: Mapping[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        """Hits that there would be without filters."""
        return max((self.count or 0, *(one.count or 0 for one in self.without)))


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The hits of one area ("" for hits of none): how many there are in all, and the first in order of relevance."""

    area: str
    total: int
    hits: tuple[EngineHit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The engine's result: ordered hits with their passages, counts, and whether none of them holds all words.

    `by_meaning` are the ids of hits that no word found, `nearest_passages` the passage of each that is nearest in
    meaning. `pinned` are the ids that editors put first. `groups` are the first hits of each area, if the request wants
    them and there are several. When nothing answers the question, it is `far`: there are no hits, and `near` are the nearest pages.
    """

    result: EngineResult
    passages: Mapping[int, Sequence[PassageHit]]
    relaxed: bool
    help: Help
    groups: tuple[HitGroup, ...] = ()
    pinned: frozenset[int] = frozenset()
    far: bool = False
    near: tuple[EngineHit, ...] = ()
    by_meaning: frozenset[int] = frozenset()
    nearest_passages: Mapping[int, Passage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: the request, its words as finally asked, hits and counts by slug.

    `marker` marks matches in texts, `last_page` is the number of the last page that can be shown, `remembered` is what
    may be counted, `timing` is the time of each stage in seconds.
    """

    request: SearchRequest
    correction: Correction
    found: Found
    marker: Marker
    last_page: int
    remembered: Remembered
    timing: Mapping[str, float]
    answers: tuple[Card, ...] = ()
    """Cards above the hits; none of them is a hit."""
    recognised: tuple[RecognisedValue, ...] = ()
    """Facet values that the query names."""
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Pages in other languages that answer it, by locale."""
