"""The Elasticsearch engine: a server or a cluster behind the engine protocol, built on `elasticsearch.dsl`.

A *generation* is an index of pages and one of passages, `<prefix>-pages-<time>-<random>` and so on. Aliases
say what each is for: `<prefix>-pages` is read, `<prefix>-pages-write` written, `<prefix>-pages-building`
is what a rebuild is filling and gets every write meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from search.document import SearchDocument
from search.engines.base import EngineResult, Health, PassageHit, TermFrequency
from search.engines.elasticsearch import checking, reading, writing
from search.engines.elasticsearch.cluster import Cluster
from search.engines.elasticsearch.rebuild import ElasticsearchRebuild, rebuild
from search.engines.elasticsearch.words import frequencies, terms, terms_near
from search.question.tree import EngineQuery, Node


@dataclass(frozen=True, slots=True)
class ElasticsearchConfig:
    """How to reach Elasticsearch and how to lay out the indices.

    `timeout` is in seconds, `replicas` a number or a range such as "0-1" that follows the number of nodes.
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


def _client(config: ElasticsearchConfig) -> Elasticsearch:
    """Return a client. Nothing is sent yet: a stopped Elasticsearch does not stop the site from starting."""
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
        # One server that hangs would only hang again; another may answer.
        retry_on_timeout=len(config.hosts) > 1,
        **access,
    )


class ElasticsearchEngine:
    """Elasticsearch behind the engine protocol; one object per process, used by its threads."""

    def __init__(self, config: ElasticsearchConfig) -> None:
        self.config = config
        self.cluster = Cluster(_client(config), config.prefix, config.shards, config.replicas)

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Write documents with their passages; a document older than the stored one is ignored."""
        writing.write(self.cluster, documents, {})

    def delete(self, versions: Mapping[int, int]) -> None:
        """Remove documents; later writes with an older version are ignored for 60 s."""
        writing.write(self.cluster, (), versions)

    def search(self, query: EngineQuery) -> EngineResult:
        """Return hits, total and facet counts."""
        return reading.search(self.cluster, query)

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """Return the exact number of hits of each query, in one request."""
        return reading.totals(self.cluster, queries)

    def passages(self, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
        """Return the best matching passages of the documents `ids`."""
        return reading.passages(self.cluster, query, ids, limit)

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return for each (field, token) the number of documents that hold it."""
        return frequencies(self.cluster, terms)

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words of the index that begin with `prefix`, most frequent first."""
        return terms(self.cluster, prefix, limit)

    def terms_near(self, words: Sequence[str]) -> list[list[TermFrequency]]:
        """Return for each word those within edit distance 1 (up to 7 letters) or 2, nearest then most frequent first."""
        return terms_near(self.cluster, words)

    def rebuild(self, owner: str = "", analysis: str = "") -> AbstractContextManager[ElasticsearchRebuild]:
        """Build beside the live index; swap when the block ends well, else leave all as it was.

        `owner` and `analysis` are noted in the new index. Raises SearchUnavailable when another rebuild is running.
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
