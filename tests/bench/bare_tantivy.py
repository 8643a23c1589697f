"""tantivy without us: the same tree, aggregations and stored documents, sent straight to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import tantivy
from django.conf import settings

from search.answer.suggestions import TITLES_READ, title_query
from search.document import SearchDocument
from search.engines.current import get_engine
from search.engines.embedded import schema, translate
from search.engines.embedded.engine import EmbeddedEngine
from search.question import ranking
from search.question.request import SUGGESTIONS, SearchRequest
from search.question.tree import AnyOf, Sort
from search.question.understood import understood, visible


class BareTantivy:
    """The embedded engine on an index of its own, and tantivy on the same files."""

    name = "bare tantivy"

    def __init__(self, folder: Path) -> None:
        settings.SEARCH_INDEX_DIR = folder
        get_engine.cache_clear()
        engine = get_engine()
        assert isinstance(engine, EmbeddedEngine)
        self.engine = engine

    def search(self, request: SearchRequest) -> Callable[[], object]:
        """Return a call that does with tantivy alone what the engine does for one search."""
        question = understood(request)
        sort = Sort.NEWEST if question.parsed.is_empty else request.sort
        asked = question.of_engine(ranking.build(question.parsed), sort)
        translator = translate.Translator(schema.PAGES_SCHEMA, "id")
        main = (tantivy.Occur.Must, translator.translate(asked.query))
        always = [translator.filter(condition) for condition in asked.conditions]
        filters = {name: translator.filter(AnyOf(name, values)) for name, values in asked.filters.items()}
        full = tantivy.Query.boolean_query([main, *always, *filters.values()])
        passes = [(full, [name for name in asked.facets if name not in filters])]
        for name in filters:
            others = [clause for other, clause in filters.items() if other != name]
            passes.append((tantivy.Query.boolean_query([main, *always, *others]), [name]))
        aggregations = [
            (
                query,
                {name: {"terms": {"field": name, "size": asked.facets[name], "segment_size": 1000}} for name in names},
            )
            for query, names in passes
        ]
        order = {"order_by_field": "date", "order": tantivy.Order.Desc} if sort is Sort.NEWEST else {}
        searcher = self.engine.folder.live().searcher()

        def call() -> object:
            found = searcher.search(full, asked.limit, **order)
            for query, aggregation in aggregations:
                searcher.aggregate(query, aggregation)
            return [json.loads(searcher.doc(address).to_dict()["payload"][0]) for _, address in found.hits]

        return call

    def whole_search(self, request: SearchRequest) -> None:
        """Return nothing: what else a search asks is too little to be told apart from it."""

    def suggestion(self, typed: str) -> Callable[[], object]:
        """Return a call that looks the same titles up with tantivy alone."""
        tree = title_query(typed.split(), typed)
        translator = translate.Translator(schema.PAGES_SCHEMA, "id")
        clauses = [(tantivy.Occur.Must, translator.translate(tree))]
        clauses += [translator.filter(condition) for condition in visible(SearchRequest().locale)]
        full = tantivy.Query.boolean_query(clauses)
        searcher = self.engine.folder.live().searcher()

        def call() -> object:
            found = searcher.search(full, SUGGESTIONS * TITLES_READ)
            return [json.loads(searcher.doc(address).to_dict()["payload"][0]) for _, address in found.hits]

        return call

    def fill(self, documents: Sequence[SearchDocument]) -> None:
        """Not compared: the engine hands documents over as they are."""
