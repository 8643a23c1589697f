"""Service, API and page against the engine's library alone: the same query, aggregations and stored documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from django.test import Client
from tqdm import tqdm

from search.answer.suggestions import suggest
from search.document import SearchDocument
from search.engines.base import Engine
from search.question.request import SearchRequest, SuggestRequest
from search.question.tree import EngineQuery, Ids
from tests.bench import generated
from tests.bench.__main__ import table, timed
from tests.searching import search
from vocabularies.models import Topic

BATCH = 2000
FILTERS = {
    "focus": ("lernen", "sprache"),
    "audience": ("lehrkraefte",),
    "level": ("primarbereich", "sekundarbereich-i"),
}


class Peer(Protocol):
    """The engine's library without us, for comparison."""

    name: str
    engine: Engine

    def search(self, request: SearchRequest) -> Callable[[], object]:
        """Return a call that has the library answer what the engine is asked for one search."""
        ...

    def whole_search(self, request: SearchRequest) -> Callable[[], object] | None:
        """Return a call with everything the engine is asked for one search, or None if that is no more than `search`."""
        ...

    def suggestion(self, typed: str) -> Callable[[], object]:
        """Return a call that has it look up the same titles for what was typed."""
        ...

    def fill(self, documents: Sequence[SearchDocument]) -> float | None:
        """Write prepared documents with the library alone; return the seconds it took, or None if that is not compared."""
        ...


def measure(peer: Peer, size: int, runs: int) -> None:
    """Index `size` generated documents and time the five cases."""
    engine = peer.engine
    _fill(peer, size)
    rare, common, three = _pick_words(engine, size)
    cases = {
        f"one rare word ({rare})": SearchRequest(query=rare),
        f"one common word ({common})": SearchRequest(query=common),
        f"three words ({three})": SearchRequest(query=three),
        "three words, three filters": SearchRequest(query=three, filters=FILTERS),
        "no words: browse": SearchRequest(),
    }
    rows = []
    for name, request in cases.items():
        total = search(request).total
        figures = timed(_ways(peer, request), runs)
        peers = [way for way in ("bare", "whole") if way in figures]
        rows.append(
            [name, total]
            + [f"{figures[way][0]:.1f} / {figures[way][1]:.1f}" for way in (*peers, "service", "API", "HTML")]
            + [figures[way][0] - figures[against][0] for against in peers for way in ("service", "HTML")]
        )
    names = {"bare": peer.name, "whole": f"{peer.name}, all bodies"}
    table(
        f"{size:,} documents: median / 95th percentile in ms of {runs} runs",
        ["case", "hits", *(names[way] for way in peers), "service", "API", "HTML page"]
        + [f"{way} − {names[against]}" for against in peers for way in ("service", "HTML")],
        rows,
    )
    _measure_suggestions(peer, size, runs, three.split())


def _measure_suggestions(peer: Peer, size: int, runs: int, words: Sequence[str]) -> None:
    """Time suggestions for what a reader types: two letters, some, a whole word, the beginnings of two words."""
    _add_topics()
    first, second = words[:2]
    rows = []
    for typed in (first[:2], first[:4], first, f"{first[:5]} {second[:3]}"):
        request = SuggestRequest(typed)
        bare = peer.suggestion(typed)
        ways = {"bare": bare, "service": lambda asked=request: suggest(asked), "API": _typed(typed)}
        figures = timed(ways, runs)
        rows.append(
            [typed, len(suggest(request))]
            + [f"{figures[way][0]:.1f} / {figures[way][1]:.1f}" for way in ("bare", "service", "API")]
            + [figures["service"][0] - figures["bare"][0]]
        )
    table(
        f"{size:,} documents, suggestions: median / 95th percentile in ms of {runs} runs",
        ["typed", "suggestions", peer.name, "service", "API", "service − bare"],
        rows,
    )


def _add_topics() -> None:
    """Give the generated topics names, as the database of a library of this size would hold them."""
    known = set(Topic.objects.values_list("slug", flat=True))
    slugs = (f"thema-{number}" for number in range(generated.TOPICS))
    for word, slug in zip(generated.rare_words(), slugs, strict=False):
        if slug not in known:
            Topic.objects.create(name=word, slug=slug)


def _typed(text: str) -> Callable[[], object]:
    client = Client(HTTP_HOST="localhost")

    def get() -> object:
        response = client.get("/api/v2/search/suggest/", {"q": text})
        assert response.status_code == 200
        return response.content

    return get


def _fill(peer: Peer, size: int) -> None:
    prepared = indexed = 0.0
    raw: float | None = 0.0
    batch: list[Any] = []
    with peer.engine.rebuild() as build, tqdm(total=size, unit="doc", disable=None) as bar:
        source = generated.documents(size)
        while True:
            started = time.perf_counter()
            batch = [document for document, _ in zip(source, range(BATCH), strict=False)]
            prepared += time.perf_counter() - started
            if not batch:
                break
            started = time.perf_counter()
            build.add(batch)
            indexed += time.perf_counter() - started
            alone = peer.fill(batch)
            raw = None if alone is None or raw is None else raw + alone
            bar.update(len(batch))
    print(f"\n{size:,} documents: analysed {size / prepared:,.0f}/s, indexed {size / indexed:,.0f}/s", end="")
    print(f", {peer.name} {size / raw:,.0f}/s (ours {raw / indexed:.2f} of it)" if raw else "")


def _pick_words(engine: Engine, size: int) -> tuple[str, str, str]:
    """Return a word of few documents, one of very many, and three of one document."""
    by_count = engine.terms("", 10**9)
    rare = next(
        found.term for found in reversed(by_count) if found.frequency <= max(5, size // 5000) and len(found.term) > 8
    )
    common = next(found.term for found in by_count if found.frequency > size // 4 and len(found.term) > 5)
    page = engine.search(EngineQuery(Ids((77,)), limit=1)).hits[0]
    known = {found.term: found.frequency for found in by_count}
    words = [token for token in str(page.payload["summary"]).lower().split() if token in known and len(token) > 4]
    words.sort(key=lambda word: -known[word])
    return rare, common, " ".join(dict.fromkeys(words[:3]))


def _ways(peer: Peer, request: SearchRequest) -> dict[str, Callable[[], object]]:
    client = Client(HTTP_HOST="localhost")
    pairs = [("q", request.query)] if request.query else []
    pairs += [(name, value) for name, values in request.filters.items() for value in values]
    address = urlencode(pairs)

    def get(path: str) -> object:
        response = client.get(f"{path}?{address}")
        assert response.status_code == 200
        return response.content

    whole = peer.whole_search(request)
    return {
        "bare": peer.search(request),
        **({"whole": whole} if whole else {}),
        "service": lambda: search(request),
        "API": lambda: get("/api/v2/search/"),
        "HTML": lambda: get("/suche/"),
    }
