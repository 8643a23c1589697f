"""What a question means and which pages lie nearest is found out beside its words, once, and only for the same pages."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from library.models import LibraryIndexPage
from search.answer.meant.awaited import NEAREST, Awaited
from search.answer.service import search
from search.engines.base import Near, NearQuery, SearchUnavailable
from search.engines.current import engine_of
from search.meaning.embedder import Embedder
from search.question.request import SearchRequest
from search.question.tree import Bool, Everything, Term
from tests.published import index_entries

CONDITIONS = (Term("locale", "de"),)
NARROWING = Bool(must=(Everything(),), must_not=(Term("text_words", "schreiben"),))


class Library:
    """One page; notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[NearQuery] = []

    def nearest(self, query: NearQuery) -> list[Near]:
        self.asked.append(query)
        return [Near(1, 0.9)]


class TestWithAModel:
    @pytest.fixture(autouse=True)
    def _by_meaning(self, by_meaning: Embedder) -> None:
        self.embedder = by_meaning

    def test_the_nearest_pages_are_looked_for_before_anybody_waits(self) -> None:
        library: Any = Library()
        awaited = Awaited("Lesen lernen")
        awaited.look_ahead(library, CONDITIONS, NARROWING)
        found = awaited.ahead(NARROWING)
        assert found is not None
        assert found.result(timeout=30) == [Near(1, 0.9)]
        (asked,) = library.asked
        assert (asked.conditions, asked.query, asked.limit) == (CONDITIONS, NARROWING, NEAREST)
        meaning = awaited.meaning
        assert meaning is not None
        assert asked.vector is meaning.vector
        assert np.array_equal(meaning.vector, self.embedder.question("Lesen lernen"))
        assert (asked.model, meaning.model) == (self.embedder.name, self.embedder.name)

    def test_what_was_looked_for_among_other_pages_does_not_count(self) -> None:
        library: Any = Library()
        awaited = Awaited("Lesen lernen")
        assert awaited.ahead(None) is None
        awaited.look_ahead(library, CONDITIONS, None)
        assert awaited.ahead(None) is not None
        assert awaited.ahead(NARROWING) is None

    def test_a_search_asks_for_the_nearest_pages_once_and_before_its_words_are_looked_up(
        self, library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vector = self.embedder.passages(["Wie Kinder lesen lernen"])[0]
        index_entries({1: {"title": "Lautgebärden"}}, {1: vector}, model=self.embedder.name)
        engine: Any = engine_of("de")
        begun, asked = threading.Event(), []
        really, totals = engine.nearest, engine.totals

        def nearest(query: NearQuery) -> Any:
            asked.append(query)
            begun.set()
            return really(query)

        def later(queries: Any) -> Any:
            assert begun.wait(30)
            return totals(queries)

        monkeypatch.setattr(engine, "nearest", nearest)
        monkeypatch.setattr(engine, "totals", later)
        answer = search(SearchRequest(query="lesen lernen"))
        assert [hit.id for hit in (*answer.found.result.hits, *answer.found.near)] == [1]
        # What is nearest where nothing answers is another question.
        assert len([query for query in asked if query.limit == NEAREST]) == 1

    def test_what_goes_wrong_ahead_is_said_to_who_asks_for_it(self) -> None:
        class Down:
            def nearest(self, query: NearQuery) -> list[Near]:
                raise SearchUnavailable("down")

        down: Any = Down()
        awaited = Awaited("Lesen lernen")
        awaited.look_ahead(down, CONDITIONS, None)
        found = awaited.ahead(None)
        assert found is not None
        with pytest.raises(SearchUnavailable):
            found.result(timeout=30)


def test_without_a_meaning_nothing_is_looked_for(named: Any) -> None:
    named.EMBEDDINGS = {"NAME": "", "OPTIONS": {}}
    library: Any = Library()
    for text in ("", "Lesen lernen"):
        awaited = Awaited(text)
        awaited.look_ahead(library, CONDITIONS, None)
        ahead = awaited.ahead(None)
        assert ahead is None or ahead.result(timeout=30) == []
        assert awaited.meaning is None
    assert library.asked == []
