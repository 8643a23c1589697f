"""Our indices in a cluster: their names, whether they exist, and the guard around every request."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, TypeVar

from elastic_transport import ObjectApiResponse
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Query

from search.engines.base import IndexLost, SearchUnavailable
from search.engines.elasticsearch.documents import FORMAT
from search.engines.notes import check_format

WRITE_SECONDS = 30.0
"""Maximum wait for a batch of writes when nobody waits for the answer."""

SCANNED = 5_000
"""Records per request of a scan."""

COUNTED = Search().extra(size=0, track_total_hits=True)
"""A search for the number of pages alone, exact."""

Answer = TypeVar("Answer")


class Gone(Exception):
    """An alias vanished between lookup and write: a swap happened."""


@contextmanager
def answering() -> Iterator[None]:
    """Turn the client's exceptions into SearchUnavailable, with one line for people."""
    try:
        yield
    except Gone as error:
        raise SearchUnavailable(f"the index cannot be written: {error}") from error
    except ApiError as error:
        raise SearchUnavailable(f"Elasticsearch refused a request: {error}") from error
    except TransportError as error:
        raise SearchUnavailable(f"Elasticsearch does not answer: {error}") from error


class Cluster:
    """The indices with a prefix, accessed through a client; `writer` is the same client with a longer timeout.

    `replicas` is a number, or a range such as "0-1" that adapts to the number of nodes; `vectors` is how a new index
    searches vectors.
    """

    def __init__(self, client: Elasticsearch, prefix: str, shards: int, replicas: str, vectors: str) -> None:
        self.client = client
        self.writer = client.options(request_timeout=WRITE_SECONDS)
        self.prefix = prefix
        self.shards = shards
        self.replicas = replicas
        self.vectors = vectors
        self._is_ready = False

    def name(self, kind: str, purpose: str = "") -> str:
        """Return the name of an index or alias for "pages" or "passages"."""
        return "-".join(part for part in (self.prefix, kind, purpose) if part)

    def make_ready(self) -> None:
        """Make sure that there is a live index of our format; check on every call until there is.

        Raises IndexLost when there is none, SearchUnavailable when it has another format.
        """
        if self._is_ready:
            return
        try:
            noted = self.noted()
        except NotFoundError as error:
            raise IndexLost("there is no index: run manage.py search_rebuild") from error
        check_format(noted, FORMAT)
        self._is_ready = True

    def look_again(self) -> None:
        """Make the next request check again: something may have changed."""
        self._is_ready = False

    def noted(self) -> dict[str, Any]:
        """Return the notes that were stored in the live index on creation.

        Raises NotFoundError when there is no index, or one that can only be read or only be written.
        """
        others = (("passages", ""), ("passages", "write"), ("pages", "write"))
        self.client.indices.get_alias(name=[self.name(*alias) for alias in others])
        answer = self.client.indices.get_mapping(index=self.name("pages"))
        found: list[dict[str, Any]] = [index["mappings"].get("_meta", {}) for index in answer.values()]
        return found[0] if found else {}

    def ask(self, request: Callable[[Elasticsearch], Answer]) -> Answer:
        """Send a request to the live index and return the answer, even during a swap."""
        with answering():
            self.make_ready()
            try:
                return request(self.client)
            except NotFoundError:
                self.look_again()
            self.make_ready()
            return request(self.client)

    def search(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the raw answer: wrapping each hit in an object costs more than a small search."""
        return self.ask(lambda client: client.search(**self._manner(kind, body), body=body).body)

    def searches(self, kind: str, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the raw answers to several searches, in one request; all or none."""
        if not bodies:
            return []
        lines: list[Mapping[str, Any]] = []
        for body in bodies:
            lines += [self._manner(kind, body), body]
        return self.ask(lambda client: _each(client.msearch(searches=lines)))

    def _manner(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the execution options of a search."""
        return {
            "index": self.name(kind),
            # Equal queries go to equal copies: copies differ in the weight of deleted records and in the order of ties.
            "preference": str(zlib.crc32(repr((body.get("query"), body.get("knn"))).encode())),
            "allow_partial_search_results": False,
            # Words have the same weight in every shard.
            "search_type": "dfs_query_then_fetch" if self.shards > 1 else "query_then_fetch",
        }

    def scan(self, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield all hits of a search over pages from one snapshot, however many."""
        opened = self.ask(lambda client: client.open_point_in_time(index=self.name("pages"), keep_alive="1m"))
        body = {**body, "size": SCANNED, "track_total_hits": False}
        after: dict[str, Any] = {}
        with answering():
            try:
                while True:
                    point = {"id": opened["id"], "keep_alive": "1m"}
                    hits = self.client.search(body={**body, "pit": point, **after})["hits"]["hits"]
                    yield from hits
                    if len(hits) < SCANNED:
                        return
                    after = {"search_after": hits[-1]["sort"]}
            finally:
                with suppress(ApiError, TransportError):
                    self.client.close_point_in_time(id=opened["id"])


def asked(search: Search, query: Query, **others: Any) -> dict[str, Any]:
    """Return what is sent to ask for a query, as a search says and with `others` beside.

    The query is no part of the search, which would copy it, and that takes longer than all else that is done to send it.
    """
    return {**search.to_dict(), "query": query.to_dict(), **others}


def numbered(*fields: str, **options: Any) -> Search:
    """Return a search for the numbers of pages, to be read with `number_of`, and for the values of `fields`.

    An id is stored among all that a page stores, which is unpacked to find it: half of the time of a search for a
    hundred pages.
    """
    bare: Search = Search().source(False).extra(stored_fields="_none_", docvalue_fields=["number", *fields], **options)
    return bare


def number_of(hit: Mapping[str, Any]) -> int:
    """Return the number of the page that a hit of a numbered search is."""
    return int(hit["fields"]["number"][0])


def _each(answer: ObjectApiResponse[Any]) -> list[dict[str, Any]]:
    """Return the answers of a multi-search. Raises like the client when one of them is an error."""
    answers: list[dict[str, Any]] = answer.body["responses"]
    for one in answers:
        if "error" in one:
            status = int(one["status"])
            kind = NotFoundError if status == 404 else ApiError
            raise kind(message=one["error"]["type"], meta=replace(answer.meta, status=status), body=one)
    return answers
