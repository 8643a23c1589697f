"""fused(words, nearness, floor) -> ids: one order from the scores of words and from nearness in meaning. Pure.

Weighted sum of scores that are each scaled to their range, as in S. Bruch, S. Gai, A. Ingber: An Analysis of Fusion
Functions for Hybrid Retrieval (2023).
"""

from __future__ import annotations

from collections.abc import Mapping

MEANING = 0.5
"""Weight of meaning beside the words of a question."""

STEEPNESS = 2
"""Exponent of scaled nearness: the very nearest pages stand out from the many that are somewhat near."""


def fused(
    words: Mapping[int, float], nearness: Mapping[int, float], *, floor: float, meaning: float = MEANING
) -> dict[int, float]:
    """Return the ids of both with their score from 0 to 1, best first, then by id.

    `words` holds the score of each page by words, `nearness` its nearness by meaning. Words are scaled to their best
    score. Nearness is scaled from `floor`, that of pages which have nothing to do with the question, since texts are
    never far apart. A page without a vector is ranked by its words alone, at full weight. `meaning` is the weight of
    nearness; words have the rest.
    """
    best_score = max(words.values(), default=0.0) or 1.0
    width = max(max(nearness.values(), default=floor) - floor, 1e-6)

    def score(id: int) -> float:
        by_words = words.get(id, 0.0) / best_score
        if id not in nearness:
            return by_words
        by_meaning = min(1.0, max(0.0, (nearness[id] - floor) / width)) ** STEEPNESS
        return meaning * by_meaning + (1 - meaning) * by_words

    scores = {id: score(id) for id in words.keys() | nearness.keys()}
    return dict(sorted(scores.items(), key=lambda one: (-one[1], one[0])))
