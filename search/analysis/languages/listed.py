"""A language that has a dictionary besides stop words and a stemmer, and closed compounds where it writes such.

The dictionaries are simplemma's: irregular forms (børn, children) have their lemma, and a word that is in one is no typo. A term is
the stem of the lemma, so that a form no dictionary has still meets its relatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import product
from typing import ClassVar

from Stemmer import Stemmer

from search.analysis.languages.plain import Plain
from search.analysis.lexicon import dictionary
from search.analysis.tokens import Token, Word, fold, term

MIN_PART, MIN_COMPOUND = 4, 9
"""Letters of the shortest part and of the shortest compound: shorter ones are found in words that are none (for|ældre)."""

MAX_COMPOUND = 40

MAX_SPOTS = 6
"""Letters of a word that may stand for another one; each doubles the spellings to look up."""


class Listed(Plain):
    """A language with a dictionary; one that writes compounds names the letters that link their parts."""

    language: ClassVar[str]
    """Its code after ISO 639-1, by which dictionary and stemmer are found."""

    links: ClassVar[Sequence[str]] = ()
    """What may stand between the parts of a compound; without any, none is split."""

    no_fronts: ClassVar[frozenset[str]] = frozenset()
    no_heads: ClassVar[frozenset[str]] = frozenset()
    """Words that are prefixes and suffixes as well: nothing is a compound for beginning or ending with one."""

    restored: ClassVar[dict[str, str]] = {}
    """Letters by what folding makes of them."""

    @property
    def name(self) -> str:
        """A name that changes whenever the same text could yield other terms."""
        return f"{super().name}-{version('simplemma')}"

    def _word(self, spelling: str) -> Word:
        try:
            return self._words[spelling]
        except KeyError:
            lower = spelling.lower()
            stem = self._term(lower)
            parts = tuple(map(self._term, self._parts(lower)))
            word = Word(
                term(lower), (stem,), parts, stem, self._is_known(lower), lower, is_stopword=lower in self.stop_words
            )
            return self._words.keep(spelling, word)

    def _term(self, lower: str) -> str:
        lemma = dictionary(self.language).get(lower, lower).lower()
        # One for each word: it keeps a state, and threads share the analyser.
        return term(str(Stemmer(self.language, 0).stemWord(lemma)))

    def _is_known(self, lower: str) -> bool:
        return lower in dictionary(self.language)

    def _parts(self, lower: str) -> tuple[str, ...]:
        """Return the words that a compound is made of, without what links them; empty for a simple word."""
        if not self.links or not MIN_COMPOUND <= len(lower) <= MAX_COMPOUND or not lower.isalpha():
            return ()
        shortest = MIN_PART if self._is_known(lower) else MIN_PART - 1
        for place in range(MIN_PART, len(lower) - shortest + 1):
            head = lower[place:]
            if head not in self.no_heads and self._is_known(head) and (front := self._front(lower[:place])):
                return (*(self._parts(front) or (front,)), *(self._parts(head) or (head,)))
        return ()

    def _front(self, piece: str) -> str:
        """Return the word that a first part is, without what links it; empty if it is none. It may lack its last e."""
        bases = (piece.removesuffix(link) for link in ("", *self.links) if piece.endswith(link))
        words = (word for base in bases if base not in self.no_fronts for word in (base, base + "e"))
        return next((word for word in words if self._may_lead(word)), "")

    def _may_lead(self, word: str) -> bool:
        return len(word) >= MIN_PART and self._is_known(word)

    def make_token(self, text: str, start: int, end: int, word: Word) -> Token:
        """Return the word of a question; a compound is also found where its parts stand apart."""
        token = super().make_token(text, start, end, word)
        return Token(**{name: getattr(token, name) for name in Token.__slots__} | {"is_compound": word.is_compound})

    def is_foreign(self, text: str) -> bool:
        """Return whether fewer than half of a text's words stand in the dictionary; a single one tells nothing."""
        words = self.read(text)
        return len(words) > 1 and 2 * sum(word.known for word in words) < len(words)

    def spelling(self, word: str) -> str:
        """Return the real spelling of a folded word, if the dictionary has it."""
        return next((one for one in self._spellings_of(word) if self._is_known(one)), word)

    def as_shown(self, word: str, typed: str) -> str:
        """Return the spelling to show to a reader who typed `typed`: their own, if it is the same word."""
        return typed if fold(typed) == word else self.spelling(word)

    def _spellings_of(self, word: str) -> Iterator[str]:
        pieces: list[tuple[str, ...]] = []
        place = spots = 0
        while place < len(word):
            folded = next((one for one in self.restored if word.startswith(one, place)), "")
            if folded and spots < MAX_SPOTS:
                pieces.append((folded, self.restored[folded]))
                spots += 1
            else:
                folded = word[place]
                pieces.append((folded,))
            place += len(folded)
        return map("".join, product(*pieces))


def words_of(*lines: str) -> frozenset[str]:
    """Return the words of some lines."""
    return frozenset(_split(lines))


def _split(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from line.split()
