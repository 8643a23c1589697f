"""Measure how well questions are answered: `python -m tests.relevance --collection FOLDER`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.relevance.collection import OWN, read
from tests.relevance.run import BARE, BOTH, MEANING, MODES, Measure, Run, model_folder, scratch_site

ENGINES = ("embedded", "elasticsearch")


def main() -> None:
    """Parse the options, build an index in each engine, ask, print tables."""
    parser = argparse.ArgumentParser(prog="make relevance RELEVANCE_ARGS=…")
    parser.add_argument("--collection", type=Path, default=OWN, help="folder of a collection; ours by default")
    parser.add_argument("--engine", nargs="+", choices=ENGINES, default=["embedded"])
    parser.add_argument("--mode", nargs="+", choices=MODES, default=MODES)
    parser.add_argument("--model", type=Path, help="folder of a model; our own by default")
    parser.add_argument("--part", nargs="+", help="tune, check; all by default")
    parser.add_argument("--kinds", action="store_true", help="also a table for each kind of question")
    parser.add_argument("--questions", action="store_true", help="also a line for each question, worst first")
    parser.add_argument("--ship", action="store_true", help="put the vectors of our own collection beside it")
    options = parser.parse_args()
    collection = read(options.collection)
    parts = options.part or [*collection.parts]
    model = (options.model or model_folder()) if {MEANING, BOTH} & {*options.mode} else None
    options.mode = [mode for mode in options.mode if model or mode not in (MEANING, BOTH)]
    ways = [(engine, mode) for engine in options.engine for mode in options.mode if mode != BARE]
    ways = [("tantivy", BARE), *ways] if BARE in options.mode else ways
    runs: dict[tuple[str, str, str], Run] = {}
    with scratch_site(elasticsearch="elasticsearch" in options.engine) as site:
        from tests.relevance.indexing import UnknownLabel
        from tests.relevance.meaning import ship

        for engine in options.engine:
            site.use(engine)
            try:
                measure = Measure(collection, model)
            except UnknownLabel as error:
                sys.exit(str(error))
            if options.ship and model and options.collection == OWN:
                print(f"vectors are in {ship()}")
            for name, mode in ways:
                if name == engine or (mode == BARE and engine == options.engine[0]):
                    runs |= {(part, name, mode): measure.run(mode, part) for part in parts}
    print(f"\n{collection.name}: {len(collection.rows)} documents\n")
    header = ["part", "engine", "mode", "questions", "nDCG@10", "Recall@10", "success@1", "far", "nothing", "median ms"]
    _table(header, ([part, *way, *_cells(runs[part, *way])] for part in parts for way in ways))
    if options.kinds:
        for part in parts:
            print(f"\n{part}: nDCG@10 / Recall@10\n")
            columns = [f"{mode}, {engine}" for engine, mode in ways]
            _table(["kind", "questions", *columns], _kinds([runs[part, *way] for way in ways]))
    if options.questions:
        for (part, engine, mode), run in runs.items():
            print(f"\n{part}, {mode}, {engine}: nDCG@10\n")
            for one, question in sorted(zip(run.scores, run.questions, strict=True), key=lambda pair: pair[0].ndcg):
                print(f"{one.ndcg:.3f}  {question.id}  {question.text}")


def _cells(run: Run) -> list[object]:
    total = run.total
    measures = [f"{value:.3f}" for value in (total.ndcg, total.recall, total.success)]
    return [total.questions, *measures, total.far, total.empty - total.far, f"{total.milliseconds:.1f}"]


def _kinds(runs: list[Run]) -> Iterable[list[object]]:
    found = [run.by_kind for run in runs]
    for kind, one in found[0].items():
        yield [kind, one.questions, *(f"{kinds[kind].ndcg:.3f} / {kinds[kind].recall:.3f}" for kinds in found)]


def _table(header: list[str], rows: Iterable[list[object]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


if __name__ == "__main__":
    main()
