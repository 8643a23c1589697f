"""The Elasticsearch engine: a server or a cluster behind the engine protocol, built on `elasticsearch.dsl`.

A *generation* is a pages index and a passages index, `<prefix>-pages-<time>-<random>` and so on. Aliases define the
role of each: `<prefix>-pages` is read, `<prefix>-pages-write` is written, `<prefix>-pages-building` is being filled by
a rebuild and also receives every write meanwhile.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Self

from elasticsearch import Elasticsearch

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
from search.engines.elasticsearch import checking, nearest, reading, writing
from search.engines.elasticsearch.cluster import Cluster
from search.engines.elasticsearch.rebuild import ElasticsearchRebuild, rebuild
from search.engines.elasticsearch.words import frequencies, terms, terms_near
from search.question.tree import EngineQuery, Node


@dataclass(frozen=True, slots=True)
class ElasticsearchConfig:
    """How to reach Elasticsearch and how to lay out the indices.

    `timeout` is in seconds; `replicas` is a number, or a range such as "0-1" that adapts to the number of nodes;
    `vectors` is "flat", which compares every vector, or "hnsw", which follows a graph of near ones.
    """

    hosts: tuple[str, ...]
    prefix: str = "fundus"
    user: str = ""
    password: str = ""
    api_key: str = ""
    ca_file: str = ""
    timeout: float = 3.0
    shards: int = 1
    replicas: str = "0-1"
    vectors: str = "flat"


def _client(config: ElasticsearchConfig) -> Elasticsearch:
    """Return a client. Nothing is sent yet: a stopped Elasticsearch must not keep the site from starting."""
    access: dict[str, Any] = {}
    if config.api_key:
        access["api_key"] = config.api_key
    elif config.user:
        access["basic_auth"] = (config.user, config.password)
    if config.ca_file:
        access["ca_certs"] = config.ca_file
    return Elasticsearch(
        list(config.hosts),
        request_timeout=config.timeout,
        max_retries=len(config.hosts),
        # Retry after a timeout only if there is another server: a single one would only hang again.
        retry_on_timeout=len(config.hosts) > 1,
        **access,
    )


class ElasticsearchEngine:
    """Elasticsearch behind the engine protocol; one object per process, used by its threads."""

    def __init__(self, config: ElasticsearchConfig) -> None:
        self.config = config
        self.cluster = Cluster(_client(config), config.prefix, config.shards, config.replicas, config.vectors)

    def beside(self, name: str) -> Self:
        """Return an engine on the same server whose indices have a prefix of their own."""
        other = copy.copy(self)
        other.config = replace(self.config, prefix=f"{self.config.prefix}-{name}")
        mine = self.cluster
        other.cluster = Cluster(mine.client, other.config.prefix, mine.shards, mine.replicas, mine.vectors)
        return other

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Write documents with their passages; ignore a document older than the stored one."""
        writing.write(self.cluster, documents, {})

    def delete(self, versions: Mapping[int, int]) -> None:
        """Remove documents; ignore later writes with an older version for 60 s."""
        writing.write(self.cluster, (), versions)

    def search(self, query: EngineQuery) -> EngineResult:
        """Return hits, total and facet counts."""
        return reading.search(self.cluster, query)

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """Return the exact number of hits for each query, in one request."""
        return reading.totals(self.cluster, queries)

    def hits(self, queries: Sequence[EngineQuery]) -> list[tuple[EngineHit, ...]]:
        """Return the hits of each query, without counts, in one request."""
        return reading.hits(self.cluster, queries)

    def scores(self, query: EngineQuery) -> dict[int, float]:
        """Return id and score of each hit, best first."""
        return reading.scores(self.cluster, query)

    def passages(self, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
        """Return the best matching passages of the documents `ids`."""
        return reading.passages(self.cluster, query, ids, limit)

    def nearest(self, query: NearQuery) -> list[Near]:
        """Return the nearest matching pages, nearest first, then by id; exactly if vectors are searched "flat"."""
        return nearest.nearest(self.cluster, query)

    def nearness(
        self, vector: Vector, ids: Sequence[int], *, model: str = "", discount: float = PASSAGE_DISCOUNT
    ) -> dict[int, float]:
        """Return how near these pages are; one that has no vector of the model is left out."""
        return nearest.nearness(self.cluster, vector, ids, model, discount)

    def nearest_passages(self, vector: Vector, ids: Sequence[int], *, model: str) -> dict[int, Passage]:
        """Return the nearest passage of each of these pages; one without passages that have vectors is left out."""
        return nearest.nearest_passages(self.cluster, vector, ids, model)

    def page_vectors(self, ids: Sequence[int], *, model: str) -> dict[int, Vector]:
        """Return these pages' own vectors, of length 1; a page that has none of the model is left out."""
        return nearest.page_vectors(self.cluster, ids, model)

    def vector_of(self, id: int) -> Vectors | None:
        """Return a document's own vector, without those of its passages; None where it has none."""
        return nearest.vector_of(self.cluster, id)

    def vectors(self, model: str = "") -> tuple[int, int]:
        """Return how many documents have vectors, of this model or of any, and how many may have some."""
        return nearest.vectors(self.cluster, model)

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return the number of documents that hold each (field, token)."""
        return frequencies(self.cluster, terms)

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words in the index that begin with `prefix`, most frequent first."""
        return terms(self.cluster, prefix, limit)

    def terms_near(self, words: Sequence[str]) -> list[list[TermFrequency]]:
        """Return for each word those within edit distance 1 (up to 7 letters) or 2, by distance, then frequency."""
        return terms_near(self.cluster, words)

    def rebuild(self, owner: str = "", analysis: str = "") -> AbstractContextManager[ElasticsearchRebuild]:
        """Build next to the live index; swap when the block succeeds, otherwise leave everything unchanged.

        The new index records `owner` and `analysis`. Raises SearchUnavailable when another rebuild is running.
        """
        return rebuild(self.cluster, owner, analysis)

    def ids(self) -> set[int]:
        """Return the ids of all documents."""
        return {id for id, _ in checking.values(self.cluster, "number")}

    def versions(self) -> dict[int, int]:
        """Return the version of each document."""
        return dict(checking.values(self.cluster, "version"))

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Return each document's id and fingerprint."""
        return checking.values(self.cluster, "fingerprint")

    def health(self) -> Health:
        """Return the engine's state; never raises."""
        return checking.health(self.cluster)
