"""What only the Elasticsearch engine has: aliases over generations, a lock in the cluster, hosts, timeouts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.engines.base import EngineBusy, IndexLost, NearQuery, Rebuild, SearchUnavailable, patience
from search.engines.elasticsearch import checking, cluster, documents, lock, reading, words
from search.engines.elasticsearch.engine import ElasticsearchConfig, ElasticsearchEngine
from search.engines.elasticsearch.rebuild import begin, leftovers, live
from search.facets.facets import FACETS
from search.question.tree import EngineQuery, Everything, Term
from tests.search.engines.test_contract import document, with_empty_index
from tests.search.engines.test_nearest import agree, compared, drawn, with_vectors

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def engine(elasticsearch_config: ElasticsearchConfig) -> ElasticsearchEngine:
    """An engine with an index that holds nothing."""
    return with_empty_index(ElasticsearchEngine(elasticsearch_config))


@pytest.fixture
def client(elasticsearch_config: ElasticsearchConfig) -> Iterator[Elasticsearch]:
    """The bare client."""
    with Elasticsearch(list(elasticsearch_config.hosts), request_timeout=30) as found:
        yield found


def aliases(client: Elasticsearch, engine: ElasticsearchEngine) -> dict[str, set[str]]:
    """Return every index of the engine with its aliases."""
    found = client.indices.get(index=f"{engine.config.prefix}-*", features="aliases")
    return {name: set(index["aliases"]) for name, index in found.items()}


def test_live_index_is_behind_an_alias_to_read_and_one_to_write(
    engine: ElasticsearchEngine, client: Elasticsearch
) -> None:
    engine.index([document(1)])
    with engine.rebuild() as build:
        build.add([document(1)])
        assert len(aliases(client, engine)) == 5, "two live, two being built, and the lock"
    found = aliases(client, engine)
    prefix = engine.config.prefix
    assert sorted(map(sorted, (names for names in found.values() if names))) == [
        [f"{prefix}-pages", f"{prefix}-pages-write"],
        [f"{prefix}-passages", f"{prefix}-passages-write"],
    ]
    assert len(found) == 3


def test_index_refuses_fields_it_does_not_know(engine: ElasticsearchEngine, client: Elasticsearch) -> None:
    engine.index([document(1)])
    mapping = next(iter(client.indices.get_mapping(index=engine.cluster.name("pages")).values()))["mappings"]
    assert mapping["dynamic"] == "strict"
    assert {facet.name for facet in FACETS} <= set(mapping["properties"])
    assert mapping["properties"]["title_words"]["analyzer"] == "whitespace"


def test_shards_and_replicas_are_those_of_the_configuration(
    elasticsearch_config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    engine = with_empty_index(ElasticsearchEngine(replace(elasticsearch_config, shards=2, replicas="0")))
    engine.index([document(number, "Lesen") for number in range(1, 20)])
    settings = next(iter(client.indices.get_settings(index=engine.cluster.name("pages")).values()))["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("2", "0")
    scores = {hit.score for hit in engine.search(EngineQuery(Term("title_words", "lesen"))).hits}
    assert len(scores) == 1, "a word weighs the same in every shard"


def test_how_vectors_are_searched_is_decided_when_the_index_is_built(
    elasticsearch_config: ElasticsearchConfig, client: Elasticsearch
) -> None:
    vectors, longer = drawn(40), drawn(2, dimensions=64)

    def kinds(engine: ElasticsearchEngine) -> dict[str, str]:
        (index,) = client.indices.get_mapping(index=engine.cluster.name("pages")).values()
        fields = {**index["mappings"]["properties"], **index["mappings"]["properties"]["meanings"]["properties"]}
        return {name: field["index_options"]["type"] for name, field in fields.items() if name.startswith("vector_")}

    graph = ElasticsearchEngine(replace(elasticsearch_config, vectors="hnsw"))
    flat = ElasticsearchEngine(replace(elasticsearch_config, vectors="flat"))
    pages = [with_vectors(id, vector, [vectors[-id]]) for id, vector in enumerate(vectors, 1)]
    with graph.rebuild() as build:
        build.add(pages)
    assert kinds(graph) == {"vector_48": "hnsw"}
    flat.index([with_vectors(50, longer[0], [longer[1]], model="longer"), *pages])
    assert kinds(flat) == {"vector_48": "hnsw", "vector_64": "flat"}, "what is there stays until a rebuild"
    agree(flat.nearest(NearQuery(vectors[0], limit=5)), compared(pages, vectors[0])[:5])
    with flat.rebuild() as build:
        build.add(pages)
    assert kinds(flat) == {"vector_48": "flat"}


def test_what_a_dead_rebuild_left_is_removed_by_the_next(
    engine: ElasticsearchEngine, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "DEAD_AFTER", 1.0)
    engine.index([document(1)])
    begin(engine.cluster, "20200101-000000-abcdef", "", "")
    client.create(index=engine.cluster.name("lock"), id="rebuild", document={"holder": "dead"}, refresh=True)
    engine.index([document(2)])
    assert engine.ids() == {1, 2}
    with engine.rebuild() as build:
        build.add([document(3)])
    assert engine.ids() == {3}
    assert not [name for name in aliases(client, engine) if "abcdef" in name]


def test_rebuild_that_lost_its_lock_does_not_swap(engine: ElasticsearchEngine, client: Elasticsearch) -> None:
    engine.index([document(1)])

    def robbed(build: Rebuild) -> None:
        build.add([document(2)])
        client.indices.delete(index=leftovers(engine.cluster))

    with pytest.raises(SearchUnavailable), engine.rebuild() as build:
        robbed(build)
    assert engine.ids() == {1}


def test_neighbours_with_a_longer_prefix_are_left_alone(elasticsearch_config: ElasticsearchConfig) -> None:
    first = with_empty_index(ElasticsearchEngine(elasticsearch_config))
    neighbour = replace(elasticsearch_config, prefix=f"{elasticsearch_config.prefix}-2")
    second = with_empty_index(ElasticsearchEngine(neighbour))
    for engine in (first, second):
        engine.index([document(1)])
    with first.rebuild() as build:
        build.add([])
    assert (first.ids(), second.ids()) == (set(), {1})


@pytest.mark.parametrize("what", ["index of pages", "index of passages", "alias to read", "alias to write"])
def test_what_vanished_is_never_made_by_a_write(engine: ElasticsearchEngine, client: Elasticsearch, what: str) -> None:
    engine.index([document(1, texts=["Lesen"])])
    kind = "passages" if "passages" in what else "pages"
    if what.startswith("index"):
        client.indices.delete(index=live(engine.cluster, kind))
    else:
        alias = engine.cluster.name(kind, "write" if "write" in what else "")
        client.indices.delete_alias(index=live(engine.cluster, kind), name=alias)
    for write in (lambda: engine.index([document(2)]), lambda: engine.delete({1: 2})):
        with suppress(SearchUnavailable) if what == "alias to read" else pytest.raises(SearchUnavailable):
            write()
    assert all(names for name, names in aliases(client, engine).items() if name != engine.cluster.name("lock"))
    assert engine.health().lost
    with engine.rebuild() as build:
        build.add([document(3)])
    engine.index([document(4)])
    assert engine.ids() == {3, 4}


def test_index_of_another_format_says_what_to_do(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.index([document(1)])
    for module in (cluster, documents):
        monkeypatch.setattr(module, "FORMAT", "another")
    fresh = ElasticsearchEngine(engine.config)
    with pytest.raises(SearchUnavailable, match="search_rebuild"):
        fresh.search(EngineQuery(Everything()))
    with pytest.raises(SearchUnavailable, match="search_rebuild"):
        fresh.index([document(2)])
    assert not fresh.health().available
    with fresh.rebuild() as build:
        build.add([document(3)])
    assert fresh.ids() == {3}


def test_what_lies_beyond_the_window_is_read_page_by_page(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WINDOW", 10)
    for module in (cluster, words):
        monkeypatch.setattr(module, "SCANNED", 7)
    engine.index([document(number) for number in range(1, 31)])
    result = engine.search(EngineQuery(Everything(), offset=5, limit=20, facets={"type": 5}))
    assert [hit.id for hit in result.hits] == list(range(6, 26))
    assert (result.total, dict(result.facets["type"])) == (30, {"material": 30})
    assert engine.ids() == set(range(1, 31))
    assert len(engine.terms("", 100)) == 1


@pytest.fixture
def requests(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of what the engine asks for, from now on."""
    asked: list[str] = []
    send = engine.cluster.client.transport.perform_request

    def noted(method: str, target: str, **values: Any) -> Any:
        asked.append(target.partition("?")[0])
        return send(method, target, **values)

    monkeypatch.setattr(engine.cluster.client.transport, "perform_request", noted)
    return asked


