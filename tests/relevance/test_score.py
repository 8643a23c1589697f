"""The measures, against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from tests.relevance.collection import Question
from tests.relevance.score import Score, interval, score, summary
from tests.relevance.similar import pairs

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_the_best_order_scores_one() -> None:
    assert score(GRADES, ["a", "b", "c", "d"]) == Score(1.0, 1.0, 1.0, False)


def test_a_worse_order_gains_less() -> None:
    ideal = 7 + 3 / math.log2(3) + 1 / 2
    found = score(GRADES, ["d", "c", "x", "a"])
    assert found.ndcg == pytest.approx((1 / math.log2(3) + 7 / math.log2(5)) / ideal)
    assert found.recall == pytest.approx(2 / 3)
    assert found.success == 0


def test_only_the_first_ten_count_and_each_answer_once() -> None:
    others = [f"x{number}" for number in range(9)]
    assert score(GRADES, [*others, "b", "a"]).recall == pytest.approx(1 / 3)
    assert score({"a": 1}, ["a", "a"]).ndcg == 1


def test_no_answer_scores_nothing() -> None:
    assert score(GRADES, []) == Score(0.0, 0.0, 0.0, True)


def test_a_summary_is_the_mean_and_the_median_time() -> None:
    total = summary([Score(1, 1, 1, False, 0.002), Score(0.5, 0, 0, False, 0.004), Score(0, 0, 0, True, 0.1)])
    assert (total.questions, total.ndcg, total.empty, total.far) == (3, 0.5, 1, 0)
    assert summary([Score(0, 0, 0, True, is_far=True), Score(0, 0, 0, True)]).far == 1
    assert total.recall == total.success == pytest.approx(1 / 3)
    assert total.milliseconds == pytest.approx(4)


def test_an_interval_holds_nothing_but_the_difference_where_all_questions_gain_alike() -> None:
    before = [Score(value / 10, 0, 0, False) for value in range(8)]
    after = [Score(one.ndcg + 0.25, 0, 0, False) for one in before]
    assert interval(before, after) == pytest.approx((0.25, 0.25))
    low, high = interval(before, [*reversed(before)])
    assert low < 0 < high


def test_what_is_useful_to_a_question_is_similar_to_whatever_is_relevant_to_it() -> None:
    questions = [
        Question("1", "", (), GRADES),
        Question("2", "", (), {"b": 1, "e": 2}),
        Question("3", "", (), {"f": 3}),
    ]
    assert pairs(questions) == {"a": {"b", "c"}, "b": {"a", "c"}, "e": {"b"}}
