"""The query tree: a search in terms that every engine can translate one to one.

It is built only in `ranking`, so that ranking is written once and engines have no opinion of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Term:
    """Documents whose token field holds exactly this token; scored by BM25."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents that hold these words in order, with at most `slop` extra positions in total."""

    field: str
    words: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents whose field holds a token that begins with `value`; each scores 1."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Best:
    """Documents that match any child; the score is the best child's plus `tie` times the others'."""

    children: tuple[Node, ...]
    tie: float = 0.0


@dataclass(frozen=True, slots=True)
class Bool:
    """All of `must`, none of `must_not`, at least `minimum` of `should`; scores add up."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Boost:
    """The child with its score multiplied."""

    child: Node
    factor: float


@dataclass(frozen=True, slots=True)
class Constant:
    """The child's documents, all with the same score."""

    child: Node
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Ids:
    """The documents with these ids."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents whose field holds one of these exact values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number lies between `low` and `high`, inclusive; None leaves a side open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents."""


@dataclass(frozen=True, slots=True)
class Led:
    """The documents with these ids, in this order and before all `others`, whatever those score."""

    ids: tuple[int, ...]
    others: Node


Node = Term | Phrase | Prefix | Best | Bool | Boost | Constant | Ids | AnyOf | Range | Everything | Led


class Sort(Enum):
    """Orders of a result list; the values are those of the request parameter."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """One query as an engine receives it.

    `filters` (facet name to slugs) narrow the hits; the counts of a facet ignore its own filter.
    `conditions` apply to hits and counts alike. `facets` maps facet names to the maximum number of values.
    """

    query: Node
    conditions: tuple[Node, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: Mapping[str, int] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