def test_many_totals_are_one_request(engine: ElasticsearchEngine, requests: list[str]) -> None:
    engine.index([document(number, "Lesen") for number in range(1, 6)])
    requests.clear()
    assert engine.totals([EngineQuery(Term("title_words", "lesen")), *[EngineQuery(Everything())] * 20]) == [5] * 21
    assert requests == ["/_msearch"]


def test_words_near_to_many_are_two_requests(engine: ElasticsearchEngine, requests: list[str]) -> None:
    names = ["".join((first, second, "sen")) for first in "abcdefghijklmn" for second in "aeiou"]
    engine.index([document(number, f"Lesen {name}") for number, name in enumerate(names, start=1)])
    requests.clear()
    words = [f"x{second}sen" for second in "aeiou"] + ["lesxn"] * 5
    near = engine.terms_near(words)
    assert len(requests) == 2
    # Nearest first, equally frequent ones by the alphabet.
    assert [[found.term for found in each[:2]] for each in (near[0], near[-1])] == [["aasen", "basen"], ["lesen"]]


def test_index_that_goes_between_two_batches_is_told(engine: ElasticsearchEngine, client: Elasticsearch) -> None:
    assert engine.totals([EngineQuery(Everything())]) == [0]
    client.indices.delete(index=live(engine.cluster, "pages"))
    with pytest.raises(IndexLost):
        engine.totals([EngineQuery(Everything())])


