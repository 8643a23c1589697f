"""Spellings that are one word: Orthographie is Orthografie, selbständig is selbstständig.

A table, not a rule: whether ph may be f is settled word by word in the official list (`data/variants.txt`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from search.analysis.lexicon import DATA
from search.analysis.tokens import fold

_ENDINGS = "(?:e?s|e?n|e)?"


def canonical(word: str) -> str:
    """Return a lower-case word in the spelling by which all its spellings are found."""
    return _replaced(word, folded=False)


def canonical_term(term: str) -> str:
    """Return a folded word in the spelling by which all its spellings are found."""
    return _replaced(term, folded=True)


def _replaced(word: str, *, folded: bool) -> str:
    pattern, spellings = _table(folded)
    return pattern.sub(lambda found: spellings[found[0]], word)


@cache
def _table(folded: bool) -> tuple[re.Pattern[str], Mapping[str, str]]:
    spellings: dict[str, str] = {}
    stems: list[str] = []
    words: list[str] = []
    for listed, (spelling, other) in _entries():
        right, left = (fold(spelling), fold(other)) if folded else (spelling, other)
        if left == right:
            continue
        spellings[left] = right
        (stems if listed == "stems" else words).append(left)
    either = "|".join(sorted(stems, key=len, reverse=True))
    whole = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"{either}|(?<!\w)(?:{whole})(?={_ENDINGS}(?!\w))"), spellings


def _entries() -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each pair of spellings, with the section it stands in."""
    section = ""
    for line in (DATA / "variants.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line[1:].split(":", 1)[0]
        elif ":" in line and not line.startswith("#"):
            spelling, others = line.split(":", 1)
            for other in others.split():
                yield section, (spelling, other)
