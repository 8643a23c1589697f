"""Near words: how far, how many and in which order, whatever an engine proposes."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

from search.engines.base import TermFrequency

LISTED_WORDS = 50
"""Maximum length of a word list in which each word is checked to still occur in a document."""

_SHORT = 7
"""Up to this many letters, only one typo is tolerated: two turn it into another word."""


def reach(word: str) -> int:
    """Return how many typos are tolerated."""
    return 1 if len(word) <= _SHORT else 2


def nearest(word: str, proposed: Mapping[str, int]) -> list[TermFrequency]:
    """Return the proposed words (word to frequency) that are within reach, nearest then most frequent first.

    With two typos the first letter is right: Elasticsearch proposes no others (Lucene's `DirectSpellChecker` keeps a prefix
    of one letter less than the typos), and hardly anybody mistypes the first letter twice over.
    """
    near = sorted(
        (distance, -frequency, found)
        for found, frequency in proposed.items()
        if found.isalpha()
        and 0 < (distance := OSA.distance(word, found)) <= reach(word)
        and found.startswith(word[: distance - 1])
    )
    return [TermFrequency(found, -frequency) for _, frequency, found in near]


def most_frequent(found: Mapping[str, int]) -> list[TermFrequency]:
    """Return words by frequency, ties in alphabetical order."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [TermFrequency(word, frequency) for word, frequency in ranked]