def test_health_tells_the_version_and_that_the_client_fits(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Elasticsearch 9." in engine.health().detail
    assert engine.health().mismatch == ""
    monkeypatch.setattr(checking, "__version__", (8, 19, 0))
    assert "8.19.0" in engine.health().mismatch


# Hosts and timeouts ----------------------------------------------------------------------------


@pytest.fixture
def closed_port() -> str:
    """Address at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def silence() -> Iterator[str]:
    """Listen without ever answering; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


CALLS: dict[str, Any] = {
    "index": lambda engine: engine.index([document(1)]),
    "delete": lambda engine: engine.delete({1: 1}),
    "search": lambda engine: engine.search(EngineQuery(Everything())),
    "passages": lambda engine: engine.passages(Everything(), [1], 1),
    "frequencies": lambda engine: engine.frequencies([("title_words", "lesen")]),
    "terms": lambda engine: engine.terms("le", 5),
    "terms_near": lambda engine: engine.terms_near(["lesen"]),
    "totals": lambda engine: engine.totals([EngineQuery(Everything())]),
    "ids": lambda engine: engine.ids(),
    "versions": lambda engine: engine.versions(),
    "fingerprints": lambda engine: list(engine.fingerprints()),
    "rebuild": lambda engine: engine.rebuild().__enter__(),
}


@pytest.mark.parametrize("call", CALLS)
def test_stopped_server_makes_everything_unavailable(closed_port: str, call: str) -> None:
    engine = ElasticsearchEngine(ElasticsearchConfig((closed_port,)))
    with pytest.raises(SearchUnavailable, match="does not answer"):
        CALLS[call](engine)


def test_health_of_a_stopped_server_is_an_answer(closed_port: str) -> None:
    health = ElasticsearchEngine(ElasticsearchConfig((closed_port,))).health()
    assert not health.available
    assert "does not answer" in health.detail


def test_silent_server_is_given_up_after_the_timeout() -> None:
    with silence() as address:
        engine = ElasticsearchEngine(ElasticsearchConfig((address,), timeout=0.3))
        with pytest.raises(SearchUnavailable, match="does not answer"):
            engine.search(EngineQuery(Everything()))


def test_another_host_answers_for_one_that_is_stopped(
    elasticsearch_config: ElasticsearchConfig, closed_port: str
) -> None:
    hosts = (closed_port, *elasticsearch_config.hosts)
    engine = with_empty_index(ElasticsearchEngine(replace(elasticsearch_config, hosts=hosts)))
    for number in range(1, 6):
        engine.index([document(number)])
        assert engine.search(EngineQuery(Everything())).total == number


def test_editor_who_waits_is_told_busy_when_a_write_takes_long(
    engine: ElasticsearchEngine, elasticsearch_config: ElasticsearchConfig
) -> None:
    engine.index([document(1)])
    with silence() as address:
        slow = ElasticsearchEngine(replace(elasticsearch_config, hosts=(address,), timeout=0.2))
        slow.cluster._is_ready = True
        token = patience.set(0.2)
        try:
            with pytest.raises(EngineBusy):
                slow.index([document(2)])
        finally:
            patience.reset(token)


def test_searching_goes_on_while_rebuilds_swap(engine: ElasticsearchEngine) -> None:
    engine.index([document(1, "Lesen")])
    stop = threading.Event()
    totals: set[int] = set()
    errors: list[BaseException] = []

    def search(reader: ElasticsearchEngine) -> None:
        while not stop.is_set():
            try:
                totals.add(reader.search(EngineQuery(Term("title_words", "lesen"))).total)
            except SearchUnavailable as error:
                errors.append(error)

    threads = [threading.Thread(target=search, args=(ElasticsearchEngine(engine.config),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        with engine.rebuild() as build:
            build.add([document(1, "Lesen")])
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert totals == {1}
