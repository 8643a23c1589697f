"""Words in the index: their frequencies, prefix matches and near words.

Near words are found in an in-memory list of all words: tantivy cannot propose any.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import tantivy
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from search.document import GAP, WORD_FIELDS
from search.engines.base import TermFrequency
from search.engines.embedded.folder import Folder
from search.engines.embedded.schema import PAGES_SCHEMA
from search.engines.near import LISTED_WORDS, most_frequent, nearest, reach

COUNTED_EXACTLY = 100
"""Up to this frequency, documents are counted one by one: the numbers in the files ignore deletions."""

DICTIONARY_SECONDS = 60.0
"""A word list that took long to read is reused for this long even if the index changed."""

NEAR_PER_LENGTH = 20
"""Nearest words considered per length."""


@dataclass(slots=True)
class Dictionary:
    """All words in the index with their frequencies, as of one state of the index."""

    state: tuple[str, int]
    read_at: float
    seconds: float
    by_length: dict[int, dict[str, int]]

    def near(self, word: str) -> list[TermFrequency]:
        """Return the words near to a word, including those of deleted documents."""
        proposed: dict[str, int] = {}
        for length in range(len(word) - reach(word), len(word) + reach(word) + 1):
            words = self.by_length.get(length, {})
            matches = extract(
                word,
                words.keys(),
                scorer=OSA.distance,
                processor=None,
                score_cutoff=reach(word),
                limit=NEAR_PER_LENGTH,
            )
            proposed |= {term: words[term] for term, _, _ in matches}
        return nearest(word, proposed)


class Words:
    """The words in the live index."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._dictionary: Dictionary | None = None

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return the number of documents that hold each (field, token)."""
        searcher = self._folder.searcher()
        counts = []
        for field, value in terms:
            count = int(searcher.doc_freq(field, value))
            if 0 < count <= COUNTED_EXACTLY:
                query = tantivy.Query.term_query(PAGES_SCHEMA, field, value)
                count = int(searcher.search(query, 1).count or 0)
            counts.append(count)
        return counts

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words in the index that begin with `prefix`, most frequent first."""
        searcher = self._folder.searcher()
        found: dict[str, int] = {}
        for name in WORD_FIELDS:
            for term, frequency in searcher.terms_with_prefix(f"{name}_words", prefix):
                found[term] = found.get(term, 0) + frequency
        found.pop(GAP, None)
        ranked = most_frequent(found)
        return ranked[:limit] if limit > LISTED_WORDS else list(islice(_living(searcher, ranked), limit))

    def near(self, words: Sequence[str]) -> list[list[TermFrequency]]:
        """Return for each word those within edit distance 1 (up to 7 letters) or 2, by distance, then frequency."""
        if not words:
            return []
        dictionary = self._read()
        searcher = self._folder.searcher()
        return [list(islice(_living(searcher, dictionary.near(word)), LISTED_WORDS)) for word in words]

    def _read(self) -> Dictionary:
        """Return the list of all words; reread it when the index has changed."""
        # Taken first, so that words committed meanwhile are read twice rather than missed.
        state = self._state()
        searcher = self._folder.searcher()
        known = self._dictionary
        now = time.monotonic()
        if known is not None and (
            known.state == state or (known.seconds > 0.05 and now - known.read_at < DICTIONARY_SECONDS)
        ):
            return known
        by_length: dict[int, dict[str, int]] = {}
        for name in WORD_FIELDS:
            for term, frequency in searcher.terms_with_prefix(f"{name}_words", ""):
                if term.isalpha():
                    words = by_length.setdefault(len(term), {})
                    words[term] = words.get(term, 0) + frequency
        self._dictionary = Dictionary(state, now, time.monotonic() - now, by_length)
        return self._dictionary

    def _state(self) -> tuple[str, int]:
        """Return a value that changes with every commit and swap."""
        generation = self._folder.live()
        try:
            return generation.path.name, os.stat(generation.path / "pages" / "meta.json").st_mtime_ns
        except OSError:
            return "", time.monotonic_ns()


def _living(searcher: tantivy.Searcher, terms: Iterable[TermFrequency]) -> Iterator[TermFrequency]:
    """Yield the words that a document still holds: words of deleted ones stay in the files until a merge."""
    for found in terms:
        if not found.frequency:
            continue
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(PAGES_SCHEMA, f"{name}_words", found.term))
            for name in WORD_FIELDS
        ]
        if searcher.search(tantivy.Query.boolean_query(clauses), 1, count=False).hits:
            yield found
