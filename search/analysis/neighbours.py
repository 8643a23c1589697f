"""What a word is found by because of its neighbours: shared parts, and words torn in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.analysis.compounds import MAX_WORD
from search.analysis.lexicon import is_listed
from search.analysis.signs import CONJUNCTIONS, ELLIPSIS
from search.analysis.spellings import Spellings
from search.analysis.tokens import Found, Word

_CONJUNCTIONS = frozenset(CONJUNCTIONS.split("|"))


class Beside:
    """Reads the words of a text together with their neighbours."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._modifiers = spellings.lexicon.modifiers

    def completed(self, plain: str, found: Sequence[Found]) -> dict[int, Word]:
        """Return, by position, the words that mean more next to their neighbours than alone."""
        more: dict[int, Word] = {}
        last = len(found) - 1
        for number, (match, word) in enumerate(found):
            start, end = match.span()
            following = plain[end : end + 1]
            joined = None
            may_be_torn = not word.known or word.spelling in self._modifiers
            if following == " " and may_be_torn and number < last and end + 1 == found[number + 1][0].start():
                joined = self._spaced(word, found[number + 1][1])
            elif following in ELLIPSIS and not plain[end + 1 : end + 2].isalnum():
                joined = self._shared_head(plain, found, number)
            if joined is None and start > 1 and plain[start - 1] in ELLIPSIS and plain[start - 2].isspace():
                joined = self._shared_first(found, number)
            if joined is not None:
                more[number] = _both(word, joined)
        return more

    def _shared_head(self, plain: str, found: Sequence[Found], number: int) -> Word | None:
        """Complete a front part whose head comes later: Lern- und Sprachförderung, Schwerst-/Mehrfachbehinderung."""
        torn = self._torn(plain, found[number : number + 2])
        if torn is not None:
            return torn
        for match, word in found[number + 1 : number + 6]:
            if plain[match.end() : match.end() + 1] in ELLIPSIS or word.word in _CONJUNCTIONS:
                continue
            return self._with_head(found[number][1].spelling, word)
        return None

    def _torn(self, plain: str, pair: Sequence[Found]) -> Word | None:
        """Rejoin a word whose line break became a space in extraction: Förder- schwerpunkt."""
        if len(pair) < 2:
            return None
        (first, piece), (second, rest) = pair
        whole = piece.spelling + rest.spelling
        if second[0][:1].islower() and plain[first.end() + 1 : second.start()] == " " and is_listed(whole):
            return self._spellings.of(whole)
        return None

    def _with_head(self, piece: str, other: Word) -> Word | None:
        if other.head and (joined := self._spellings.of(piece + other.head)).known:
            return joined
        # Vor- und Nachteile: not a compound, so try what forms a word.
        whole = other.spelling
        for cut in range(3, min(len(whole), MAX_WORD) - 2):
            if is_listed(piece + whole[cut:]):
                return self._spellings.of(piece + whole[cut:])
        return None

    def _shared_first(self, found: Sequence[Found], number: int) -> Word | None:
        """Complete a head whose first part came earlier: Sprachförderung und -therapie."""
        for _, word in reversed(found[max(0, number - 3) : number]):
            if word.front:
                joined = self._spellings.of(word.front + found[number][1].spelling)
                return joined if joined.known else None
        return None

    def _spaced(self, first: Word, second: Word) -> Word | None:
        """Rejoin a form that only occurs inside compounds with its word: Sprach förderung."""
        joined = self._spellings.of(first.spelling + second.spelling)
        if not joined.known or not joined.parts or joined.first != first.spelling:
            return None
        if first.known and not self._spellings.compounds.lemmas.of(joined.spelling, True):
            return None
        return replace(joined, lemmas=(*joined.parts[:1], *joined.lemmas), parts=())


def _both(word: Word, joined: Word) -> Word:
    """Return the word, also found by what it forms with its neighbours."""
    return replace(
        word,
        lemmas=tuple(dict.fromkeys((*word.lemmas, *joined.lemmas))),
        parts=tuple(dict.fromkeys((*word.parts, *joined.parts))),
        known=True,
    )
