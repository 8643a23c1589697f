"""From what a reader types to what is looked for: words, phrases, exclusions, identifiers.

Nothing a reader can type is an error here; whatever has no word in it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.output import identifiers as isbn
from search.analysis.analysers import Analyser
from search.analysis.tokens import Token
from search.question.synonyms import Entry, Synonyms, key_of

_QUOTED = re.compile(r'(?P<minus>(?<!\S)-)?["“”„«»](?P<text>[^"“”„«»]*)["“”„«»]')
_EXCLUDED = re.compile(r"(?<!\S)[-−–](?P<word>\w\S*)")
_ISBN = re.compile(
    r"(?<![\w-])(?:ISBN(?:-1[03])?:?\s*)?((?:97[89][\s-]?)?\d(?:[\s-]?\d){8}[\s-]?[\dXx])(?![\w-])", re.IGNORECASE
)

SYNONYMS_AT_MOST = 12
"""Ways to say one thing that are looked for; more would make every search of that word slow."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing the reader looks for, as typed and in other words: each alternative's tokens must all match.

    A loose one stands for a compound that is nowhere: its parts, of which any will do.
    """

    typed: Entry
    others: tuple[Entry, ...] = ()
    is_loose: bool = False
    weights: tuple[float, ...] = ()
    """What each of the others counts; 1 unless said."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two words of a query that follow each other, and the compound that they make: Sprache, Förderung."""

    first: Token
    second: Token
    closed: Token | None = None


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query taken apart.

    `words` are the words that count, in order, `neighbours` each two of them, `typed` all words. In a sentence not
    every word is meant.
    """

    clauses: tuple[Clause, ...] = ()
    phrases: tuple[Entry, ...] = ()
    excluded: tuple[Entry, ...] = ()
    identifiers: tuple[str, ...] = ()
    words: Entry = ()
    neighbours: tuple[Neighbours, ...] = ()
    typed: Entry = ()
    is_sentence: bool = False

    @property
    def others(self) -> Iterator[Token]:
        """Return the tokens of other words for what is looked for."""
        return (token for clause in self.clauses for entry in clause.others for token in entry)

    @property
    def key(self) -> str:
        """Return what it has in common with queries whose words differ only in form and order."""
        return key_of(self.words)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is looked for: all documents are shown."""
        return not (self.clauses or self.phrases or self.identifiers)


def parse(text: str, synonyms: Synonyms, analyser: Analyser) -> ParsedQuery:
    """Take a query apart; synonyms are matched on the words that are left."""
    phrases: list[Entry] = []
    excluded: list[Entry] = []
    identifiers: list[str] = []

    def take_quoted(match: re.Match[str]) -> str:
        tokens = analyser.words(match["text"])
        if tokens:
            (excluded if match["minus"] else phrases).append(tokens)
        return " "

    def take_excluded(match: re.Match[str]) -> str:
        tokens = analyser.words(match["word"])
        if tokens:
            excluded.append(tokens)
        return " "

    def take_isbn(match: re.Match[str]) -> str:
        if not isbn.is_valid(match[1]):
            return match[0]
        identifiers.append(isbn.to_isbn13(match[1]))
        return " "

    rest = _ISBN.sub(take_isbn, _QUOTED.sub(take_quoted, text))
    rest = _EXCLUDED.sub(take_excluded, rest)
    tokens = analyser.joined_verb(analyser.words(rest))
    content = tuple(token for token in tokens if not token.is_stopword)
    if not content and not phrases and not identifiers:
        content = tokens
    return ParsedQuery(
        clauses=clauses(content, synonyms),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        identifiers=tuple(identifiers),
        words=content,
        neighbours=neighbours(content, analyser),
        typed=tokens,
        is_sentence=any(token.is_of_sentences for token in tokens),
    )


def neighbours(words: Entry, analyser: Analyser) -> tuple[Neighbours, ...]:
    """Return the words that count, each with the one after it."""
    return tuple(
        Neighbours(first, second, analyser.closed(first, second) or analyser.closed(second, first))
        for first, second in pairwise(words)
    )


def clauses(tokens: Entry, synonyms: Synonyms) -> tuple[Clause, ...]:
    """Return a clause a word; words that a synonym entry covers together form one clause."""
    found: list[Clause] = []
    position = 0
    for match in synonyms.matches(tokens):
        found.extend(Clause((token,)) for token in tokens[position : match.start])
        found.append(Clause(tokens[match.start : match.end], match.others[:SYNONYMS_AT_MOST]))
        position = match.end
    found.extend(Clause((token,)) for token in tokens[position:])
    return tuple(found)
