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

_MARKED = re.compile(r"""(?P<minus>(?<!\S)-)?["“”„«»](?P<text>[^"“”„«»]*)["“”„«»]|(?<!\S)[-−–](?P<word>\w\S*)""")
"""What is quoted or excluded; in one pass, so that a hyphen behind quotes, as in „Model C“-Schulen, excludes nothing."""
_DOI_LINK = re.compile(
    r"(?<!\w)(?:https?://(?:www\.|dx\.)?doi\.org/|(?:dx\.)?doi\.org/|doi:\s*)(?=10\.\d)", re.IGNORECASE
)


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

    def take_marked(match: re.Match[str]) -> str:
        is_excluded = match["minus"] or match["word"]
        if not is_excluded and isbn.ISBN.fullmatch(inner := match["text"].strip()) and isbn.is_valid(inner):
            return f" {inner} "  # an identifier, quoted or not
        tokens = analyser.words(match["word"] or match["text"])
        if tokens:
            (excluded if is_excluded else phrases).append(tokens)
        if not is_excluded:
            quoted.append(match["text"])
        return " "

    def take_isbn(match: re.Match[str]) -> str:
        if not isbn.is_valid(match[1]):
            return match[0]
        identifiers.append(isbn.to_isbn13(match[1]))
        return " "

    rest = isbn.ISBN.sub(take_isbn, _MARKED.sub(take_marked, _DOI_LINK.sub("", text)))
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
