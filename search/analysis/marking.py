"""Mark what matched, and choose the passage to show.

Our own for both engines, because their highlighters disagree. It works on analysed tokens, so a compound is marked as
a whole even when the query has only a part of it, and nothing reaches the page unescaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TypeVar

from search.analysis.tokens import Findable, Place, Placed, SoughtWords, Token, Word

P = TypeVar("P", bound=Placed)

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound in a query: matched as one word, or by all its parts together."""

    lemmas: frozenset[str]
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a query looks for, compared with the tokens of a text.

    `parts` are the parts of all compounds, `names` is everything a word can match by. `verdicts` caches the matches
    in a piece of text: words with their offsets.
    """

    words: frozenset[str] = frozenset()
    lemmas: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    compounds: tuple[Compound, ...] = ()
    parts: frozenset[str] = frozenset()
    names: frozenset[str] = field(init=False, compare=False, repr=False)
    verdicts: dict[str, list[tuple[int, int, Word]]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", self.words | self.lemmas | self.stems | self.parts)

    @classmethod
    def for_tokens(cls, tokens: Iterable[Token], others: Iterable[Token] = ()) -> Matcher:
        """Return a matcher for everything the tokens of a query can be found by.

        `others` are the tokens of synonyms; they have no relatives and are not split.
        """
        typed = tuple(tokens)
        listed = (*typed, *others)
        compounds = dict.fromkeys(
            Compound(frozenset(token.lemmas), frozenset(token.parts)) for token in typed if token.is_compound
        )
        return cls(
            words=frozenset(token.word for token in listed),
            lemmas=frozenset(lemma for token in listed for lemma in token.lemmas)
            | frozenset(relative for token in typed for relative in token.relatives),
            stems=frozenset(stem for token in typed if (stem := token.loose_stem)),
            compounds=tuple(compounds),
            parts=frozenset(part for compound in compounds for part in compound.parts),
        )

    def matches(self, word: Findable, /) -> bool:
        """Return whether the word matches, alone or together with other words of its text."""
        return self._finds(word) or not (self.parts.isdisjoint(word.lemmas) and self.parts.isdisjoint(word.parts))

    def settled(self, hits: Sequence[P]) -> Sequence[P]:
        """Return the words of one text that really match in it.

        A part of a compound counts only where all parts occur and the compound does not: Leseförderung is no match for
        Sprachförderung, and neither is Sprache alone.
        """
        if not self.compounds:
            return hits
        lemmas = {lemma for token in hits for lemma in token.lemmas}
        names = {name for token in hits for name in _names(token)}
        complete: set[str] = set()
        for compound in self.compounds:
            if compound.parts <= names and not compound.lemmas & lemmas:
                complete |= compound.parts
        return [token for token in hits if self._finds(token) or complete & _names(token)]

    def _finds(self, token: Findable) -> bool:
        return (
            token.word in self.words
            or token.stem in self.stems
            or not self.lemmas.isdisjoint(token.lemmas)
            or not self.lemmas.isdisjoint(token.parts)
        )


def _names(token: Findable) -> frozenset[str]:
    return frozenset((*token.lemmas, *token.parts))


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Marks in texts what a question looks for; `places` finds the words that may match."""

    matcher: Matcher
    places: Callable[[str, SoughtWords], Sequence[Place]]

    def highlight(self, text: str) -> str:
        """Return the text as safe HTML with every matching word wrapped in <mark>."""
        return mark(text, self._hits(text))

    def best_passage(self, text: str, length: int = 240) -> str | None:
        """Return the highlighted stretch with the densest matches, or None without a match."""
        return passage(text, self._hits(text), length)

    def _hits(self, text: str) -> Sequence[Place]:
        return self.matcher.settled(self.places(text, self.matcher))


def mark(text: str, hits: Iterable[Placed]) -> str:
    """Return the text as HTML with `<mark>` around the matching words, whose offsets refer to this text."""
    return _marked(text, hits, 0, len(text))


def passage(text: str, hits: Sequence[Placed], length: int) -> str | None:
    """Return the stretch of about `length` characters with the most matches, as HTML."""
    if not hits:
        return None
    first, last = _densest(hits, length)
    spare = max(0, length - (hits[last].end - hits[first].start))
    start = _word_start(text, hits[first].start, max(0, hits[first].start - spare // 2))
    end = _word_end(text, hits[last].end, min(len(text), max(hits[last].end, start + length)))
    if end == len(text):
        start = _word_start(text, hits[first].start, max(0, min(start, end - length)))
    body = _marked(text, hits, start, end).strip()
    # A truncated text already has its own dots.
    after = ELLIPSIS if text[end:].strip() and not body.endswith(ELLIPSIS) else ""
    return (ELLIPSIS if text[:start].strip() else "") + body + after


def _marked(text: str, hits: Iterable[Placed], start: int, end: int) -> str:
    pieces: list[str] = []
    position = start
    for token in hits:
        if token.start < position or token.end > end:
            continue  # outside, or a second token from the same characters (½ reads as 1 and 2)
        pieces += (
            escape(text[position : token.start]),
            f"<mark>{escape(text[token.start : token.end])}</mark>",
        )
        position = token.end
    pieces.append(escape(text[position:end]))
    return "".join(pieces)


def _densest(hits: Sequence[Placed], length: int) -> tuple[int, int]:
    """Return the first and last match of the best group: most distinct words, then most words, then the earliest."""
    best = (0, 0, 0)
    where = (0, 0)
    first = 0
    counts: dict[str, int] = {}
    for last, hit in enumerate(hits):
        counts[hit.stem] = counts.get(hit.stem, 0) + 1
        while first < last and hit.end - hits[first].start > length:
            leaving = hits[first].stem
            counts[leaving] -= 1
            if not counts[leaving]:
                del counts[leaving]
            first += 1
        score = (len(counts), last - first + 1, -first)
        if score[:2] > best[:2]:
            best, where = score, (first, last)
    return where


def _word_start(text: str, hit: int, wanted: int) -> int:
    """Return the first word boundary at or after `wanted`, but not past the match."""
    if wanted == 0 or text[wanted - 1].isspace():
        return wanted
    border = re.compile(r"\s+").search(text, wanted, hit)
    return border.end() if border else hit


def _word_end(text: str, hit: int, wanted: int) -> int:
    """Return the last word boundary at or before `wanted`, but not before the match."""
    if wanted >= len(text) or text[wanted].isspace():
        return wanted
    while wanted > hit and not text[wanted - 1].isspace():
        wanted -= 1
    return max(hit, wanted)
