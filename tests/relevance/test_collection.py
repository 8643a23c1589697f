"""The collection that the project carries is whole, and is read as its README says."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.relevance.collection import Collection, read


@pytest.fixture(scope="module")
def collection() -> Collection:
    return read()


def test_every_question_has_an_answer_among_the_documents(collection: Collection) -> None:
    ids = {row["_id"] for row in collection.rows}
    assert len(ids) == len(collection.rows) == 393
    for questions in collection.parts.values():
        for question in questions:
            assert question.grades.keys() <= ids
            assert max(question.grades.values()) >= 1


def test_no_question_is_in_both_parts(collection: Collection) -> None:
    tune, check = ({question.id for question in collection.parts[part]} for part in ("tune", "check"))
    assert (len(tune), len(check)) == (145, 63)
    assert not tune & check
    # Questions of one topic stay together: tuning must not see what is kept apart.
    assert not {id.split("-")[0] for id in tune} & {id.split("-")[0] for id in check}


def test_dates_are_those_of_events_and_end_after_they_begin(collection: Collection) -> None:
    events = {row["_id"] for row in collection.rows if row["type"] == "event"}
    # These say themselves that they have no date.
    assert events - collection.dates.keys() == {"dev-247", "dev-253"}
    assert collection.dates.keys() <= events
    for dates in collection.dates.values():
        for start, end in dates:
            assert datetime.datetime.fromisoformat(start) < datetime.datetime.fromisoformat(end)


def test_a_folder_without_parts_has_one_and_loses_questions_without_an_answer(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "a", "title": "A", "text": "Aa"}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "a?"}\n{"_id": "q2", "text": "b?"}\n')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\ta\t0\n")
    found = read(tmp_path)
    assert [question.id for question in found.parts["all"]] == ["q1"]
    assert found.rows == [{"_id": "a", "title": "A", "text": "Aa"}]
