"""analyser(locale) -> the analysis of a language, for documents and questions alike: the one entry point.

To add a language, add a module to `languages/` and a line to `ANALYSERS` (docs/developing.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from search.analysis.languages.danish import Danish
from search.analysis.languages.english import English
from search.analysis.languages.german import German
from search.analysis.marking import Highlighter, Matcher
from search.analysis.tokens import AnalysedText, Neighbours, Token, Word


class Marker(Protocol):
    """Marks the words of a question in texts; returns safe HTML."""

    def highlight(self, text: str) -> str:
        """Return the text with every matching word wrapped in <mark>."""

    def best_passage(self, text: str, length: int = 240) -> str | None:
        """Return the stretch with the densest matches, or None without a match."""


class Analyser(Protocol):
    """The analysis of one language, with its lexicon and the editors' words. Immutable."""

    def __hash__(self) -> int:
        """Distinguish analysers, so that cached values can be keyed by the one that made them."""

    @property
    def name(self) -> str:
        """A name that changes whenever the same text could yield other terms; stored in the index."""

    def text(self, text: str) -> AnalysedText:
        """Return a text in the form in which it is indexed."""

    def label(self, text: str) -> AnalysedText:
        """Like `text`, but cached: for short texts that occur on many pages."""

    def read(self, text: str) -> Sequence[Word]:
        """Return the words of a text one by one, for counting or comparing."""

    def words(self, text: str) -> tuple[Token, ...]:
        """Return the words of a question, each with its offsets and everything the search needs to know about it."""

    def joined_verb(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Return the words of a question with a separated verb and its particle rejoined: läuft … weg."""

    def neighbours(self, words: Sequence[Token]) -> tuple[Neighbours, ...]:
        """Return each pair of adjacent words in a question, with the compound they form, if any."""

    def halves(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """Yield splits of a word into two halves of which one is known, and whether that is the first."""

    def mended(self, front: str, head: str, front_is_known: bool) -> str | None:
        """Return the compound of two halves with one letter of the unknown half mended, if that gives a word."""

    def is_foreign(self, text: str) -> bool:
        """Return whether a text is in another language, as far as its words can tell."""

    def spelling(self, word: str) -> str:
        """Return the real spelling of a folded word, if known."""

    def as_shown(self, word: str, typed: str) -> str:
        """Return the spelling of a folded word to show to a reader who typed `typed`."""

    def marker(self, words: Iterable[Token], others: Iterable[Token] = ()) -> Marker:
        """Return a marker for the words of a question and for `others`, their synonyms."""

    def hyphenated(self, token: str, shortest: int) -> str:
        """Return a space-delimited token of a page with break opportunities added.

        Words of at least `shortest` letters get soft hyphens; slashes and joints in addresses get a `<wbr>`.
        """


NOTHING: Marker = Highlighter(Matcher(), lambda text, wanted: ())
"""Marks nothing: for lists that no query produced."""

Make = Callable[[tuple[str, ...]], Analyser]

ANALYSERS: Mapping[str, Make] = {"de": German, "de-simple": German, "en": English, "da": Danish}
"""By locale. Leichte Sprache is German: its hyphens and Mediopunkte never change which word it is."""

OTHERWISE: Make = German
"""For all other locales."""

KEPT = 3 * len({*ANALYSERS.values(), OTHERWISE})
"""Analysers cached; those with outdated words are dropped, and the hundred thousand words they cached with them."""


def analyser(locale: str, editor_words: tuple[str, ...] = ()) -> Analyser:
    """Return the analyser of a locale with the editors' words on top of the shipped ones.

    They use the notation of `data/lexicon.txt`. The same words give the same analyser while it is cached.
    """
    return _made(ANALYSERS.get(locale, OTHERWISE), editor_words)


@lru_cache(maxsize=KEPT)
def _made(make: Make, editor_words: tuple[str, ...]) -> Analyser:
    return make(editor_words)
