"""The German analyser: the one analysis for both engines, for texts and questions alike.

Engines ship analysers that all differ, so they only receive words analysed here. English and Danish words in the
texts are handled too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from search.analysis import numbers
from search.analysis.compounds import Compounds
from search.analysis.derivation import Derivation, loose_stem
from search.analysis.hyphenation import Hyphenation
from search.analysis.languages.plain import MAX_SURFACE, Plain
from search.analysis.lemmas import Lemmas
from search.analysis.lexicon import Lexicon, capital, general_words, is_listed
from search.analysis.memory import Memory
from search.analysis.neighbours import Beside
from search.analysis.signs import CUT_SHORT, WORD, readings
from search.analysis.spellings import Spellings
from search.analysis.tokens import Found, Neighbours, Token, Word, clip

_LATIN = re.compile("[a-z]", re.IGNORECASE)


class German(Plain):
    """German with the shipped and the editors' words. Holds no reference cycles, see `memory`."""

    def __init__(self, editor_words: Iterable[str] = ()) -> None:
        super().__init__()
        self._lexicon = Lexicon.with_words(editor_words)
        self._compounds = Compounds(self._lexicon, Lemmas(self._lexicon))
        self._spellings = Spellings(self._compounds)
        self._beside = Beside(self._spellings)
        self._derivation = Derivation(self._spellings)
        self._hyphenation = Hyphenation(self._compounds)
        self._closed: Memory[tuple[str, str], Token | None] = Memory(10_000)

    @property
    def name(self) -> str:
        """A name that changes whenever the same text could yield other terms: rules, lists, dictionaries."""
        return self._lexicon.version

    def _spelled(self, plain: str) -> list[Found]:
        """Return the words of a normalised text."""
        found: list[Found] = []
        position = 0
        for number, reading in numbers.readings(plain):
            found += self._in_letters(plain, position, number.start())
            lemmas = tuple(map(clip, reading.lemmas))
            found.append((number, Word(lemmas[0], lemmas, reading.parts, lemmas[0], True, lemmas[0])))
            position = number.end()
        return found + self._in_letters(plain, position, len(plain))

    def _in_letters(self, plain: str, start: int, end: int) -> list[Found]:
        word_of, either = self._spellings.of, self._either
        return [
            (match, word_of(raw[:MAX_SURFACE]) if (raw := match[0]).isalnum() else either(readings(raw)))
            for match in WORD.finditer(plain, start, end)
        ]

    def _either(self, spellings: Sequence[str]) -> Word:
        """Return the word for a spelling, also found by the lemmas of the others that it may mean."""
        if len(spellings) == 1:
            return self._spellings.of(spellings[0][:MAX_SURFACE])
        word, *others = (self._spellings.of(spelling[:MAX_SURFACE]) for spelling in spellings)
        lemmas = (lemma for other in (word, *others) for lemma in other.lemmas)
        return replace(word, lemmas=tuple(dict.fromkeys(lemmas)))

    def _completed(self, plain: str, found: Sequence[Found]) -> Mapping[int, Word]:
        """Return words that share a part with a neighbour, and words torn in two."""
        return self._beside.completed(plain, found)

    def _needs_neighbours(self, plain: str) -> bool:
        """Return whether the text has a truncated word (Lern- und Sprachförderung) or certain numbers (21. April)."""
        return bool(CUT_SHORT.search(plain)) or numbers.needs_neighbours(plain)

    # Questions -------------------------------------------------------------------------------

    def make_token(self, text: str, start: int, end: int, word: Word) -> Token:
        relatives = self._derivation.relatives(word)
        return replace(
            super().make_token(text, start, end, word),
            relatives=relatives,
            loose_stem=loose_stem(word, relatives),
            is_whole_in_compounds=not word.known or text.lower() in self._lexicon.abbreviations,
            is_general=not general_words().isdisjoint((word.word, *word.lemmas)),
            is_compound=word.is_compound,
            shown=self._spellings.as_shown(word.word, text),
        )

    def joined_verb(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Rejoin a verb with the particle that ends the sentence: läuft … weg is weglaufen."""
        torn = self._derivation.torn_verb(tokens)
        if torn is None:
            return tuple(tokens)
        number, verb = torn
        token = tokens[number]
        whole = self.make_token(token.text, token.start, token.end, self._spellings.of(verb))
        return (*tokens[:number], whole, *tokens[number + 1 : -1])

    def neighbours(self, words: Sequence[Token]) -> tuple[Neighbours, ...]:
        """Return each pair of adjacent words in a question, with the compound they form in either order."""
        return tuple(
            Neighbours(first, second, self.closed(first, second) or self.closed(second, first))
            for first, second in pairwise(words)
        )

    def closed(self, first: Token, second: Token) -> Token | None:
        """Return the compound that two words form, if any: Sprache and Förderung, Sprachförderung."""
        pair = first.word, second.word
        try:
            return self._closed[pair]
        except KeyError:
            joined = self._compounds.closed(self.spelling(pair[0]), self.spelling(pair[1]))
            return self._closed.keep(pair, self.words(capital(joined))[0] if joined else None)

    def halves(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """Yield splits into two halves of which one is known, and whether that is the first: for typos in the other."""
        return self._compounds.halves(word)

    def mended(self, front: str, head: str, front_is_known: bool) -> str | None:
        """Return the compound of two halves with one letter of the unknown half mended, if that gives a word."""
        return self._compounds.mended(front, head, front_is_known)

    def is_foreign(self, text: str) -> bool:
        """Return whether a text is in another language: fewer than half of its words are German.

        One unknown word in Latin letters is not: it may be a name, or misspelt.
        """
        words = [word for word in self.read(text) if not word.word.isdigit()]
        known = sum(self._is_german(word) for word in words)
        return 2 * known < len(words) and (len(words) > 1 or not _LATIN.search(text))

    def _is_german(self, word: Word) -> bool:
        """Return whether a word stands in a German list, not only in those of other languages."""
        lists = self._lexicon.words, self._lexicon.forms
        return word.is_compound or any(
            is_listed(form) or any(form in listed for listed in lists) for form in (word.spelling, *word.lemmas)
        )

    def spelling(self, word: str) -> str:
        """Return the real spelling of a folded word, if the lexicon has it: `foerderung` gives `förderung`."""
        return self._spellings.of(word).spelling

    def as_shown(self, word: str, typed: str) -> str:
        """Return the spelling to show a reader who typed `typed`: nouns capitalised, others in the reader's case."""
        return self._spellings.as_shown(word, typed)

    def hyphenated(self, token: str, shortest: int) -> str:
        """Return a space-delimited token of a page with break opportunities added."""
        return self._hyphenation.hyphenated(token, shortest)
