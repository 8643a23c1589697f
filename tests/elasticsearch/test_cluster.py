"""Three nodes, one of which is killed while readers search and a writer publishes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence

import pytest

from search.engines.base import SearchUnavailable
from search.engines.elasticsearch.engine import ElasticsearchConfig, ElasticsearchEngine
from search.question.tree import EngineQuery, Term
from tests.elasticsearch import node
from tests.elasticsearch.node import Node
from tests.search.engines.test_contract import document

pytestmark = pytest.mark.elasticsearch

WRITES = 60
KILLED_AFTER = 20


@pytest.fixture
def nodes() -> Iterator[Sequence[Node]]:
    """A cluster of three nodes."""
    reason = node.missing()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with node.running(3) as found:
        yield found


def test_searching_and_writing_go_on_when_one_of_three_nodes_is_killed(nodes: Sequence[Node]) -> None:
    config = ElasticsearchConfig(tuple(f"http://{found.address}" for found in nodes), timeout=10)
    engine = ElasticsearchEngine(config)
    with engine.rebuild() as build:
        build.add([document(1, "Lesen")])
    stop = threading.Event()
    totals: list[int] = []
    errors: list[SearchUnavailable] = []

    def search() -> None:
        reader = ElasticsearchEngine(config)
        while not stop.is_set():
            try:
                totals.append(reader.search(EngineQuery(Term("title_words", "lesen"))).total)
            except SearchUnavailable as error:
                errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    waiting = list(range(2, WRITES + 2))
    killed = False
    while waiting:
        try:
            engine.index([document(waiting[0], "Lesen")])
        except SearchUnavailable:
            assert killed, "what fails is tried again, as the outbox does"
        else:
            waiting.pop(0)
        if not killed and len(waiting) <= WRITES - KILLED_AFTER:
            nodes[0].kill()
            killed = True
    stop.set()
    for thread in threads:
        thread.join()
    print(f"{len(totals)} searches, {len(errors)} failed")
    assert errors == []
    assert min(totals) >= 1
    assert engine.ids() == set(range(1, WRITES + 2))
