"""The ranking does not get worse unnoticed: our own collection, asked of the real pipeline.

A floor is the figure in docs/relevance.md minus the noise that is told there. A change that raises a figure raises its
floor; one that breaks a floor is wrong, or says in docs/relevance.md what it gained elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.relevance.collection import Collection, read
from tests.relevance.indexing import UnknownLabel, fill
from tests.relevance.run import BARE, Measure

FLOORS = {
    ("words", "tune"): {"ndcg": 0.535, "recall": 0.322, "success": 0.780},
    ("words", "check"): {"ndcg": 0.564, "recall": 0.327, "success": 0.790},
}
EMPTY = {("words", "tune"): 6, ("words", "check"): 3}
"""How many questions may find nothing: one more than do."""


@pytest.fixture(scope="module")
def collection() -> Collection:
    """The collection that the project carries."""
    return read()


@pytest.fixture
def measure(collection: Collection, empty_index: Path) -> Measure:
    """The collection in an index of this test alone."""
    return Measure(collection)


def test_questions_are_answered_as_well_as_ever(measure: Measure) -> None:
    runs = {case: measure.run(*case).total for case in FLOORS}
    lower = {
        (*case, name): (getattr(runs[case], name), floor)
        for case, floors in FLOORS.items()
        for name, floor in floors.items()
        if getattr(runs[case], name) < floor
    }
    assert not lower, "below the floor"
    assert {case: runs[case].empty for case in EMPTY if runs[case].empty > EMPTY[case]} == {}
    # Asked again it answers the same: what the figures show is not chance.
    assert replace(measure.run("words", "check").total, milliseconds=0) == replace(
        runs["words", "check"], milliseconds=0
    )
    # And it is worth having: an untrained engine is no better.
    assert measure.run(BARE, "check").total.ndcg < runs["words", "check"].ndcg


def test_an_unknown_label_stops_the_measurement(collection: Collection, empty_index: Path) -> None:
    row = {**collection.rows[0], "foerderschwerpunkte": ["Zaubern"]}
    with pytest.raises(UnknownLabel, match=f"{row['_id']}: no concept of focus is called 'Zaubern'"):
        fill(replace(collection, rows=[row]))
    row = {**collection.rows[0], "type": "spell"}
    with pytest.raises(UnknownLabel, match="no page type is called 'spell'"):
        fill(replace(collection, rows=[row]))
