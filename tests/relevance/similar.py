"""Measure how good the similar entries of an entry are: `python -m tests.relevance.similar`.

There are no judgements of pairs, so they are taken from those of questions: what is useful to one question (grade 2 or
3) is similar to whatever is relevant to the same one (grade 1 or more). With `--tune` constants of `similar.toml` are
looked for as `tests.relevance.tune` does; the part "check" stays unseen unless asked for, once, at the end.
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.relevance.collection import Question, read
from tests.relevance.run import PIPELINE, Measure, model_folder, scratch_site
from tests.relevance.tune import read_constants, tuned

CONSTANTS = Path(__file__).with_name("similar.toml")

SHOWN = 4
"""How many entries count: a page shows three, the API four unless told otherwise."""


def pairs(questions: Sequence[Question]) -> dict[str, set[str]]:
    """Return the rows that are similar to each row: relevant to a question to which it is useful."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for question in questions:
        relevant = {id for id, grade in question.grades.items() if grade >= 1}
        for id, grade in question.grades.items():
            if grade >= 2:
                found[id] |= relevant - {id}
    return {id: others for id, others in found.items() if others}


def precision(measure: Measure, mode: str, part: str) -> float:
    """Return the share of the first entries that are similar; one that is not shown counts as one that is not."""
    from core.versions import read_once
    from search.answer.similar import similar
    from search.question.request import SimilarRequest

    numbers = {row: number for number, row in measure.ids.items()}
    shares = []
    with measure.settings_of(mode):
        for row, others in pairs(measure.collection.parts[part]).items():
            with read_once():  # as in a request
                hits = similar(SimilarRequest(numbers[row], SHOWN)) or ()
            shares.append(sum(measure.ids[hit.id] in others for hit in hits) / SHOWN)
    return statistics.fmean(shares)


def main() -> None:
    """Parse the options, build the index, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance.similar")
    parser.add_argument("--tune", action="store_true", help=f"look for better values of {CONSTANTS.name}")
    parser.add_argument("--rounds", type=int, default=3, help="rounds at most")
    parser.add_argument("--check", action="store_true", help="report the part that is kept apart, too")
    options = parser.parse_args()
    with scratch_site():
        model = model_folder()
        measure = Measure(read(), model)
        parts = ["tune", "check"] if options.check else ["tune"]
        modes = PIPELINE if model else PIPELINE[:1]
        _tell(measure, modes, parts)
        if options.tune:
            table = read_constants(CONSTANTS)
            found = tuned(table, lambda: precision(measure, modes[-1], "tune"), options.rounds)
            for constant, value in found.items():
                print(f"{constant.name} = {value}")
            _tell(measure, modes, parts)


def _tell(measure: Measure, modes: Sequence[str], parts: Sequence[str]) -> None:
    figures: Mapping[tuple[str, str], float] = {
        (mode, part): precision(measure, mode, part) for mode in modes for part in parts
    }
    for (mode, part), share in figures.items():
        print(f"{part}, {mode}: {share:.3f} of the first {SHOWN} are similar")


if __name__ == "__main__":
    main()
