"""What an engine must be able to do; the rest of the pipeline knows engines only through this protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.declared.searchable import Passage
from search.document import SearchDocument, Vector, Vectors
from search.question.tree import EngineQuery, Node


class SearchUnavailable(Exception):
    """The engine cannot answer now: it is stopped, unreachable or too slow, or its index must be built first."""


class IndexLost(SearchUnavailable):
    """There is no index, or none that can be opened: only a rebuild changes that."""


class EngineBusy(SearchUnavailable):
    """Another writer is busy and `patience` has run out; nothing is wrong."""


patience: ContextVar[float | None] = ContextVar("patience", default=None)
"""Maximum wait for another writer in seconds, if shorter than the engine's own: somebody waits for the answer."""


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A matching document with its stored payload."""

    id: int
    score: float
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EngineResult:
    """The hits of one page, the exact total, and counts per facet and slug."""

    total: int
    hits: tuple[EngineHit, ...]
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A matching passage."""

    page_id: int
    passage: Passage
    score: float


PASSAGE_DISCOUNT = 0.97
"""Factor on the nearness of a passage: what a page is about counts a little more than what it also mentions."""


@dataclass(frozen=True, slots=True)
class NearQuery:
    """One question by meaning: which pages lie nearest to `vector`, among those that match everything else.

    `conditions`, `filters` and `query`, if any, narrow as in an `EngineQuery`. Pages whose nearness is below `minimum`
    are left out. Only vectors of `model` are compared; an empty name means any that are as long as this one.
    """

    vector: Vector
    conditions: tuple[Node, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    query: Node | None = None
    minimum: float = -1.0
    limit: int = 200
    model: str = ""
    discount: float = PASSAGE_DISCOUNT


@dataclass(frozen=True, slots=True)
class Near:
    """A page and its nearness: the cosine of its own vector, or its nearest passage's times the discount if greater."""

    id: int
    nearness: float


@dataclass(frozen=True, slots=True)
class TermFrequency:
    """A word in the index and the number of documents' fields that hold it."""

    term: str
    frequency: int


@dataclass(frozen=True, slots=True)
class Health:
    """State of an engine: whether it answers, how many documents it holds, and one line for people.

    `analysis` is the name of the analysis that built the index, `mismatch` is the reason why server and client do not
    fit, `lost` means that there is no index, `owner` is the database it was built from.
    """

    available: bool
    documents: int
    detail: str
    analysis: str = ""
    mismatch: str = ""
    lost: bool = False
    owner: str = ""


class Rebuild(Protocol):
    """A new index being built next to the live one."""

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents, except those of which a newer version has arrived."""

    def count(self) -> int:
        """Return the number of ids in the new index, deletions included."""


class Engine(Protocol):
    """A search engine. Every method may raise SearchUnavailable.

    Only `rebuild` creates an index: one created by a query would answer that nothing was found.
    """

    def beside(self, name: str) -> Engine:
        """Return an engine of the same kind with an index of its own: each language has one."""

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Write documents with their passages; ignore a document older than the stored one."""

    def delete(self, versions: Mapping[int, int]) -> None:
        """Remove documents (id to version); ignore later writes with an older version for 60 s."""

    def search(self, query: EngineQuery) -> EngineResult:
        """Return hits, total and facet counts."""

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """Return the exact number of hits for each query in one round trip; none for no queries."""

    def hits(self, queries: Sequence[EngineQuery]) -> list[tuple[EngineHit, ...]]:
        """Return the hits of each query, without counts, in one round trip; none for no queries."""

    def scores(self, query: EngineQuery) -> dict[int, float]:
        """Return id and score of each hit, best first, without reading anything else of it."""

    def passages(self, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
        """Return the best matching passages of the documents `ids`, best first."""

    def nearest(self, query: NearQuery) -> list[Near]:
        """Return the nearest matching pages, exactly as if each were compared; nearest first, then by id."""

    def nearness(
        self, vector: Vector, ids: Sequence[int], *, model: str = "", discount: float = PASSAGE_DISCOUNT
    ) -> dict[int, float]:
        """Return how near these pages are; one that has no vector of the model is left out."""

    def nearest_passages(self, vector: Vector, ids: Sequence[int], *, model: str) -> dict[int, Passage]:
        """Return the nearest passage of each of these pages; one without passages that have vectors is left out."""

    def page_vectors(self, ids: Sequence[int], *, model: str) -> dict[int, Vector]:
        """Return these pages' own vectors, of length 1; a page that has none of the model is left out."""

    def vector_of(self, id: int) -> Vectors | None:
        """Return a document's own vector, without those of its passages; None where it has none."""

    def vectors(self, model: str = "") -> tuple[int, int]:
        """Return how many documents have vectors, of this model or of any, and how many may have some."""

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return the number of documents that hold each (field, token)."""

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words in the index that begin with `prefix`, most frequent first."""

    def terms_near(self, words: Sequence[str]) -> list[list[TermFrequency]]:
        """Return for each word those within edit distance 1 (up to 7 letters) or 2, by distance, then frequency.

        All words are looked up together; no words cost no request.
        """

    def rebuild(self, owner: str = "", analysis: str = "") -> AbstractContextManager[Rebuild]:
        """Build next to the live index; swap when the block succeeds, otherwise leave everything unchanged.

        The new index records `owner`, whose pages it holds, and `analysis`, the name of the analysis of its texts.
        """

    def ids(self) -> set[int]:
        """Return the ids of all documents."""

    def versions(self) -> dict[int, int]:
        """Return the version of each document."""

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Return each document's id and fingerprint."""

    def health(self) -> Health:
        """Return the engine's state; never raises."""
