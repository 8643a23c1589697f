"""How usual a word is as a part of compounds: Prüfungs|teil is likelier than Prüfung|steil.

Counted in simplemma's own nouns (`data/parts.txt`), so that no list of cases decides where a linking s belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from search.analysis.lexicon import DATA

UNSEEN = 7
"""Rarity of a part that no noun of the dictionary has; that of the most usual ones is 0."""


@cache
def _rarities(position: str) -> Mapping[str, int]:
    lines = (DATA / "parts.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split(":", 1) for line in lines if line.startswith(position))
    return {part: UNSEEN - int(named.split()[1]) for named, parts in entries for part in parts.split()}


def rarity_in_front(part: str) -> int:
    """Return how rare a front part is, with its linking letters: 0 is most usual."""
    return _rarities("front").get(part, UNSEEN)


def rarity_as_head(lemma: str) -> int:
    """Return how rare the lemma of a last part is: 0 is most usual."""
    return _rarities("head").get(lemma, UNSEEN)
