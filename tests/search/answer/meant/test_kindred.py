"""What pages that lie near to one another say about each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answer.meant import kindred
from search.answer.meant.kindred import CANDIDATES, FEEDBACK, SHARED, candidates, completed, completed_nearness, shared
from search.document import Vector


def vector(*numbers: float) -> Vector:
    found: Vector = np.array(numbers, np.float32)
    return found / np.linalg.norm(found)


QUESTION, BEST = vector(1, 0, 0), vector(1, 1, 0)


def test_the_completed_question_lies_between_the_question_and_its_best_page() -> None:
    found = completed(QUESTION, BEST)
    assert np.linalg.norm(found) == pytest.approx(1)
    assert found @ QUESTION > BEST @ QUESTION
    assert found @ BEST > QUESTION @ BEST


def test_nearness_to_the_completed_question_is_that_of_its_vector() -> None:
    pages = {1: BEST, 2: vector(0, 1, 0), 3: vector(0, 0, 1)}
    found = completed_nearness(QUESTION, BEST, {id: float(QUESTION @ page) for id, page in pages.items()}, pages)
    assert found == pytest.approx({id: float(completed(QUESTION, BEST) @ page) for id, page in pages.items()})
    # The page on the best page's subject gains on the one that has nothing to do with either.
    assert found[2] > 0.2 > found[3] == pytest.approx(0)


def test_a_page_near_by_a_passage_keeps_what_the_passage_said() -> None:
    far = {7: vector(0, 0, 1)}
    length = float(np.linalg.norm(QUESTION + FEEDBACK * BEST))
    assert completed_nearness(QUESTION, BEST, {7: 0.9}, far) == pytest.approx({7: 0.9 / length})
    assert completed_nearness(QUESTION, BEST, {7: 0.9, 8: 0.9}, far).keys() == {7}


def test_a_page_in_good_company_rises_and_a_lonely_one_falls() -> None:
    together, alone = vector(1, 0, 0), vector(0, 0, 1)
    vectors = {1: together, 2: together, 3: vector(1, 0.1, 0), 4: alone, 5: vector(0, 0.1, 1), 6: vector(0, 1, 1)}
    found = shared({1: 1.0, 4: 0.62, 2: 0.9, 3: 0.6, 5: 0.1, 6: 0.1}, vectors)
    assert list(found)[:4] == [1, 2, 3, 4]
    assert found[3] == pytest.approx((1 - SHARED) * 0.6 + SHARED * 0.95)


def test_pages_without_vectors_keep_their_scores_and_the_order_is_by_score_then_id() -> None:
    assert shared({3: 0.5, 1: 0.5, 2: 0.7}, {}) == {2: 0.7, 1: 0.5, 3: 0.5}
    assert list(shared({3: 0.5, 1: 0.5, 2: 0.7}, {})) == [2, 1, 3]
    assert shared({}, {}) == {}
    alike = dict.fromkeys((1, 2, 3, 4), QUESTION)
    found = shared({1: 0.4, 2: 0.4, 3: 0.4, 4: 0.4, 9: 0.8}, alike)
    assert list(found) == [9, 1, 2, 3, 4]
    assert found[9] == 0.8


@given(st.lists(st.floats(0, 1), min_size=4, max_size=30), st.integers(0, 1000))
def test_no_page_leaves_the_range_of_the_scores_and_none_is_lost(scores: list[float], seed: int) -> None:
    drawn = np.random.default_rng(seed).standard_normal((len(scores), 8)).astype(np.float32)
    vectors = {id: vector(*numbers) for id, numbers in enumerate(drawn)}
    found = shared(dict(enumerate(scores)), vectors)
    assert found.keys() == vectors.keys()
    assert min(scores) - 1e-9 <= min(found.values()) <= max(found.values()) <= max(scores) + 1e-9
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_only_the_best_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(candidates({5: 0.9, 1: 0.5})) == [5, 1]
    assert len(candidates(dict.fromkeys(range(CANDIDATES + 5), 0.5))) == CANDIDATES
    monkeypatch.setattr(kindred, "CANDIDATES", 1)
    assert candidates({5: 0.9, 1: 0.5}) == [5]
