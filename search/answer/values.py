"""What a search has found: the values that its stages hand on, down to whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search.analysis.analysers import Marker
from search.analysis.tokens import Token
from search.engines.base import EngineResult, PassageHit
from search.question.parsing import ParsedQuery
from search.question.request import SearchRequest
from search.usage.tally import Remembered


@dataclass(frozen=True, slots=True)
class Mended:
    """A query as it is asked in the end, and what had to be done to its words.

    `absent` stand nowhere, `corrected` are pairs of what was typed and what was looked for instead, `ignored` were left
    out. `suggestion` is the query as it was probably meant.
    """

    parsed: ParsedQuery
    absent: tuple[Token, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """A filter that is set, by name and value, the request that lacks it, and how many hits that would have."""

    name: str
    value: str
    request: SearchRequest
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """What may help a reader who has found nothing.

    `without` are the filters that are set, `cleared` is the request without any and `count` how many hits that would
    have. `alike` are words of the stock that look like one that stands nowhere, each with the query that has it in its
    place.
    """

    cleared: SearchRequest
    without: tuple[Without, ...] = ()
    count: int | None = None
    alike: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine said: hits of the page in order with their passages, counts, and whether fewer words had to match."""

    result: EngineResult
    passages: Mapping[int, Sequence[PassageHit]]
    relaxed: bool
    help: Help


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search has found: the request, its words as they were asked for, hits and counts by slug.

    `marker` marks in texts what was looked for, `last_page` is the number of the last page that can be shown,
    `remembered` is what may be counted, `timing` tells where the time went, in seconds.
    """

    request: SearchRequest
    mended: Mended
    found: Found
    marker: Marker
    last_page: int
    remembered: Remembered
    timing: Mapping[str, float]
