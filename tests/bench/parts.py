"""Count how usual parts of compounds are: `python -m tests.bench.parts` writes `search/analysis/data/parts.txt` anew.

Every noun of simplemma's dictionary is split in two wherever both halves are words; which split is meant is settled by
what is likeliest for all nouns together (expectation maximisation over the counts).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from search.analysis.compounds import Compounds
from search.analysis.lemmas import Lemmas
from search.analysis.lexicon import DATA, Lexicon, capital, dictionary, entry

ROUNDS = 8
"""After these, counts hardly change."""

FEWEST = 1.5
"""Nouns that a part must occur in."""

HIGHEST = 7
"""All parts in more than two to the power of this are equally usual."""

Cut = tuple[str, str]


def main() -> None:
    """Count, and replace the lines below the comment of the file."""
    fronts, heads = counted(list(cuts()))
    file = DATA / "parts.txt"
    comment = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    lines = [*comment, *_lines("front", fronts), *_lines("head", heads)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def cuts() -> Iterable[list[Cut]]:
    """Yield for each noun the ways to split it in two words."""
    lexicon = Lexicon.with_words()
    compounds = Compounds(lexicon, Lemmas(lexicon))
    lemmas = {lemma for lemma in dictionary("de").values() if lemma.isalpha() and lemma.istitle()}
    for noun in sorted(lemma.lower() for lemma in lemmas if 7 <= len(lemma) <= 30):
        found = [
            (noun[:cut], noun[cut:])
            for cut in range(3, len(noun) - 2)
            if entry(capital(noun[cut:])) == capital(noun[cut:])
            and noun[cut:] not in lexicon.never
            and compounds.modifier(noun[:cut])
        ]
        if found:
            yield found


def counted(nouns: list[list[Cut]]) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return in how many nouns each front part and each last part occurs."""
    fronts: dict[str, float] = {}
    heads: dict[str, float] = {}
    for number in range(ROUNDS + 1):
        next_fronts: defaultdict[str, float] = defaultdict(float)
        next_heads: defaultdict[str, float] = defaultdict(float)
        for ways in nouns:
            weights = [fronts[front] * heads[head] if number else 1.0 for front, head in ways]
            total = sum(weights) or 1.0
            for (front, head), weight in zip(ways, weights, strict=True):
                next_fronts[front] += weight / total
                next_heads[head] += weight / total
        fronts, heads = next_fronts, next_heads
    return fronts, heads


def _lines(position: str, counts: Mapping[str, float]) -> list[str]:
    by_level: dict[int, list[str]] = {}
    for part, count in counts.items():
        if count >= FEWEST and part.isalpha():
            by_level.setdefault(min(HIGHEST, round(math.log2(1 + count))), []).append(part)
    return [f"{position} {level}: {' '.join(sorted(by_level[level]))}" for level in sorted(by_level, reverse=True)]


if __name__ == "__main__":
    main()
