"""Misspelt names: the nearest of known ones, by few wrong, missing, added or swapped letters."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 5
"""Letters of a word that may be misspelt; every shorter one is near to some name."""

TWO_ERRORS = 8
"""From this length on two letters may be wrong."""


MOST_ERRORS = 2


def nearest(word: str, names: Iterable[str], most: int = MOST_ERRORS) -> str | None:
    """Return the one name nearest to a word, with the same first letter; None if there is none, or several equally."""
    if len(word) < SHORTEST:
        return None
    most = most if len(word) >= TWO_ERRORS else 1
    near: dict[int, set[str]] = {}
    for name in names:
        if name[:1] == word[0] and len(name) >= SHORTEST and abs(len(name) - len(word)) <= most:
            errors = distance(word, name, most)
            if errors <= most:
                near.setdefault(errors, set()).add(name)
    best = near.get(min(near, default=0), set())
    return best.pop() if len(best) == 1 else None


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ (two swapped ones count once), or more than `most` when it is more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        two_before, before, row = before, row, [place]
        for at, its in enumerate(other, 1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != its))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == its:
                cost = min(cost, two_before[at - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
