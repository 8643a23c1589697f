"""Service, API and page against bare tantivy: the same tree, aggregations and stored documents."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import tantivy
from django.test import Client
from tqdm import tqdm

from library.models import Topic
from search import ranking
from search.engines import embedded, get_engine
from search.forms import SUGGESTIONS, SearchRequest, SuggestRequest
from search.parsing import parse
from search.query import AnyOf, EngineQuery, Sort
from search.service import conditions, engine_query, search
from search.suggestions import TITLES_READ, suggest, title_query
from search.synonyms import editorial
from tests.bench import generated
from tests.bench.__main__ import table, timed

BATCH = 2000
FILTERS = {
    "focus": ("lernen", "sprache"),
    "audience": ("lehrkraefte",),
    "level": ("primarbereich", "sekundarbereich-i"),
}


def measure(folder: Path, size: int, runs: int) -> None:
    """Index `size` generated documents and time the five cases."""
    engine = get_engine()
    assert isinstance(engine, embedded.EmbeddedEngine)
    engine.path, engine._opened, engine._dictionary = folder, None, None
    _fill(engine, size)
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
        figures = timed(_ways(engine, request), runs)
        bare = figures["bare"][0]
        rows.append(
            [name, total]
            + [f"{figures[way][0]:.1f} / {figures[way][1]:.1f}" for way in ("bare", "service", "API", "HTML")]
            + [figures["service"][0] - bare, figures["HTML"][0] - bare]
        )
    table(
        f"{size:,} documents: median / 95th percentile in ms of {runs} runs",
        ["case", "hits", "bare tantivy", "service", "API", "HTML page", "service − bare", "HTML − bare"],
        rows,
    )
    _measure_suggestions(engine, size, runs, three.split())


def _measure_suggestions(engine: embedded.EmbeddedEngine, size: int, runs: int, words: Sequence[str]) -> None:
    """Time suggestions for what a reader types: two letters, some, a whole word, the beginnings of two words."""
    _add_topics()
    first, second = words[:2]
    rows = []
    for typed in (first[:2], first[:4], first, f"{first[:5]} {second[:3]}"):
        request = SuggestRequest(typed)
        bare = _bare_suggestion(engine, typed)
        ways = {"bare": bare, "service": lambda asked=request: suggest(asked), "API": _typed(typed)}
        figures = timed(ways, runs)
        rows.append(
            [typed, len(suggest(request))]
            + [f"{figures[way][0]:.1f} / {figures[way][1]:.1f}" for way in ("bare", "service", "API")]
            + [figures["service"][0] - figures["bare"][0]]
        )
    table(
        f"{size:,} documents, suggestions: median / 95th percentile in ms of {runs} runs",
        ["typed", "suggestions", "bare tantivy", "service", "API", "service − bare"],
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


def _bare_suggestion(engine: embedded.EmbeddedEngine, typed: str) -> Callable[[], object]:
    """Return a call that looks the same titles up with tantivy alone."""
    tree = title_query(typed.split(), typed)
    translator = embedded.Translator(embedded.PAGES_SCHEMA, "id")
    clauses = [(tantivy.Occur.Must, translator.translate(tree))]
    clauses += [translator.filter(condition) for condition in conditions(SearchRequest())]
    full = tantivy.Query.boolean_query(clauses)
    searcher = engine._live().searcher()

    def call() -> object:
        found = searcher.search(full, SUGGESTIONS * TITLES_READ)
        return [json.loads(searcher.doc(address).to_dict()["payload"][0]) for _, address in found.hits]

    return call


def _fill(engine: embedded.EmbeddedEngine, size: int) -> None:
    prepared = indexed = 0.0
    batch: list[Any] = []
    with engine.rebuild() as build, tqdm(total=size, unit="doc", disable=None) as bar:
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
            bar.update(len(batch))
    print(f"\n{size:,} documents: analysed {size / prepared:,.0f}/s, indexed {size / indexed:,.0f}/s")


def _pick_words(engine: embedded.EmbeddedEngine, size: int) -> tuple[str, str, str]:
    """Return a word of few documents, one of very many, and three of one document."""
    by_count = engine.terms("", 10**9)
    rare = next(
        found.term for found in reversed(by_count) if found.frequency <= max(5, size // 5000) and len(found.term) > 8
    )
    common = next(found.term for found in by_count if found.frequency > size // 4 and len(found.term) > 5)
    page = engine.search(EngineQuery(AnyOf("id", ("77",)), limit=1)).hits[0]
    known = {found.term: found.frequency for found in by_count}
    words = [token for token in str(page.payload["summary"]).lower().split() if token in known and len(token) > 4]
    words.sort(key=lambda word: -known[word])
    return rare, common, " ".join(dict.fromkeys(words[:3]))


def _ways(engine: embedded.EmbeddedEngine, request: SearchRequest) -> dict[str, Callable[[], object]]:
    client = Client(HTTP_HOST="localhost")
    pairs = [("q", request.query)] if request.query else []
    pairs += [(name, value) for name, values in request.filters.items() for value in values]
    address = urlencode(pairs)

    def get(path: str) -> object:
        response = client.get(f"{path}?{address}")
        assert response.status_code == 200
        return response.content

    return {
        "bare": _bare(engine, request),
        "service": lambda: search(request, path="/suche/"),
        "API": lambda: get("/api/v2/search/"),
        "HTML": lambda: get("/suche/"),
    }


def _bare(engine: embedded.EmbeddedEngine, request: SearchRequest) -> Callable[[], object]:
    """Return a call that does with tantivy alone what the engine does for one search."""
    parsed = parse(request.query, editorial().synonyms)
    sort = Sort.NEWEST if parsed.is_empty else request.sort
    asked = engine_query(request, ranking.build(parsed), sort)
    translator = embedded.Translator(embedded.PAGES_SCHEMA, "id")
    main = (tantivy.Occur.Must, translator.translate(asked.query))
    always = [translator.filter(condition) for condition in asked.conditions]
    filters = {name: translator.filter(AnyOf(name, values)) for name, values in asked.filters.items()}
    full = tantivy.Query.boolean_query([main, *always, *filters.values()])
    passes = [(full, [name for name in asked.facets if name not in filters])]
    for name in filters:
        others = [clause for other, clause in filters.items() if other != name]
        passes.append((tantivy.Query.boolean_query([main, *always, *others]), [name]))
    aggregations = [
        (query, {name: {"terms": {"field": name, "size": asked.facets[name], "segment_size": 1000}} for name in names})
        for query, names in passes
    ]
    order = {"order_by_field": "date", "order": tantivy.Order.Desc} if sort is Sort.NEWEST else {}
    searcher = engine._live().searcher()

    def call() -> object:
        found = searcher.search(full, asked.limit, **order)
        for query, aggregation in aggregations:
            searcher.aggregate(query, aggregation)
        return [json.loads(searcher.doc(address).to_dict()["payload"][0]) for _, address in found.hits]

    return call
