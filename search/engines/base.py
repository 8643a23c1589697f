"""What an engine must be able to do; everything else of the pipeline knows engines by this alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from core.declared.searchable import Passage
from search.document import SearchDocument
from search.question.tree import EngineQuery, Node


class SearchUnavailable(Exception):
    """The engine cannot answer now: stopped, unreachable, too slow, or its index must be built first."""


class IndexLost(SearchUnavailable):
    """There is no index, or none that can be opened: nothing will change until it is built anew."""


class EngineBusy(SearchUnavailable):
    """Another writer is at work and `patience` has run out; nothing is wrong."""


patience: ContextVar[float | None] = ContextVar("patience", default=None)
"""Longest wait for another writer in seconds, when shorter than the engine's own: somebody waits for the answer."""


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A document that matched, with what was stored for it."""

    id: int
    score: float
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EngineResult:
    """Hits of one page, exact number of all hits, counts per facet and slug."""

    total: int
    hits: tuple[EngineHit, ...]
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage that matched, best first."""

    page_id: int
    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class TermFrequency:
    """A word of the index and in how many documents' fields it stands."""

    term: str
    frequency: int


@dataclass(frozen=True, slots=True)
class Health:
    """State of an engine: whether it answers, how many documents it holds, and one line for people.

    `analysis` is the name of the analysis that the index was built with, `mismatch` tells why server and
    client do not fit, `lost` that there is no index, `owner` for whom it was built.
    """

    available: bool
    documents: int
    detail: str
    analysis: str = ""
    mismatch: str = ""
    lost: bool = False
    owner: str = ""


class Rebuild(Protocol):
    """A new index being built beside the live one."""

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents, unless a newer version arrived meanwhile."""

    def count(self) -> int:
        """Return the number of ids the new index knows, deletions included."""


class Engine(Protocol):
    """A search engine. Every method may raise SearchUnavailable.

    An index comes into being by `rebuild` alone: one made by a question would answer that nothing was found.
    """

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Write documents with their passages; a document older than the stored one is ignored."""

    def delete(self, versions: Mapping[int, int]) -> None:
        """Remove documents (id to version); later writes with an older version are ignored for 60 s."""

    def search(self, query: EngineQuery) -> EngineResult:
        """Return hits, total and facet counts."""

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """Return the exact number of hits of each query, all in one going and coming; nothing is asked for none."""

    def passages(self, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
        """Return the best matching passages of the documents `ids`."""

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return for each (field, token) the number of documents that hold it."""

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words of the index that begin with `prefix`, most frequent first."""

    def terms_near(self, words: Sequence[str]) -> list[list[TermFrequency]]:
        """Return for each word those within edit distance 1 (up to 7 letters) or 2, nearest then most frequent first.

        However many words, they are asked for together; nothing is asked for none.
        """

    def rebuild(self, owner: str = "", analysis: str = "") -> AbstractContextManager[Rebuild]:
        """Build beside the live index; swap when the block ends well, else leave all as it was.

        Noted in the new index: `owner`, whose pages it holds, and `analysis`, the name of what analysed them.
        """

    def ids(self) -> set[int]:
        """Return the ids of all documents."""

    def versions(self) -> dict[int, int]:
        """Return the version of each document."""

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Return each document's id and fingerprint."""

    def health(self) -> Health:
        """Return the engine's state; never raises."""
