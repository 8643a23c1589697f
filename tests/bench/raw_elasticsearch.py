"""Elasticsearch's client without us: the same request bodies, sent straight to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from search.answer import service, suggestions
from search.document import SearchDocument
from search.engines.current import get_engine
from search.engines.elasticsearch.documents import page_source, pages_index, passages_index, passages_source
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.question.request import SearchRequest, SuggestRequest


class RawElasticsearch:
    """The engine on a running node, and the client on the same indices."""

    name = "raw client"

    def __init__(self) -> None:
        engine = get_engine()
        assert isinstance(engine, ElasticsearchEngine)
        self.engine = engine
        self.client = Elasticsearch(list(engine.config.hosts), request_timeout=60)
        self._fresh = False

    def search(self, request: SearchRequest) -> Callable[[], object]:
        """Return a call that sends the main body of one search: hits, total and all counts."""
        return self._repeated(
            lambda: service.search(request), lambda kind, body: kind == "pages" and "aggs" in body and "sort" in body
        )

    def whole_search(self, request: SearchRequest) -> Callable[[], object]:
        """Return a call that sends every body of one search, those for passages and single words too."""
        return self._repeated(lambda: service.search(request), lambda kind, body: True)

    def suggestion(self, typed: str) -> Callable[[], object]:
        """Return a call that sends the body by which titles are looked up."""
        return self._repeated(
            lambda: suggestions.suggest(SuggestRequest(typed)),
            lambda kind, body: kind == "pages" and bool(body.get("size")),
        )

    def _repeated(
        self, ask: Callable[[], object], is_meant: Callable[[str, dict[str, Any]], bool]
    ) -> Callable[[], object]:
        """Return a call that sends again, one after the other, those requests of the engine whose bodies are meant."""
        kinds = {self.engine.cluster.name(kind): kind for kind in ("pages", "passages")}
        sent: list[tuple[list[tuple[str, dict[str, Any]]], Callable[[], object]]] = []
        client = self.engine.cluster.client
        search, msearch = client.search, client.msearch

        def one(*, index: str, body: dict[str, Any], **options: Any) -> Any:
            sent.append(([(index, body)], lambda: self.client.search(index=index, body=body).body))
            return search(index=index, body=body, **options)

        def several(*, searches: list[dict[str, Any]]) -> Any:
            bodies = [(manner["index"], body) for manner, body in zip(searches[::2], searches[1::2], strict=True)]
            sent.append((bodies, lambda: self.client.msearch(searches=searches).body))
            return msearch(searches=searches)

        client.search = one
        client.msearch = several
        try:
            ask()
        finally:
            del client.search, client.msearch
        meant = [again for bodies, again in sent if any(is_meant(kinds[index], body) for index, body in bodies)]
        return lambda: [again() for again in meant]

    def fill(self, documents: Sequence[SearchDocument]) -> float:
        """Write prepared documents by `parallel_bulk` to indices declared alike; return the seconds."""
        names = {"pages": "bench-raw-pages", "passages": "bench-raw-passages"}
        if not self._fresh:
            self.client.indices.delete(index=list(names.values()), ignore_unavailable=True)
            for declared in (pages_index(names["pages"], "", ""), passages_index(names["passages"])):
                declared.settings(number_of_shards=1, number_of_replicas=0, refresh_interval="-1")
                declared.create(using=self.client)
            self._fresh = True
        actions = [
            {"_index": names[kind], "_id": str(document.id), "_source": source}
            for document in documents
            for kind, source in (("passages", passages_source(document)), ("pages", page_source(document)))
        ]
        started = time.perf_counter()
        for _ in parallel_bulk(self.client, actions):
            pass
        return time.perf_counter() - started
