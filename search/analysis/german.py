"""The analyser of German: the one analysis for both engines, for text and question alike.

Engines differ in every analyser they ship, so they only get words that are already analysed here. English and Danish
words in the texts are handled as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from search.analysis import numbers
from search.analysis.compounds import Compounds
from search.analysis.derivation import Derivation, loose_stem
from search.analysis.hyphenation import Hyphenation
from search.analysis.lemmas import Lemmas
from search.analysis.lexicon import Lexicon, capital, stopwords
from search.analysis.marking import Highlighter, Matcher
from search.analysis.memory import Memory
from search.analysis.neighbours import Found, Neighbours
from search.analysis.signs import CUT_SHORT, PIECE, WORD, cleaned, normalised
from search.analysis.spellings import Spellings
from search.analysis.tokens import MAX_TERM, AnalysedText, Place, Token, Wanted, Word, clip

MAX_SURFACE = 2 * MAX_TERM
"""Letters above which something is no word, and shall not fill the memories."""


class German:
    """German with the shipped words and the editors'. It refers to nothing that refers to it, see `memory`."""

    def __init__(self, editor_words: Iterable[str] = ()) -> None:
        self._lexicon = Lexicon.with_words(editor_words)
        self._compounds = Compounds(self._lexicon, Lemmas(self._lexicon))
        self._spellings = Spellings(self._compounds)
        self._neighbours = Neighbours(self._spellings)
        self._derivation = Derivation(self._spellings)
        self._hyphenation = Hyphenation(self._compounds)
        self._labels: Memory[str, AnalysedText] = Memory(10_000)
        self._pieces: Memory[str, tuple[tuple[str, ...], tuple[tuple[int, int, Word], ...]]] = Memory(50_000)
        self._closed: Memory[tuple[str, str], Token | None] = Memory(10_000)

    @property
    def name(self) -> str:
        """Changes whenever the same text could give other terms: rules, lists, dictionaries."""
        return self._lexicon.version

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
        for number, word in self._neighbours.completed(plain, found).items():
            words[number] = word
        return words

    def _spelled(self, plain: str) -> list[Found]:
        """The words of a normalised text."""
        found: list[Found] = []
        position = 0
        for number, reading in numbers.readings(plain):
            found += self._in_letters(plain, position, number.start())
            lemmas = tuple(map(clip, reading.lemmas))
            found.append((number, Word(lemmas[0], lemmas, reading.parts, lemmas[0], True, lemmas[0])))
            position = number.end()
        return found + self._in_letters(plain, position, len(plain))

    def _in_letters(self, plain: str, start: int, end: int) -> list[Found]:
        word_of = self._spellings.of
        return [(match, word_of(cleaned(match[0])[:MAX_SURFACE])) for match in WORD.finditer(plain, start, end)]

    # Questions -------------------------------------------------------------------------------

    def words(self, text: str) -> tuple[Token, ...]:
        """The words of a question, in order, with offsets into the text as given."""
        return tuple(self._token(text[start:end], start, end, word) for start, end, word in self._placed(text))

    def _placed(self, text: str) -> Iterator[tuple[int, int, Word]]:
        plain, offsets = normalised(text)
        found = self._spelled(plain)
        completed = self._neighbours.completed(plain, found)
        for number, (match, word) in enumerate(found):
            start, end = match.span()
            if offsets is not None:
                start, end = offsets[start][0], offsets[end - 1][1]
            yield start, end, completed.get(number, word)

    def _token(self, text: str, start: int, end: int, word: Word) -> Token:
        relatives = self._derivation.relatives(word)
        return Token(
            text=text,
            start=start,
            end=end,
            word=word.word,
            lemmas=word.lemmas,
            parts=word.parts,
            stem=word.stem,
            known=word.known,
            relatives=relatives,
            loose_stem=loose_stem(word, relatives),
            is_whole_in_compounds=not word.known or text.lower() in self._lexicon.abbreviations,
            is_stopword=word.is_stopword,
            is_of_sentences=stopwords().get(word.word, False),
            shown=self._spellings.as_shown(word.word, text),
        )

    def joined_verb(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The words of a question with a verb put together again that ends the sentence: läuft … weg is weglaufen."""
        torn = self._derivation.torn_verb(tokens)
        if torn is None:
            return tuple(tokens)
        number, verb = torn
        token = tokens[number]
        whole = self._token(token.text, token.start, token.end, self._spellings.of(verb))
        return (*tokens[:number], whole, *tokens[number + 1 : -1])

    def closed(self, first: Token, second: Token) -> Token | None:
        """The compound that two words make, if they make one: Sprache and Förderung, Sprachförderung."""
        pair = first.word, second.word
        try:
            return self._closed[pair]
        except KeyError:
            joined = self._compounds.closed(self.spelling(pair[0]), self.spelling(pair[1]))
            return self._closed.keep(pair, self.words(capital(joined))[0] if joined else None)

    def halves(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """Ways to cut a word in two of which one half is known, and whether that is the first: for typos in the other."""
        return self._compounds.halves(word)

    def spelling(self, word: str) -> str:
        """How a folded word is really written, as far as a lexicon knows it: `foerderung` gives `förderung`."""
        return self._spellings.of(word).spelling

    def as_shown(self, word: str, typed: str) -> str:
        """The spelling to show a reader who typed `typed`: nouns with a capital, other words as he began his."""
        return self._spellings.as_shown(word, typed)

    # Pages -----------------------------------------------------------------------------------

    def marker(self, words: Iterable[Token], others: Iterable[Token] = ()) -> Highlighter:
        """What marks these words of a question in texts; `others` stand for other words that mean the same."""
        return Highlighter(Matcher.for_tokens(words, others), self.matching)

    def matching(self, text: str, wanted: Wanted) -> list[Place]:
        """The words of a text that match.

        A page of results holds some thousand words and few hundred different ones, so the verdicts keep what was found
        in each piece between spaces and places are made of hits alone. Only a word cut short (Lern- und
        Sprachförderung) and some numbers (21. April) need their neighbours to be judged; then the text is analysed in
        full.
        """
        if not wanted.names:
            return []
        plain, offsets = normalised(text)
        if CUT_SHORT.search(plain) or numbers.needs_neighbours(plain):
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
        """What stands between two spaces of a page, with signs where it may break."""
        return self._hyphenation.hyphenated(token, shortest)


def _place(start: int, end: int, word: Word) -> Place:
    return Place(start, end, word.word, word.lemmas, word.parts, word.stem)
