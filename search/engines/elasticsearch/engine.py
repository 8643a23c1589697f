"""The Elasticsearch engine: a server or a cluster behind the engine protocol, built on `elasticsearch.dsl`.

A *generation* is an index of pages and one of passages, `<prefix>-pages-<time>-<random>` and so on. Aliases
say what each is for: `<prefix>-pages` is read, `<prefix>-pages-write` written, `<prefix>-pages-building`
is what a rebuild is filling and gets every write meanwhile. The swap is one change of aliases. Elasticsearch
itself keeps the order of writes by version, and remembers deletions for 60 s; an index that is being built
gets a mark instead, which lasts.
"""

from __future__ import annotations

import re
import secrets
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from elasticsearch import (
    ApiError,
    ConnectionTimeout,
    Elasticsearch,
    NotFoundError,
    TransportError,
    __version__,
)
from elasticsearch.dsl import A, Index, Search
from elasticsearch.dsl import query as dsl
from elasticsearch.helpers import parallel_bulk, streaming_bulk
from rapidfuzz.distance import OSA

from core.declared.searchable import Passage
from core.running.locks import LockTimeout
from search.document import TEXT_FIELDS, SearchDocument
from search.engines.base import (
    EngineBusy,
    EngineHit,
    EngineResult,
    Health,
    IndexLost,
    PassageHit,
    SearchUnavailable,
    TermFrequency,
    patience,
)
from search.engines.elasticsearch.documents import (
    DELETED,
    FORMAT,
    frequencies_of,
    mark_source,
    page_source,
    pages_index,
    passages_index,
    passages_source,
)
from search.engines.elasticsearch.lock import cluster_lock
from search.engines.elasticsearch.translate import translate
from search.question.tree import EngineQuery, Node, Sort

WRITE_SECONDS = 30.0
"""Longest wait for a batch of writes, when nobody waits for the answer."""

GREEN_SECONDS = 60
"""Longest wait for the copies of a new index before it is swapped in; they are made afterwards too."""

WINDOW = 10_000
"""Elasticsearch's own limit of offset plus size; beyond it is read page by page."""

SCANNED = 5_000
"""Records per request of a scan."""

BULK_RECORDS = 500
BULK_BYTES = 8 * 1024 * 1024
"""Greatest batch of writes in one request."""

_BULK: dict[str, Any] = {
    "chunk_size": BULK_RECORDS,
    "max_chunk_bytes": BULK_BYTES,
    "raise_on_error": False,
    # An index must never come into being by a write to a name that is gone.
    "require_alias": True,
}

FILLING_THREADS = 4
"""Batches of a rebuild that are on their way at a time, per process: while one is written the next is put together."""

COUNTED_AT_ONCE = 1_000
"""Words counted in one request."""

LISTED_WORDS = 50
"""Longest list of near words."""

NEAR_PER_FIELD = 200
"""Words within reach that Elasticsearch proposes for each field; nearest and most frequent are chosen from all."""

MOST_INNER = 20
"""Greatest number of passages of one page in one answer: two are shown, and a long file has hundreds."""

_NAME = r"\d{8}-\d{6}-[0-9a-f]{6}"
_NOT_DELETED = dsl.Bool(must_not=[dsl.Term("state", {"value": DELETED})])
_ORDERS: dict[Sort, list[Any]] = {
    # By number in the end, so that pages of a list neither overlap nor leave gaps.
    Sort.RELEVANCE: ["_score", "number"],
    Sort.NEWEST: [{"date": "desc"}, "number"],
    Sort.TITLE: ["title_sort", "number"],
}

Answer = TypeVar("Answer")


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


class _Gone(Exception):
    """An alias vanished between being looked up and being written to: a swap happened."""


@contextmanager
def _answering() -> Iterator[None]:
    """Turn whatever the client raises into SearchUnavailable, with one line for people."""
    try:
        yield
    except _Gone as error:
        raise SearchUnavailable(f"the index cannot be written: {error}") from error
    except ApiError as error:
        raise SearchUnavailable(f"Elasticsearch refused a request: {error}") from error
    except TransportError as error:
        raise SearchUnavailable(f"Elasticsearch does not answer: {error}") from error


