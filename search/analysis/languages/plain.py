"""What all languages share: read a text into words with offsets, index them, mark them.

A language derives from `Plain`, lists its stop words and defines what a word is found by (`stem`); that is enough
where we have a stemmer and no more. `german.German` overrides the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from typing import ClassVar

from search.analysis.marking import Highlighter, Matcher
from search.analysis.memory import Memory
from search.analysis.signs import PIECE, WORD, cleaned, normalised
from search.analysis.tokens import MAX_TERM, AnalysedText, Found, Neighbours, Place, SoughtWords, Token, Word, term

MAX_SURFACE = 2 * MAX_TERM
"""Anything longer is not a word and must not fill the caches."""


class Plain:
    """A language with stop words and a stemmer. Immutable, and holds no reference cycles, see `memory`.

    The editors' words are ignored: they are for languages with a lexicon.
    """

    stop_words: ClassVar[frozenset[str]] = frozenset()
    """Lower-case words that a question can do without."""

    revision: ClassVar[int] = 1
    """Raise this when the rules of the language change, so that indexes are rebuilt."""

    def __init__(self, editor_words: Iterable[str] = ()) -> None:
        self._labels: Memory[str, AnalysedText] = Memory(10_000)
        self._pieces: Memory[str, tuple[tuple[str, ...], tuple[tuple[int, int, Word], ...]]] = Memory(50_000)
        self._words: Memory[str, Word] = Memory(50_000)

    @property
    def name(self) -> str:
        """A name that changes whenever the same text could yield other terms."""
        facts = (type(self).__name__, str(self.revision), version("pystemmer"), *sorted(self.stop_words))
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]

    # What a language says ---------------------------------------------------------------------

    def stem(self, word: str) -> str:
        """Return what all forms of a lower-case word share: the word itself, unless a language overrides this."""
        return word

    def _word(self, spelling: str) -> Word:
        """Return what holds for a spelling wherever it occurs."""
        try:
            return self._words[spelling]
        except KeyError:
            lower = spelling.lower()
            stem = term(self.stem(lower))
            word = Word(term(lower), (stem,), (), stem, False, lower, is_stopword=lower in self.stop_words)
            return self._words.keep(spelling, word)

    def _spelled(self, plain: str) -> list[Found]:
        """Return the words of a normalised text, each analysed alone."""
        return [(match, self._word(cleaned(match[0])[:MAX_SURFACE])) for match in WORD.finditer(plain)]

    def _completed(self, plain: str, found: Sequence[Found]) -> Mapping[int, Word]:
        """Return words that their neighbours change, by their index in `found`."""
        return {}

    def _needs_neighbours(self, plain: str) -> bool:
        """Return whether words of the text can only be read together with their neighbours."""
        return False

    # Texts -----------------------------------------------------------------------------------

    def text(self, text: str) -> AnalysedText:
        """Return a text in the form in which it is indexed."""
        read = self.read(text)
        bag: list[str] = []
        for word in read:
            bag += dict.fromkeys(word.lemmas)
            bag += ["+" + part for part in dict.fromkeys(word.parts)]
            bag.append("~" + word.stem)
        return AnalysedText(" ".join([word.word for word in read]), " ".join(bag))

    def label(self, text: str) -> AnalysedText:
        """Like `text`, but cached: for texts that occur on many pages."""
        try:
            return self._labels[text]
        except KeyError:
            return self._labels.keep(text, self.text(text))

    def read(self, text: str) -> list[Word]:
        """Return the words of a text one by one, for counting or comparing."""
        plain, _ = normalised(text)
        found = self._spelled(plain)
        words = [word for _, word in found]
        for number, word in self._completed(plain, found).items():
            words[number] = word
        return words

    # Questions -------------------------------------------------------------------------------

    def words(self, text: str) -> tuple[Token, ...]:
        """Return the words of a question in order, with offsets into the original text."""
        return tuple(self.make_token(text[start:end], start, end, word) for start, end, word in self._placed(text))

    def _placed(self, text: str) -> Iterator[tuple[int, int, Word]]:
        plain, offsets = normalised(text)
        found = self._spelled(plain)
        completed = self._completed(plain, found)
        for number, (match, word) in enumerate(found):
            start, end = match.span()
            if offsets is not None:
                start, end = offsets[start][0], offsets[end - 1][1]
            yield start, end, completed.get(number, word)

    def make_token(self, text: str, start: int, end: int, word: Word) -> Token:
        return Token(
            text=text,
            start=start,
            end=end,
            word=word.word,
            lemmas=word.lemmas,
            parts=word.parts,
            stem=word.stem,
            known=word.known,
            is_stopword=word.is_stopword,
            shown=word.spelling,
        )

    def joined_verb(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Return the words unchanged: verbs are not separable."""
        return tuple(tokens)

    def neighbours(self, words: Sequence[Token]) -> tuple[Neighbours, ...]:
        """Return each pair of adjacent words in a question; they form no compounds."""
        return tuple(Neighbours(first, second) for first, second in pairwise(words))

    def halves(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """Yield nothing: words are not split."""
        return iter(())

    def is_foreign(self, text: str) -> bool:
        """Return False: without a dictionary no word is known to be of another language."""
        return False

    def mended(self, front: str, head: str, front_is_known: bool) -> str | None:
        """Return None: words are not split."""
        return None

    def spelling(self, word: str) -> str:
        """Return the folded word: there is no lexicon to give the real spelling."""
        return word

    def as_shown(self, word: str, typed: str) -> str:
        """Return the folded word, for the same reason."""
        return word

    # Pages -----------------------------------------------------------------------------------

    def marker(self, words: Iterable[Token], others: Iterable[Token] = ()) -> Highlighter:
        """Return a marker for the words of a question and for `others`, their synonyms."""
        return Highlighter(Matcher.for_tokens(words, others), self.matching)

    def matching(self, text: str, wanted: SoughtWords) -> list[Place]:
        """Return the matching words of a text.

        A results page holds some thousand words but only a few hundred different ones. So `verdicts` caches the matches
        of each space-delimited piece, and only matches become places. A text whose words depend on their neighbours
        is analysed in full.
        """
        if not wanted.names:
            return []
        plain, offsets = normalised(text)
        if self._needs_neighbours(plain):
            return [_place(start, end, word) for start, end, word in self._placed(text) if wanted.matches(word)]
        verdicts = wanted.verdicts
        pieces = set(plain.split())
        for piece in pieces.difference(verdicts):
            names, words = self._words_of(piece)
            may_match = not wanted.names.isdisjoint(names)
            verdicts[piece] = [word for word in words if wanted.matches(word[2])] if may_match else []
        if not any(map(verdicts.__getitem__, pieces)):
            return []
        places = []
        for match in PIECE.finditer(plain):
            for first, last, word in verdicts[match[0]]:
                start, end = match.start() + first, match.start() + last
                if offsets is not None:
                    start, end = offsets[start][0], offsets[end - 1][1]
                places.append(_place(start, end, word))
        return places

    def _words_of(self, piece: str) -> tuple[tuple[str, ...], tuple[tuple[int, int, Word], ...]]:
        """Return everything that a space-delimited piece can be found by, and its words with their offsets.

        Only a line break inside a word would need more context than the piece.
        """
        try:
            return self._pieces[piece]
        except KeyError:
            words = tuple((*match.span(), word) for match, word in self._spelled(piece))
            names = dict.fromkeys(
                name for _, _, word in words for name in (word.word, word.stem, *word.lemmas, *word.parts)
            )
            return self._pieces.keep(piece, (tuple(names), words))

    def hyphenated(self, token: str, shortest: int) -> str:
        """Return a space-delimited token of a page unchanged: where its words may break is unknown."""
        return token


def _place(start: int, end: int, word: Word) -> Place:
    return Place(start, end, word.word, word.lemmas, word.parts, word.stem)
