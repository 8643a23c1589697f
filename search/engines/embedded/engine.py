"""The embedded engine: tantivy in this process, an index in a folder, no server.

Layout of the folder, one for each language: `current` names the live generation (a sub-folder with a pages and a passages index), `building`
the one a rebuild is filling. Writers hold `write.lock` for one batch. A rebuild holds `rebuild.lock` throughout, and
every batch written meanwhile goes to both generations, so the swap loses nothing. Tantivy commits atomically and its
lock dies with its process: a kill at any moment leaves the live index at its last commit.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from core.declared.searchable import Passage
from search.document import SearchDocument, Vector, Vectors
from search.engines.base import (
    PASSAGE_DISCOUNT,
    EngineHit,
    EngineResult,
    Health,
    Near,
    NearQuery,
    PassageHit,
    TermFrequency,
)
from search.engines.embedded import checking, nearest, reading, writing
from search.engines.embedded.folder import Folder
from search.engines.embedded.rebuild import EmbeddedRebuild, rebuild
from search.engines.embedded.words import Words
from search.question.tree import EngineQuery, Node


class EmbeddedEngine:
    """Tantivy behind the engine protocol; one object per process, used by its threads."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path)
        self._words = Words(self.folder)

    def beside(self, name: str) -> Self:
        """Return an engine of the same kind whose index stands in a folder of this one's."""
        other = copy.copy(self)
        other.folder = Folder(self.folder.path / name)
        other._words = Words(other.folder)
        return other

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Write documents with their passages; ignore a document older than the stored one."""
        writing.write(self.folder, documents, {})

    def delete(self, versions: Mapping[int, int]) -> None:
        """Remove documents; ignore later writes with an older version for TOMBSTONE_SECONDS."""
        writing.write(self.folder, (), versions)

    def search(self, query: EngineQuery) -> EngineResult:
        """Return hits, total and facet counts."""
        return reading.search(self.folder, query)

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """Return the exact number of hits for each query, all from one snapshot."""
        return reading.totals(self.folder, queries)

    def hits(self, queries: Sequence[EngineQuery]) -> list[tuple[EngineHit, ...]]:
        """Return the hits of each query, without counts."""
        return reading.hits(self.folder, queries)

    def scores(self, query: EngineQuery) -> dict[int, float]:
        """Return id and score of each hit, best first."""
        return reading.scores(self.folder, query)

    def passages(self, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
        """Return the best matching passages of the documents `ids`."""
        return reading.passages(self.folder, query, ids, limit)

    def nearest(self, query: NearQuery) -> list[Near]:
        """Return the nearest matching pages, exactly; nearest first, then by id."""
        return nearest.nearest(self.folder, query)

    def nearness(
        self, vector: Vector, ids: Sequence[int], *, model: str = "", discount: float = PASSAGE_DISCOUNT
    ) -> dict[int, float]:
        """Return how near these pages are; one that has no vector of the model is left out."""
        return nearest.nearness(self.folder, vector, ids, model, discount)

    def nearest_passages(self, vector: Vector, ids: Sequence[int], *, model: str) -> dict[int, Passage]:
        """Return the nearest passage of each of these pages; one without passages that have vectors is left out."""
        return nearest.nearest_passages(self.folder, vector, ids, model)

    def page_vectors(self, ids: Sequence[int], *, model: str) -> dict[int, Vector]:
        """Return these pages' own vectors, of length 1; a page that has none of the model is left out."""
        return nearest.page_vectors(self.folder, ids, model)

    def vector_of(self, id: int) -> Vectors | None:
        """Return a document's own vector, without those of its passages; None where it has none."""
        return nearest.vector_of(self.folder, id)

    def vectors(self, model: str = "") -> tuple[int, int]:
        """Return how many documents have vectors, of this model or of any, and how many may have some."""
        return nearest.vectors(self.folder, model)

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return the number of documents that hold each (field, token)."""
        return self._words.frequencies(terms)

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words in the index that begin with `prefix`, most frequent first."""
        return self._words.terms(prefix, limit)

    def terms_near(self, words: Sequence[str]) -> list[list[TermFrequency]]:
        """Return for each word those within edit distance 1 (up to 7 letters) or 2, by distance, then frequency."""
        return self._words.near(words)

    def rebuild(self, owner: str = "", analysis: str = "") -> AbstractContextManager[EmbeddedRebuild]:
        """Build next to the live index; swap when the block succeeds, otherwise leave everything unchanged.

        The new index records `owner` and `analysis`. Raises SearchUnavailable when another rebuild is running.
        """
        return rebuild(self.folder, owner, analysis)

    def ids(self) -> set[int]:
        """Return the ids of all documents."""
        return set(self.versions())

    def versions(self) -> dict[int, int]:
        """Return the version of each document."""
        return checking.versions(self.folder)

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Return each document's id and fingerprint."""
        return checking.fingerprints(self.folder)

    def health(self) -> Health:
        """Return the engine's state; never raises."""
        return checking.health(self.folder)