class ElasticsearchRebuild:
    """The generation a rebuild is filling."""

    def __init__(self, engine: ElasticsearchEngine, generation: str) -> None:
        self._engine = engine
        self._generation = generation

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents, unless a newer version arrived meanwhile."""
        self._engine.fill(documents)

    def count(self) -> int:
        """Return the number of ids the new index knows, deletions included."""
        return self._engine.count(self._generation)


class ElasticsearchEngine:
    """Elasticsearch behind the engine protocol; one object per process, used by its threads."""

    def __init__(self, config: ElasticsearchConfig) -> None:
        self.config = config
        access: dict[str, Any] = {}
        if config.api_key:
            access["api_key"] = config.api_key
        elif config.user:
            access["basic_auth"] = (config.user, config.password)
        if config.ca_file:
            access["ca_certs"] = config.ca_file
        # Nothing is sent yet: a stopped Elasticsearch does not stop the site from starting.
        self._client = Elasticsearch(
            list(config.hosts),
            request_timeout=config.timeout,
            max_retries=len(config.hosts),
            # One server that hangs would only hang again; another may answer.
            retry_on_timeout=len(config.hosts) > 1,
            **access,
        )
        self.writer = self._client.options(request_timeout=WRITE_SECONDS)
        self._is_ready = False

    # Indices and aliases ---------------------------------------------------------------------

    def name(self, kind: str, purpose: str = "") -> str:
        """Return the name of an index or alias of "pages" or "passages"."""
        return "-".join(part for part in (self.config.prefix, kind, purpose) if part)

    def _ready(self) -> None:
        """Make sure that there is a live index of our format; asked until it is so.

        Raises IndexLost when there is none, SearchUnavailable when it has another format.
        """
        if self._is_ready:
            return
        try:
            meta = self._meta()
        except NotFoundError as error:
            raise IndexLost("there is no index: run manage.py search_rebuild") from error
        if meta.get("format") != FORMAT:
            raise SearchUnavailable("the index has an older format: run manage.py search_rebuild")
        self._is_ready = True

    def _meta(self) -> dict[str, Any]:
        """Return what was noted in the live index when it was made.

        Raises NotFoundError when there is none, or one that can only be read or only be written.
        """
        others = (("passages", ""), ("passages", "write"), ("pages", "write"))
        self._client.indices.get_alias(name=[self.name(*alias) for alias in others])
        answer = self._client.indices.get_mapping(index=self.name("pages"))
        found: list[dict[str, Any]] = [index["mappings"].get("_meta", {}) for index in answer.values()]
        return found[0] if found else {}

    def _create(self, kind: str, generation: str, owner: str, analysis: str) -> None:
        """Make an index that is to be filled."""
        name = self.name(kind, generation)
        index: Index = pages_index(name, owner, analysis) if kind == "pages" else passages_index(name)
        index.settings(number_of_shards=self.config.shards, refresh_interval="-1", number_of_replicas=0)
        index.aliases(**{self.name(kind, "building"): {}})
        index.create(using=self.writer)

    def _final(self) -> dict[str, Any]:
        """Return the settings of a live index that differ while it is being built."""
        replicas = self.config.replicas
        if "-" in replicas:
            return {"refresh_interval": "1s", "auto_expand_replicas": replicas}
        return {"refresh_interval": "1s", "auto_expand_replicas": False, "number_of_replicas": int(replicas)}

    def _ask(self, request: Callable[[Elasticsearch], Answer]) -> Answer:
        """Return the answer to a request to the live index, also when it is swapped at this very moment."""
        with _answering():
            self._ready()
            try:
                return request(self._client)
            except NotFoundError:
                self._is_ready = False
            self._ready()
            return request(self._client)

    # Writing ---------------------------------------------------------------------------------

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Write documents with their passages; a document older than the stored one is ignored."""
        self._write(documents, {})

    def delete(self, versions: Mapping[int, int]) -> None:
        """Remove documents; later writes with an older version are ignored for 60 s."""
        self._write((), versions)

    def _write(self, documents: Sequence[SearchDocument], deletions: Mapping[int, int]) -> None:
        """Write to the live index, and to one that is being built.

        Raises EngineBusy instead of SearchUnavailable when only `patience` ran out.
        """
        longest = patience.get()
        seconds = WRITE_SECONDS if longest is None else min(longest, WRITE_SECONDS)
        with _answering():
            try:
                self._ready()
                try:
                    self._send(self._actions(documents, deletions), seconds)
                except _Gone:
                    # Swapped, or removed altogether, since the aliases were looked at.
                    self._is_ready = False
                    self._ready()
                    self._send(self._actions(documents, deletions), seconds)
            except ConnectionTimeout as error:
                if seconds < WRITE_SECONDS:
                    raise EngineBusy(f"writing takes longer than {seconds} s") from error
                raise

    def _actions(self, documents: Sequence[SearchDocument], deletions: Mapping[int, int]) -> Iterator[dict[str, Any]]:
        """Yield what a batch asks of Elasticsearch, as the aliases stand now.

        The live index forgets deletions after 60 s, which is long enough; one that is being built must know them
        until it is done, so it gets marks.
        """
        aliases = self._write_aliases()
        if self.name("pages", "write") not in aliases:
            raise _Gone(f"there is no {self.name('pages', 'write')}")
        yield from self._documents("write", documents)
        for id, version in deletions.items():
            for kind in ("pages", "passages"):
                yield self._action("delete", kind, "write", id, version)
        if self.name("pages", "building") in aliases:
            yield from self._documents("building", documents)
            for id, version in deletions.items():
                for kind, source in (("pages", mark_source(id, version)), ("passages", {})):
                    yield {**self._action("index", kind, "building", id, version), "_source": source}

    def _write_aliases(self) -> set[str]:
        found = self._client.indices.get_alias(name=self.name("pages", "*"))
        return {alias for index in found.values() for alias in index["aliases"]}

    def _documents(self, purpose: str, documents: Sequence[SearchDocument]) -> Iterator[dict[str, Any]]:
        for document in documents:
            for kind, source in (("passages", passages_source(document)), ("pages", page_source(document))):
                yield {**self._action("index", kind, purpose, document.id, document.version), "_source": source}

    def _action(self, operation: str, kind: str, purpose: str, id: int, version: int) -> dict[str, Any]:
        return {
            "_op_type": operation,
            "_index": self.name(kind, purpose),
            "_id": str(id),
            "version": version,
            "version_type": "external_gte",
        }

    def _send(self, actions: Iterable[dict[str, Any]], seconds: float) -> None:
        """Send a batch, in its order. Raises like `_judge`."""
        self._judge(streaming_bulk(self._client.options(request_timeout=seconds), actions, refresh=True, **_BULK))

    @staticmethod
    def _judge(answers: Iterable[tuple[bool, dict[str, Any]]]) -> None:
        """Look at what was not written: what is older than what is stored, or not there to be deleted, is no failure.

        Raises _Gone when an alias is not there any more, and SearchUnavailable when a write failed otherwise.
        """
        gone: list[str] = []
        failed: list[str] = []
        for is_done, item in answers:
            if is_done:
                continue
            ((operation, result),) = item.items()
            error = result.get("error", {})
            if error.get("type") == "index_not_found_exception":
                gone.append(result["_index"])
            elif result["status"] != 409 and not (operation == "delete" and result["status"] == 404):
                failed.append(f"{operation} {result['_id']}: {error.get('reason')}")
        if failed:
            raise SearchUnavailable(f"{len(failed)} writes failed, the first: {failed[0]}")
        if gone:
            raise _Gone(f"there is no {gone[0]}")

    # Rebuilding ------------------------------------------------------------------------------

    @contextmanager
    def rebuild(self, owner: str = "", analysis: str = "") -> Iterator[ElasticsearchRebuild]:
        """Build beside the live index; swap when the block ends well, else leave all as it was.

        `owner` and `analysis` are noted in the new index. Raises SearchUnavailable when another rebuild is running.
        """
        with ExitStack() as stack:
            with _answering():
                try:
                    stack.enter_context(cluster_lock(self.writer, self.name("lock")))
                except LockTimeout as error:
                    raise SearchUnavailable("another rebuild is running") from error
                generation = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
                self._begin(generation, owner, analysis)
            try:
                yield ElasticsearchRebuild(self, generation)
                with _answering():
                    self._swap(generation)
            except BaseException:
                with suppress(ApiError, TransportError):
                    self._remove([self.name(kind, generation) for kind in ("pages", "passages")])
                raise
            with _answering():
                self._remove(self._leftovers())

    def _begin(self, generation: str, owner: str, analysis: str) -> None:
        """Make the new indices, and remove what a killed rebuild left."""
        self._remove(self._leftovers())
        # Pages last: writers look at theirs to know whether there is a rebuild.
        for kind in ("passages", "pages"):
            self._create(kind, generation, owner, analysis)

    def fill(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents to the index that is being built. Raises SearchUnavailable when that is impossible."""
        with _answering():
            self._judge(
                parallel_bulk(
                    self.writer,
                    self._documents("building", documents),
                    thread_count=FILLING_THREADS,
                    # Enough that no thread waits, few enough that memory stays flat.
                    queue_size=FILLING_THREADS,
                    **_BULK,
                )
            )

    def count(self, generation: str) -> int:
        """Return the number of records of a generation, marks of deletions included."""
        index = self.name("pages", generation)
        with _answering():
            self.writer.indices.refresh(index=index)
            return int(self.writer.count(index=index)["count"])

    def _swap(self, generation: str) -> None:
        """Put a generation in the place of the live one. Raises ApiError when it was taken away meanwhile."""
        new = {kind: self.name(kind, generation) for kind in ("pages", "passages")}
        indices = list(new.values())
        self.writer.indices.refresh(index=indices)
        self.writer.indices.put_settings(index=indices, settings=self._final())
        copies = f"{GREEN_SECONDS}s"
        self.writer.options(request_timeout=GREEN_SECONDS + 5, ignore_status=408).cluster.health(
            index=indices, wait_for_status="green", timeout=copies
        )
        actions: list[dict[str, Any]] = []
        for kind, index in new.items():
            aliases = [self.name(kind), self.name(kind, "write")]
            actions += [{"remove": {"index": old, "aliases": aliases, "must_exist": False}} for old in self._live(kind)]
            # Whoever took the lock from us has removed our index: then nothing of this happens.
            actions.append({"remove": {"index": index, "alias": self.name(kind, "building"), "must_exist": True}})
            actions.append({"add": {"index": index, "aliases": aliases}})
        self.writer.indices.update_aliases(actions=actions)
        self._is_ready = False

    def _live(self, kind: str) -> list[str]:
        """Return the indices that are read; more than one only when something went wrong."""
        found = self.writer.options(ignore_status=404).indices.get_alias(name=self.name(kind))
        return [] if "error" in found else sorted(found)

    def _leftovers(self) -> list[str]:
        """Return the indices of ours that are not read."""
        pattern = re.compile(rf"{re.escape(self.config.prefix)}-(pages|passages)-{_NAME}")
        found = self.writer.indices.get(
            index=[self.name(kind, "*") for kind in ("pages", "passages")], features="aliases"
        )
        live = {self.name("pages"), self.name("passages")}
        return [name for name, index in found.items() if pattern.fullmatch(name) and not live & set(index["aliases"])]

    def _remove(self, indices: Sequence[str]) -> None:
        if indices:
            self.writer.indices.delete(index=list(indices), ignore_unavailable=True)

    # Reading ---------------------------------------------------------------------------------

    def search(self, query: EngineQuery) -> EngineResult:
        """Return hits, total and facet counts."""
        narrowing = {name: dsl.Terms(name, list(values)) for name, values in query.filters.items()}
        # The counts of a filtered facet ignore its filter: such filters narrow the hits after counting.
        after = {name: narrowing[name] for name in narrowing if name in query.facets}
        always = [translate(condition) for condition in query.conditions]
        always += [clause for name, clause in narrowing.items() if name not in after]
        search = Search().query(dsl.Bool(must=[translate(query.query)], filter=[*always, _NOT_DELETED]))
        if after:
            search = search.post_filter(dsl.Bool(filter=list(after.values())))
        search = search.sort(*_ORDERS[query.sort]).extra(track_total_hits=True)
        is_deep = query.offset + query.limit > WINDOW
        page = {"from": 0, "size": 0} if is_deep else {"from": query.offset, "size": query.limit}
        counted = _counting(query.facets, after) if after else _counting_all(tuple(query.facets.items()))
        answer = self._search("pages", search.source(["payload"]).extra(**page), counted)
        hits = answer["hits"]["hits"]
        if is_deep:
            hits = list(islice(self._scan(search.source(["payload"])), query.offset, query.offset + query.limit))
        return EngineResult(
            total=int(answer["hits"]["total"]["value"]),
            hits=tuple(
                EngineHit(int(hit["_id"]), float(hit["_score"] or 0.0), hit["_source"]["payload"]) for hit in hits
            ),
            facets=_counts(answer.get("aggregations", {}), query.facets, after),
        )

    def _search(self, kind: str, search: Search, counted: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the plain answer: wrapping each hit in an object costs more than a small search.

        `counted` are the aggregations asked for besides.
        """
        body = {**search.to_dict(), "aggs": counted} if counted else search.to_dict()
        # Equal questions go to equal copies: those differ in what deleted records weigh, and in the order of ties.
        asked = str(zlib.crc32(repr(body.get("query")).encode()))
        return self._ask(
            lambda client: (
                client.search(
                    index=self.name(kind),
                    body=body,
                    preference=asked,
                    allow_partial_search_results=False,
                    # Words weigh the same in every shard.
                    search_type="dfs_query_then_fetch" if self.config.shards > 1 else "query_then_fetch",
                ).body
            )
        )

    def _scan(self, search: Search) -> Iterator[dict[str, Any]]:
        """Yield all hits of a search as of one moment, however many."""
        opened = self._ask(lambda client: client.open_point_in_time(index=self.name("pages"), keep_alive="1m"))
        body = search.extra(size=SCANNED, track_total_hits=False).to_dict()
        after: dict[str, Any] = {}
        with _answering():
            try:
                while True:
                    point = {"id": opened["id"], "keep_alive": "1m"}
                    hits = self._client.search(body={**body, "pit": point, **after})["hits"]["hits"]
                    yield from hits
                    if len(hits) < SCANNED:
                        return
                    after = {"search_after": hits[-1]["sort"]}
            finally:
                with suppress(ApiError, TransportError):
                    self._client.close_point_in_time(id=opened["id"])

    def passages(self, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
        """Return the best matching passages of the documents `ids`."""
        if not ids:
            return []
        inner = {"size": min(limit, MOST_INNER), "_source": ["passages.payload"]}
        nested = dsl.Nested(path="passages", query=translate(query, "passages."), inner_hits=inner, score_mode="max")
        pages = dsl.Ids(values=[str(id) for id in ids])
        search = Search().query(dsl.Bool(must=[nested], filter=[pages])).source(False).extra(size=len(ids))
        found = [
            PassageHit(int(page["_id"]), Passage(**hit["_source"]["payload"]), float(hit["_score"]))
            for page in self._search("passages", search)["hits"]["hits"]
            for hit in page["inner_hits"]["passages"]["hits"]["hits"]
        ]
        return sorted(found, key=lambda hit: -hit.score)[:limit]

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return for each (field, token) the number of documents that hold it."""
        wanted = list(terms)
        found: list[int] = []
        for start in range(0, len(wanted), COUNTED_AT_ONCE):
            part = wanted[start : start + COUNTED_AT_ONCE]
            search = Search().extra(size=0, track_total_hits=False)
            filters = {str(place): dsl.Term(field, {"value": value}) for place, (field, value) in enumerate(part)}
            search.aggs.bucket("counted", A("filters", filters=filters))
            buckets = self._search("pages", search)["aggregations"]["counted"]["buckets"]
            found += [int(buckets[str(place)]["doc_count"]) for place in range(len(part))]
        return found

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words of the index that begin with `prefix`, most frequent first."""
        found = frequencies_of(dict(self._listed(prefix)))
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [TermFrequency(word, frequency) for word, frequency in ranked[:limit]]

    def _listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the entries of `words` that begin with `prefix`, in order, with the number of documents."""
        after = prefix
        while True:
            search = Search().extra(size=0, track_total_hits=False)
            source = {"word": {"terms": {"field": "words"}}}
            page = A("composite", size=SCANNED, sources=[source], after={"word": after})
            search.aggs.bucket("words", page)
            answer = self._search("pages", search)["aggregations"]["words"]
            for bucket in answer["buckets"]:
                if not bucket["key"]["word"].startswith(prefix):
                    return
                yield bucket["key"]["word"], int(bucket["doc_count"])
            if len(answer["buckets"]) < SCANNED:
                return
            after = answer["after_key"]["word"]

    def terms_near(self, word: str) -> list[TermFrequency]:
        """Return the words within edit distance 1 (up to 7 letters) or 2, nearest then most frequent first.

        Elasticsearch only proposes words; distance and order are ours, so that both engines answer alike.
        """
        reach = 1 if len(word) <= 7 else 2
        search = Search().extra(size=0, track_total_hits=False)
        for name in TEXT_FIELDS:
            search = search.suggest(
                name,
                word,
                term={
                    "field": f"{name}_words",
                    "analyzer": "keyword",
                    "size": NEAR_PER_FIELD,
                    "shard_size": NEAR_PER_FIELD,
                    "max_edits": reach,
                    "suggest_mode": "always",
                    "prefix_length": 0,
                    "min_word_length": 1,
                    "max_term_freq": 1_000_000_000,
                    "accuracy": 0.0,
                },
            )
        proposed: dict[str, int] = {}
        for entries in self._search("pages", search)["suggest"].values():
            for entry in entries:
                for option in entry["options"]:
                    proposed[option["text"]] = proposed.get(option["text"], 0) + int(option["freq"])
        near = sorted(
            (distance, -frequency, found)
            for found, frequency in proposed.items()
            if found.isalpha() and 0 < (distance := OSA.distance(word, found)) <= reach
        )
        ranked = [TermFrequency(found, -frequency) for _, frequency, found in near[: 2 * LISTED_WORDS]]
        return self._living(ranked)[:LISTED_WORDS]

    def _living(self, ranked: Sequence[TermFrequency]) -> list[TermFrequency]:
        """Return the words that a document still holds: those of deleted ones stay in the files until a merge."""
        pairs = [(f"{name}_words", found.term) for found in ranked for name in TEXT_FIELDS]
        counts = self.frequencies(pairs)
        width = len(TEXT_FIELDS)
        return [found for place, found in enumerate(ranked) if any(counts[place * width : (place + 1) * width])]

    # Checking --------------------------------------------------------------------------------

    def _all(self, field: str) -> Iterator[tuple[int, Any]]:
        """Yield id and the value of a field of every document."""
        search = Search().query(_NOT_DELETED).sort("number").source(False).extra(docvalue_fields=[field])
        for hit in self._scan(search):
            yield int(hit["_id"]), hit["fields"][field][0]

    def ids(self) -> set[int]:
        """Return the ids of all documents."""
        return {id for id, _ in self._all("number")}

    def versions(self) -> dict[int, int]:
        """Return the version of each document."""
        return dict(self._all("version"))

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Return each document's id and fingerprint."""
        yield from self._all("fingerprint")

    def health(self) -> Health:
        """Return the engine's state; never raises."""
        try:
            with _answering():
                # Not what was so when it was looked at last.
                self._is_ready = False
                self._ready()
                meta = self._meta()
                counted = self._client.count(index=self.name("pages"), query=_NOT_DELETED.to_dict())["count"]
                state = self._client.cluster.health(index=self.name("pages"))
                nodes = self._client.nodes.info(filter_path="nodes.*.version")["nodes"].values()
        except SearchUnavailable as error:
            return Health(False, 0, str(error), lost=isinstance(error, IndexLost))
        versions = sorted({node["version"] for node in nodes})
        detail = f"Elasticsearch {', '.join(versions)}, {state['number_of_nodes']} nodes, {state['status']}"
        owner = str(meta.get("owner", ""))
        return Health(True, int(counted), detail, str(meta.get("lexicon", "")), _mismatch(versions), owner=owner)


def _mismatch(versions: Iterable[str]) -> str:
    """Return why these servers and the installed client do not fit, or nothing."""
    other = [version for version in versions if int(version.partition(".")[0]) != __version__[0]]
    if not other:
        return ""
    client = ".".join(map(str, __version__))
    return f"server {other[0]} and the installed client {client} differ in their first number"


def _counting(facets: Mapping[str, int], after: Mapping[str, dsl.Query]) -> dict[str, Any]:
    """Return what counts all facets: those without a filter of their own together, the others one by one."""
    search = Search()
    for names, filters in _passes(facets, after):
        bucket: Any = search.aggs
        if filters:
            bucket = bucket.bucket(names[0], "filter", filter=dsl.Bool(filter=filters))
        for name in names:
            # Each shard must report as many values as are asked for in all, or counts would be too small.
            size = facets[name]
            bucket.bucket(f"values-{name}", "terms", field=name, size=size, shard_size=max(size, 1000))
    counted: dict[str, Any] = search.to_dict().get("aggs", {})
    return counted


@lru_cache(maxsize=8)
def _counting_all(facets: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    """Return what counts these facets when none is filtered: the same in most searches."""
    return _counting(dict(facets), {})


def _passes(facets: Mapping[str, int], after: Mapping[str, dsl.Query]) -> Iterator[tuple[list[str], list[dsl.Query]]]:
    """Yield facets that are counted together, with the filters that narrow their counts."""
    free = [name for name in facets if name not in after]
    if free:
        yield free, list(after.values())
    for name in after:
        yield [name], [clause for other, clause in after.items() if other != name]


def _counts(
    found: Mapping[str, Any], facets: Mapping[str, int], after: Mapping[str, dsl.Query]
) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for names, filters in _passes(facets, after):
        within = found[names[0]] if filters else found
        for name in names:
            buckets = within[f"values-{name}"]["buckets"]
            counts[name] = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    return counts
