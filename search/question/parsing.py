"""Parse what a reader types into words, phrases, exclusions and identifiers.

No input is an error here; anything without a word in it is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.output import identifiers as isbn
from search.analysis.analysers import Analyser
from search.analysis.tokens import Neighbours
from search.question.synonyms import Clause, Entry, Synonyms, key_of

_QUOTED = re.compile(r'(?P<minus>(?<!\S)-)?["“”„«»](?P<text>[^"“”„«»]*)["“”„«»]')
_DOI_LINK = re.compile(
    r"(?<!\w)(?:https?://(?:www\.|dx\.)?doi\.org/|(?:dx\.)?doi\.org/|doi:\s*)(?=10\.\d)", re.IGNORECASE
)
_EXCLUDED = re.compile(r"(?<!\S)[-−–](?P<word>\w\S*)")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A parsed query.

    `words` are the words that count, in order, `neighbours` the adjacent pairs, `typed` all words. `key` is the same for
    queries whose words differ only in form and order. `plain` is what was typed without operators, exclusions and
    identifiers.
    """

    clauses: tuple[Clause, ...] = ()
    phrases: tuple[Entry, ...] = ()
    excluded: tuple[Entry, ...] = ()
    identifiers: tuple[str, ...] = ()
    words: Entry = ()
    neighbours: tuple[Neighbours, ...] = ()
    typed: Entry = ()
    key: str = ""
    plain: str = ""


def parse(text: str, synonyms: Synonyms, analyser: Analyser) -> ParsedQuery:
    """Parse a query; synonyms are matched against the words that count."""
    phrases: list[Entry] = []
    excluded: list[Entry] = []
    identifiers: list[str] = []
    quoted: list[str] = []

    def take_quoted(match: re.Match[str]) -> str:
        if not match["minus"] and isbn.ISBN.fullmatch(inner := match["text"].strip()) and isbn.is_valid(inner):
            return f" {inner} "  # an identifier, quoted or not
        tokens = analyser.words(match["text"])
        if tokens:
            (excluded if match["minus"] else phrases).append(tokens)
        if not match["minus"]:
            quoted.append(match["text"])
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

    rest = isbn.ISBN.sub(take_isbn, _QUOTED.sub(take_quoted, _DOI_LINK.sub("", text)))
    rest = _EXCLUDED.sub(take_excluded, rest)
    tokens = analyser.joined_verb(analyser.words(rest))
    content = tuple(token for token in tokens if not token.is_stopword)
    if not content and not phrases and not identifiers:
        content = tokens
    return ParsedQuery(
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        identifiers=tuple(identifiers),
        words=content,
        neighbours=analyser.neighbours(content),
        typed=tokens,
        clauses=synonyms.clauses(content),
        key=key_of(content),
        plain=" ".join(" ".join((*quoted, rest)).split()),
    )


def with_clauses(parsed: ParsedQuery, clauses: Sequence[Clause], analyser: Analyser) -> ParsedQuery:
    """Return the query with its clauses replaced."""
    words = tuple(token for clause in clauses for token in clause.typed)
    neighbours = analyser.neighbours(words)
    return replace(parsed, clauses=tuple(clauses), words=words, neighbours=neighbours, key=key_of(words))
