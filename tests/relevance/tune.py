"""Look for better constants of the ranking: `python -m tests.relevance.tune`.

A plain coordinate search over `constants.toml`: one constant after the other takes the listed value with which the
questions of the part "tune" are answered best, until a round changes nothing. The index is built once, and nothing is
written: take over by hand what is worth it. The part "check" stays unseen unless asked for, once, at the end.
"""

from __future__ import annotations

import argparse
import importlib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.relevance.collection import OWN, read
from tests.relevance.run import BOTH, PIPELINE, WORDS, Measure, Run, model_folder, scratch_site
from tests.relevance.score import Summary, interval

CONSTANTS = Path(__file__).with_name("constants.toml")

LEAST_GAIN = 0.0005
"""What another value must bring: less is chance, and a constant stays what its case made it."""

AIMS: Mapping[str, Callable[[Summary], float]] = {
    "ndcg": lambda total: total.ndcg,
    "recall": lambda total: total.recall,
    "both": lambda total: (total.ndcg + total.recall) / 2,
}
"""What shall become large."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number in the code by its name: `module:NAME`, or `module:NAME.key` within a table or a tuple."""

    name: str

    @property
    def value(self) -> Any:
        """Return the present value."""
        found = vars(self._module)[self._path[0]]
        for key in self._path[1:]:
            found = found[_key(found, key)]
        return found

    def set(self, value: Any) -> None:
        """Put another value in its place, for this process."""
        name, *keys = self._path
        setattr(self._module, name, _with(vars(self._module)[name], keys, value))

    @property
    def _module(self) -> Any:
        return importlib.import_module(self.name.partition(":")[0])

    @property
    def _path(self) -> list[str]:
        return self.name.partition(":")[2].split(".")


def _key(within: Any, key: str) -> Any:
    return int(key) if isinstance(within, tuple) else key


def _with(old: Any, keys: Sequence[str], value: Any) -> Any:
    """Return a table or tuple with another value at a place in it. A table stays the same one: others may hold it."""
    if not keys:
        return value
    key, new = _key(old, keys[0]), _with(old[_key(old, keys[0])], keys[1:], value)
    if isinstance(old, tuple):
        return (*old[:key], new, *old[key + 1 :])
    old[key] = new
    return old


def read_constants(path: Path = CONSTANTS) -> dict[Constant, list[Any]]:
    """Return the constants of a table and the values to try for each."""
    return {Constant(name): values for name, values in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def tuned(
    table: Mapping[Constant, Sequence[Any]],
    goodness: Callable[[], float],
    rounds: int,
    tell: Callable[[str], object] = print,
) -> dict[Constant, Any]:
    """Return the best values found, and leave them set. `goodness` measures the present ones."""
    known: dict[tuple[Any, ...], float] = {}

    def measured() -> float:
        values = tuple(constant.value for constant in table)
        if values not in known:
            known[values] = goodness()
        return known[values]

    best = measured()
    for number in range(1, rounds + 1):
        began = best
        for constant, values in table.items():
            kept = constant.value
            for value in values:
                constant.set(value)
                if measured() > best + LEAST_GAIN:
                    tell(f"round {number}: {constant.name} {kept} -> {value}: {best:.4f} -> {measured():.4f}")
                    best, kept = measured(), value
            constant.set(kept)
        if best == began:
            break
    return {constant: constant.value for constant in table}


def main() -> None:
    """Parse the options, build the index, search, print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance.tune")
    parser.add_argument("--collection", type=Path, default=OWN, help="folder of a collection; ours by default")
    parser.add_argument("--constants", type=Path, default=CONSTANTS, help="which constants, and the values to try")
    parser.add_argument("--mode", choices=PIPELINE, default=WORDS)
    parser.add_argument("--aim", choices=AIMS, default="ndcg")
    parser.add_argument("--rounds", type=int, default=5, help="rounds at most")
    parser.add_argument("--check", action="store_true", help="report the part that is kept apart, too")
    options = parser.parse_args()
    parts = ["tune", "check"] if options.check else ["tune"]
    with scratch_site():
        measure = Measure(read(options.collection), model_folder() if options.mode == BOTH else None)
        table = read_constants(options.constants)
        began = {constant: constant.value for constant in table}
        before = {part: measure.run(options.mode, part) for part in parts}
        aim = AIMS[options.aim]
        found = tuned(table, lambda: aim(measure.run(options.mode, "tune").total), options.rounds)
        after = {part: measure.run(options.mode, part) for part in parts}
    print()
    for constant, value in found.items():
        if value != began[constant]:
            edge = "; at the edge of what was tried" if value in (min(table[constant]), max(table[constant])) else ""
            print(f"{constant.name} = {value} (was {began[constant]}{edge})")
    for part in parts:
        print(f"{part}: {_change(before[part], after[part])}")


def _change(before: Run, after: Run) -> str:
    low, high = interval(before.scores, after.scores)
    old, new = before.total, after.total
    return (
        f"nDCG@10 {old.ndcg:.3f} -> {new.ndcg:.3f} (difference in 95 of 100 cases {low:+.3f} to {high:+.3f}), "
        f"Recall@10 {old.recall:.3f} -> {new.recall:.3f}, success@1 {old.success:.3f} -> {new.success:.3f}, "
        f"nothing {old.empty} -> {new.empty}"
    )


if __name__ == "__main__":
    main()
