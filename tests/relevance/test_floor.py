"""The ranking does not get worse unnoticed: our own collection, asked of the real pipeline.

A floor is the figure in docs/relevance.md minus the noise that is told there. A change that raises a figure raises its
floor; one that breaks a floor is wrong, or says in docs/relevance.md what it gained elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from search.meaning.embedder import Embedder
from tests.relevance.collection import Collection, read
from tests.relevance.indexing import UnknownLabel, fill
from tests.relevance.meaning import shipped
from tests.relevance.run import BARE, Measure
from tests.relevance.score import Summary
from tests.relevance.similar import precision

FLOORS = {
    ("words", "tune"): {"ndcg": 0.675, "recall": 0.535, "success": 0.828},
    ("words", "check"): {"ndcg": 0.643, "recall": 0.484, "success": 0.774},
}
EMPTY = {("words", "tune"): 9, ("words", "check"): 4}
"""How many questions may find nothing: one more than do."""


BY_MEANING = {
    ("meaning", "tune"): {"ndcg": 0.660, "recall": 0.491, "success": 0.834},
    ("meaning", "check"): {"ndcg": 0.699, "recall": 0.504, "success": 0.869},
    ("both", "tune"): {"ndcg": 0.763, "recall": 0.641, "success": 0.903},
    ("both", "check"): {"ndcg": 0.760, "recall": 0.589, "success": 0.901},
}
"""The same where questions and texts have vectors."""


SIMILAR = {("words", "tune"): 0.349, ("words", "check"): 0.352, ("both", "tune"): 0.478, ("both", "check"): 0.433}
"""Share of the first four similar entries that are."""


@pytest.fixture(scope="module")
def collection() -> Collection:
    """The collection that the project carries."""
    return read()


@pytest.fixture
def measure(collection: Collection, empty_index: Path) -> Measure:
    """The collection in an index of this test alone."""
    return Measure(collection)


def lower(
    runs: Mapping[tuple[str, str], Summary], floors: Mapping[tuple[str, str], Mapping[str, float]]
) -> dict[tuple[str, ...], tuple[float, float]]:
    """Return each figure below its floor, with the floor."""
    return {
        (*case, name): (getattr(runs[case], name), floor)
        for case, of_case in floors.items()
        for name, floor in of_case.items()
        if getattr(runs[case], name) < floor
    }


def test_questions_are_answered_as_well_as_ever(measure: Measure) -> None:
    runs = {case: measure.run(*case).total for case in FLOORS}
    assert not lower(runs, FLOORS), "below the floor"
    assert {case: runs[case].empty for case in EMPTY if runs[case].empty > EMPTY[case]} == {}
    # Asked again it answers the same: what the figures show is not chance.
    assert replace(measure.run("words", "check").total, milliseconds=0) == replace(
        runs["words", "check"], milliseconds=0
    )
    # And it is worth having: an untrained engine is no better.
    assert measure.run(BARE, "check").total.ndcg < runs["words", "check"].ndcg


def test_meaning_answers_as_well_as_ever(
    collection: Collection, empty_index: Path, model: Path, by_meaning: Embedder
) -> None:
    # Without these the test would compute them, a minute long: make relevance RELEVANCE_ARGS=--ship
    assert shipped(by_meaning.name).exists()
    measure = Measure(collection, model)
    runs = {case: measure.run(*case).total for case in BY_MEANING}
    assert not lower(runs, BY_MEANING), "below the floor"
    # Vectors alone always find something; together with words, what is only near is told apart.
    assert all(run.empty <= most for run, most in zip(runs.values(), (0, 0, 4, 2), strict=True))
    similar = {case: precision(measure, *case) for case in SIMILAR}
    assert {case: share for case, share in similar.items() if share < SIMILAR[case]} == {}, "below the floor"


def test_an_unknown_label_stops_the_measurement(collection: Collection, empty_index: Path) -> None:
    row = {**collection.rows[0], "foerderschwerpunkte": ["Zaubern"]}
    with pytest.raises(UnknownLabel, match=f"{row['_id']}: no concept of focus is called 'Zaubern'"):
        fill(replace(collection, rows=[row]))
    row = {**collection.rows[0], "type": "spell"}
    with pytest.raises(UnknownLabel, match="no page type is called 'spell'"):
        fill(replace(collection, rows=[row]))
