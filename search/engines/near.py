"""Words near to a word: how far, how many and in which order, whatever an engine proposes."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from search.engines.base import TermFrequency

LISTED_WORDS = 50
"""Longest list of words of which each is checked to stand in a document still."""

_SHORT = 7
"""Letters up to which a word is forgiven one typing error only: two make another word of it."""


def reach(word: str) -> int:
    """Return how many typing errors are forgiven."""
    return 1 if len(word) <= _SHORT else 2


def nearest(word: str, proposed: Mapping[str, int]) -> list[TermFrequency]:
    """Return the words within reach among those proposed (word to frequency), nearest then most frequent first."""
    near = sorted(
        (distance, -frequency, found)
        for found, frequency in proposed.items()
        if found.isalpha() and 0 < (distance := OSA.distance(word, found)) <= reach(word)
    )
    return [TermFrequency(found, -frequency) for _, frequency, found in near]


def most_frequent(found: Mapping[str, int]) -> list[TermFrequency]:
    """Return words by frequency, equally frequent ones by the alphabet."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [TermFrequency(word, frequency) for word, frequency in ranked]
