"""One order from words and meaning: what each side counts, and that neither counts for more than it says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answer.meant.fusion import MEANING, STEEPNESS, fused

FLOOR = 0.8


def scores(words: dict[int, float], nearness: dict[int, float]) -> dict[int, float]:
    return fused(words, nearness, floor=FLOOR)


def test_nothing_found_is_nothing() -> None:
    assert scores({}, {}) == {}
    assert fused({}, {}, floor=0.0) == {}


def test_every_page_of_both_sides_is_there_once() -> None:
    assert sorted(scores({1: 50.0, 2: 60.0}, {2: 0.9, 3: 0.85})) == [1, 2, 3]


def test_what_both_find_best_leads_with_the_full_score() -> None:
    found = scores({1: 100.0, 2: 50.0}, {1: 0.9, 2: 0.85, 3: 0.88})
    assert next(iter(found)) == 1
    assert found[1] == pytest.approx(1.0)


def test_a_page_without_a_vector_is_ranked_by_its_words_at_full_weight() -> None:
    found = scores({1: 100.0, 2: 50.0}, {3: 0.9})
    assert (found[1], found[2]) == (pytest.approx(1.0), pytest.approx(0.5))
    assert found[3] == pytest.approx(MEANING)


def test_of_pages_that_say_the_same_the_nearer_leads_and_of_equally_near_ones_what_says_more() -> None:
    assert list(scores({1: 20.0, 2: 20.0}, {1: 0.82, 2: 0.9})) == [2, 1]
    assert list(scores({1: 10.0, 2: 20.0}, {1: 0.9, 2: 0.9})) == [2, 1]


def test_words_are_scaled_to_their_best_score_however_high_it_is() -> None:
    for best in (0.5, 50.0, 4000.0):
        found = scores({1: best, 2: best / 2}, {})
        assert (found[1], found[2]) == (pytest.approx(1.0), pytest.approx(0.5))
    assert scores({1: 0.0}, {}) == {1: 0.0}


def test_nearness_counts_from_the_floor_and_the_very_nearest_stand_out() -> None:
    found = scores({}, {1: 0.9, 2: 0.85, 3: FLOOR, 4: 0.5})
    assert found[2] == pytest.approx(MEANING * 0.5**STEEPNESS)
    assert 2 * found[2] < found[1] == pytest.approx(MEANING)
    assert found[3] == found[4] == 0.0


def test_pages_that_are_all_further_than_the_floor_gain_nothing_by_meaning() -> None:
    assert set(scores({}, {1: 0.5, 2: 0.6}).values()) == {0.0}


def test_equal_pages_are_in_the_order_of_their_ids() -> None:
    ids = random.Random(1).sample(range(100), 50)
    assert list(scores(dict.fromkeys(ids, 30.0), dict.fromkeys(ids, 0.85))) == sorted(ids)


PAGES = st.integers(1, 30)


@given(
    words=st.dictionaries(PAGES, st.floats(0, 5000)),
    nearness=st.dictionaries(PAGES, st.floats(-1, 1)),
    floor=st.floats(-1, 1),
)
def test_scores_lie_between_nothing_and_one_best_first(
    words: dict[int, float], nearness: dict[int, float], floor: float
) -> None:
    found = fused(words, nearness, floor=floor)
    assert found.keys() == words.keys() | nearness.keys()
    assert all(0.0 <= score <= 1.0 + 1e-9 for score in found.values())
    assert list(found) == sorted(found, key=lambda id: (-found[id], id))
