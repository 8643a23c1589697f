"""analyser(locale) -> the analysis of a language, for documents and questions alike: the one door.

A further language is a module of `languages/` and a line of `ANALYSERS` (docs/developing.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from search.analysis.languages.german import German
from search.analysis.marking import Highlighter, Matcher
from search.analysis.tokens import AnalysedText, Neighbours, Token, Word


class Marker(Protocol):
    """What marks the words of a question in texts; it returns safe HTML."""

    def highlight(self, text: str) -> str:
        """Return the text, every word that matches wrapped in <mark>."""

    def best_passage(self, text: str, length: int = 240) -> str | None:
        """Return the stretch where most of what was looked for stands together; None without a match."""


class Analyser(Protocol):
    """The analysis of a language with the words of its lexicon and the editors'. It never changes."""

    def __hash__(self) -> int:
        """Return what tells analysers apart, so that values may be kept by the one that made them."""

    @property
    def name(self) -> str:
        """Changes whenever the same text could give other terms: part of what an index notes of itself."""

    def text(self, text: str) -> AnalysedText:
        """Return a text as it is indexed."""

    def label(self, text: str) -> AnalysedText:
        """Return the same of a short text that stands on many pages; it is kept."""

    def read(self, text: str) -> Sequence[Word]:
        """Return the words of a text one by one, to be counted or compared."""

    def words(self, text: str) -> tuple[Token, ...]:
        """Return the words of a question with all that is to be known of each, and their places in it."""

    def joined_verb(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Return the words of a question with a verb and its particle put together: läuft … weg."""

    def neighbours(self, words: Sequence[Token]) -> tuple[Neighbours, ...]:
        """Return the words of a question, each with the one after it and the compound that the two make."""

    def halves(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """Yield ways to cut a word in two of which one half is known, and whether that is the first."""

    def spelling(self, word: str) -> str:
        """Return how a folded word is really written, as far as it is known."""

    def as_shown(self, word: str, typed: str) -> str:
        """Return the spelling of a folded word to show to a reader who typed `typed` instead."""

    def marker(self, words: Iterable[Token], others: Iterable[Token] = ()) -> Marker:
        """Return what marks the words of a question, and `others` that mean the same, in texts."""

    def hyphenated(self, token: str, shortest: int) -> str:
        """Return what stands between two spaces of a page with signs where it may break.

        Words of at least `shortest` letters get soft hyphens; slashes and the joints of addresses a `<wbr>`.
        """


NOTHING: Marker = Highlighter(Matcher(), lambda text, wanted: ())
"""Marks nothing: for texts that no words led to."""

Make = Callable[[tuple[str, ...]], Analyser]

ANALYSERS: Mapping[str, Make] = {"de": German}
"""By locale."""

OTHERWISE: Make = German
"""For all other locales: it knows English and Danish words as well."""

KEPT = 3 * len({*ANALYSERS.values(), OTHERWISE})
"""Analysers kept for whoever asks next, the newest: those of old words go, with the hundred thousand words they saw."""


def analyser(locale: str, editor_words: tuple[str, ...] = ()) -> Analyser:
    """Return the analyser of a locale with these words of editors on top of the shipped ones.

    They are written as in `data/lexicon.txt`. The same words give the same analyser as long as it is kept.
    """
    return _made(ANALYSERS.get(locale, OTHERWISE), editor_words)


@lru_cache(maxsize=KEPT)
def _made(make: Make, editor_words: tuple[str, ...]) -> Analyser:
    return make(editor_words)
