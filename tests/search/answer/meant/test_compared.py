"""What words and vectors find is looked up side by side, and whatever goes wrong on either side is said."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from search.answer.meant.awaited import Meaning
from search.answer.meant.meaning import ABSENCE, PROOF, Compared, certainty, compared
from search.engines.base import Near, NearQuery, SearchUnavailable
from search.question.asked import Asked
from search.question.tree import EngineQuery, Everything, Term

NEAR = NearQuery(np.array([1.0, 0.0], np.float32))


class Library:
    """Pages 1 and 2 by words, 2 and 3 by vectors; each side waits until the other has begun."""

    def __init__(self) -> None:
        self.met = threading.Barrier(2, timeout=20)
        self.is_down = False

    def scores(self, query: EngineQuery) -> dict[int, float]:
        if isinstance(query.query, Term):
            self.met.wait()
            return {1: 4.0, 2: 3.0}
        return {3: 1.0}

    def nearest(self, query: NearQuery) -> list[Near]:
        self.met.wait()
        if self.is_down:
            raise SearchUnavailable("down")
        return [Near(3, 0.9), Near(2, 0.8)]

    def nearness(self, vector: Any, ids: Sequence[int], **kwargs: Any) -> dict[int, float]:
        return dict.fromkeys(ids, 0.5)

    def page_vectors(self, ids: Sequence[int], *, model: str) -> dict[int, Any]:
        return dict.fromkeys(ids, NEAR.vector)


def ask(engine: Any, *, with_vectors: bool = False) -> Compared:
    return compared(EngineQuery(Term("text_words", "lesen")), Everything(), NEAR, engine, with_vectors=with_vectors)


def test_words_and_vectors_are_asked_at_the_same_time() -> None:
    found = ask(Library())
    assert found == Compared({1: 4.0, 2: 3.0, 3: 1.0}, {3: 0.9, 2: 0.8, 1: 0.5}, frozenset({1, 2}), frozenset(), {})


def test_vectors_of_all_pages_found_are_read_where_they_are_wanted() -> None:
    assert ask(Library(), with_vectors=True).vectors.keys() == {1, 2, 3}


def test_certainty_is_that_of_the_best_page_and_words_that_occur_nowhere_speak_against_all() -> None:
    words = EngineQuery(Term("text_words", "lesen"))
    asked = Asked(words, 4.0, 0.0, Everything(), None, (), None, may_mean=True)
    meaning = Meaning(NEAR.vector, "one")
    # Page 3 is nearest and has a quarter of the words of a full answer.
    sure = certainty(asked, meaning, Library())
    assert sure == pytest.approx(0.9 + PROOF / 4)
    half = certainty(replace(asked, absent=0.5), meaning, Library())
    assert half == pytest.approx(sure - ABSENCE / 2)
    without = certainty(replace(asked, full=0.0), meaning, Library())
    assert without == pytest.approx(0.9)


def test_what_goes_wrong_beside_the_words_is_said_like_anything_else() -> None:
    engine = Library()
    engine.is_down = True
    with pytest.raises(SearchUnavailable, match="down"):
        ask(engine)
