"""A collection of graded questions, as its folder holds it: rows of a corpus, questions, grades, parts.

corpus.jsonl    _id, title, text; may have body, type, foerderschwerpunkte, audiences, authors, year
queries.jsonl   _id, text; may have tags
qrels.tsv       question, document, grade (0 to 3), with a head line
split.json      {"tune": {"queries": […]}, "check": {…}}; without it there is one part, "all"
dates.toml      when events take place; without it those of our own collection count
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "data"
"""The collection that the project carries."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody types, of which kinds it is, and the grade of each judged document."""

    id: str
    text: str
    kinds: tuple[str, ...]
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows of documents, questions by part, dates of events by document."""

    name: str
    rows: Sequence[Row]
    parts: Mapping[str, Sequence[Question]]
    dates: Mapping[str, Sequence[Sequence[str]]]


def read(folder: Path = OWN) -> Collection:
    """Return the collection in a folder, without questions that no document answers."""
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, document, grade = line.split("\t")
        grades[question][document] = int(grade)
    questions = {
        row["_id"]: Question(row["_id"], row["text"], tuple(row.get("tags", ())), grades[row["_id"]])
        for row in _rows(folder / "queries.jsonl")
        if any(grade >= 1 for grade in grades[row["_id"]].values())
    }
    dates = next(path for path in (folder / "dates.toml", OWN / "dates.toml") if path.exists())
    return Collection(
        name="own" if folder == OWN else folder.name,
        rows=_rows(folder / "corpus.jsonl"),
        parts=_parts(folder / "split.json", questions),
        dates=tomllib.loads(dates.read_text(encoding="utf-8")),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _parts(path: Path, questions: Mapping[str, Question]) -> dict[str, list[Question]]:
    if not path.exists():
        return {"all": [*questions.values()]}
    split = json.loads(path.read_text(encoding="utf-8"))
    return {part: [questions[id] for id in split[part]["queries"] if id in questions] for part in ("tune", "check")}
