"""What every language does alike: read a text into words with their places, index them, mark them.

A language derives from `Plain` and says which words are stop words and what a word is found by (`stem`); that is enough
for a language of which we have a stemmer and no more. `german.German` overrides the rest.
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
from search.analysis.tokens import MAX_TERM, AnalysedText, Found, Neighbours, Place, Token, Wanted, Word, term

MAX_SURFACE = 2 * MAX_TERM
"""Letters above which something is no word, and shall not fill the memories."""


class Plain:
    """A language by its stop words and a stemmer. It never changes and refers to nothing that refers to it, see `memory`.

    Words of editors are ignored: they are for languages with a lexicon.
    """

    stop_words: ClassVar[frozenset[str]] = frozenset()
    """Words in lower case that a question can do without."""

    revision: ClassVar[int] = 1
    """Raise it when the rules of the language change: indexes are built anew."""

    def __init__(self, editor_words: Iterable[str] = ()) -> None:
        self._labels: Memory[str, AnalysedText] = Memory(10_000)
        self._pieces: Memory[str, tuple[tuple[str, ...], tuple[tuple[int, int, Word], ...]]] = Memory(50_000)
        self._words: Memory[str, Word] = Memory(50_000)

    @property
    def name(self) -> str:
        """Changes whenever the same text could give other terms."""
        facts = (type(self).__name__, str(self.revision), version("snowballstemmer"), *sorted(self.stop_words))
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]

    # What a language says ---------------------------------------------------------------------

    def stem(self, word: str) -> str:
        """Return what all forms of a word in lower case have in common: the word itself, unless a language says more."""
        return word

    def _word(self, spelling: str) -> Word:
        """What holds for a spelling wherever it stands."""
        try:
            return self._words[spelling]
        except KeyError:
            lower = spelling.lower()
            stem = term(self.stem(lower))
            word = Word(term(lower), (stem,), (), stem, False, lower, is_stopword=lower in self.stop_words)
            return self._words.keep(spelling, word)

    def _spelled(self, plain: str) -> list[Found]:
        """The words of a normalised text, each by itself."""
        return [(match, self._word(cleaned(match[0])[:MAX_SURFACE])) for match in WORD.finditer(plain)]

    def _completed(self, plain: str, found: Sequence[Found]) -> Mapping[int, Word]:
        """Words that those beside them make others of, by their place in `found`."""
        return {}

    def _needs_neighbours(self, plain: str) -> bool:
        """Whether the words of a text cannot be told piece by piece."""
        return False

    # Texts -----------------------------------------------------------------------------------

    def text(self, text: str) -> AnalysedText:
        """A text as it is indexed."""
        read = self.read(text)
        bag: list[str] = []
        for word in read:
            bag += dict.fromkeys(word.lemmas)
            bag += ["+" + part for part in dict.fromkeys(word.parts)]
            bag.append("~" + word.stem)
        return AnalysedText(" ".join([word.word for word in read]), " ".join(bag))

    def label(self, text: str) -> AnalysedText:
        """The same of a text that stands on many pages: kept."""
        try:
            return self._labels[text]
        except KeyError:
            return self._labels.keep(text, self.text(text))

    def read(self, text: str) -> list[Word]:
        """The words of a text one by one, to be counted or compared."""
        plain, _ = normalised(text)
        found = self._spelled(plain)
        words = [word for _, word in found]
        for number, word in self._completed(plain, found).items():
            words[number] = word
        return words

    # Questions -------------------------------------------------------------------------------

    def words(self, text: str) -> tuple[Token, ...]:
        """The words of a question, in order, with offsets into the text as given."""
        return tuple(self._token(text[start:end], start, end, word) for start, end, word in self._placed(text))

    def _placed(self, text: str) -> Iterator[tuple[int, int, Word]]:
        plain, offsets = normalised(text)
        found = self._spelled(plain)
        completed = self._completed(plain, found)
        for number, (match, word) in enumerate(found):
            start, end = match.span()
            if offsets is not None:
                start, end = offsets[start][0], offsets[end - 1][1]
            yield start, end, completed.get(number, word)

    def _token(self, text: str, start: int, end: int, word: Word) -> Token:
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
        """The words of a question as they are: verbs are not torn."""
        return tuple(tokens)

    def neighbours(self, words: Sequence[Token]) -> tuple[Neighbours, ...]:
        """The words of a question, each with the one after it; they make no compounds."""
        return tuple(Neighbours(first, second) for first, second in pairwise(words))

    def halves(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """No ways to cut a word in two."""
        return iter(())

    def spelling(self, word: str) -> str:
        """The folded word: how it is really written no lexicon tells."""
        return word

    def as_shown(self, word: str, typed: str) -> str:
        """The folded word, for the same reason."""
        return word

    # Pages -----------------------------------------------------------------------------------

    def marker(self, words: Iterable[Token], others: Iterable[Token] = ()) -> Highlighter:
        """What marks these words of a question in texts; `others` stand for other words that mean the same."""
        return Highlighter(Matcher.for_tokens(words, others), self.matching)

    def matching(self, text: str, wanted: Wanted) -> list[Place]:
        """The words of a text that match.

        A page of results holds some thousand words and few hundred different ones, so the verdicts keep what was found
        in each piece between spaces and places are made of hits alone. A text whose words need their neighbours to be
        judged is analysed in full.
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
        """The words that stand between two spaces with their places, and before them all that they can be found by.

        Only a line break inside a word would need more than that piece to be seen.
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
        """What stands between two spaces of a page as it is: where its words may break is not known."""
        return token


def _place(start: int, end: int, word: Word) -> Place:
    return Place(start, end, word.word, word.lemmas, word.parts, word.stem)
