"""The query tree of a search: what matches, and what leads. Every boost is named with its case.

The cases are rows of `tests/search/relevance.toml`; a change here brings a row there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from search.documents import TEXT_FIELDS
from search.german import Token
from search.parsing import Clause, ParsedQuery
from search.query import Best, Bool, Boost, Constant, Everything, Ids, Node, Phrase, Term
from search.synonyms import Entry

FIELD_BOOSTS: dict[str, float] = {
    # "Leseschwäche" in a title says what the page is about; a mention in the body does not.
    "title": 8.0,
    # What editors filed the page under beats what it happens to mention: "autismus".
    "labels": 5.0,
    # Hidden keywords are an editor's promise, as good as a label: "Legasthenie" for a page on LRS.
    "keywords": 4.5,
    # A name is looked for as a name: "Arbeitskreis Lesen".
    "people": 4.0,
    # The summary is the page in one sentence.
    "summary": 3.0,
    "body": 1.0,
}

WHOLE = 1.0
"""The word as typed: "Bücher" leads with pages that say "Bücher"."""

LEMMA = 0.9
"""Another form of the word: "Buch" finds "Bücher" just behind "Buch"."""

PART = 0.45
"""The word inside a compound: "Buch" finds "Bilderbuch" behind every "Buch" and "Bücher"."""

SPLIT = 0.6
"""A compound told apart: "Sprachförderung" finds "Förderung der Sprache" behind the closed word."""

STEM = 0.25
"""A relative: "fördern" finds "Förderung" where no lemma meets it."""

SYNONYM = 0.6
"""Another word for it: "LRS" finds "Legasthenie", behind pages that say "LRS" in the same place."""

FIELD_TIE = 0.15
"""Share of the other fields: a word in title and body beats the same word in the title alone."""

PROXIMITY: dict[str, tuple[int, float]] = {
    # Field: (positions the words may be apart, boost). "nasser Sand" beats "Sand … nass" far apart.
    "title": (1, 6.0),
    "summary": (2, 2.0),
    "body": (3, 1.0),
}

PIN = 1_000_000.0
"""Above every score that words can reach, so that pins lead in the editors' order."""

MOST_WORDS = 0.6
"""Share of the words that must match when no document holds all: two of three, three of five."""


def word_node(token: Token, fields: Iterable[str] = TEXT_FIELDS) -> Node:
    """Return what matches one word in any field, best field first."""
    return Best(tuple(Boost(_word_in(token, field), FIELD_BOOSTS[field]) for field in fields), FIELD_TIE)


def _word_in(token: Token, field: str) -> Node:
    words, terms = f"{field}_words", f"{field}_terms"
    ways: list[Node] = [Boost(Term(words, token.word), WHOLE)]
    for lemma in token.lemmas:
        ways.append(Boost(Term(terms, lemma), LEMMA))
        ways.append(Boost(Term(terms, f"+{lemma}"), PART))
    if len(token.parts) > 1:
        together = Bool(must=tuple(Best((Term(terms, part), Term(terms, f"+{part}"))) for part in token.parts))
        # The parts' scores add up; so that two halves do not beat the whole they are averaged.
        ways.append(Boost(together, SPLIT / len(token.parts)))
    if token.stem:
        ways.append(Boost(Term(terms, f"~{token.stem}"), STEM))
    return Best(tuple(ways))


def entry_node(entry: Entry) -> Node:
    """Return what matches all words of an entry."""
    if len(entry) == 1:
        return word_node(entry[0])
    return Boost(Bool(must=tuple(word_node(token) for token in entry)), 1 / len(entry))


def clause_node(clause: Clause) -> Node:
    """Return what matches a clause, as typed or in other words."""
    typed: Node = (
        word_node(clause.typed[0])
        if len(clause.typed) == 1
        else Bool(must=tuple(word_node(token) for token in clause.typed))
    )
    if not clause.others:
        return typed
    return Best((typed, *(Boost(entry_node(other), SYNONYM) for other in clause.others)))


def phrase_node(words: Entry) -> Node:
    """Return what holds the words side by side in one field, in just this form."""
    forms = tuple(token.word for token in words)
    return Best(tuple(Boost(Phrase(f"{field}_words", forms), FIELD_BOOSTS[field]) for field in TEXT_FIELDS), FIELD_TIE)


def excluded_node(words: Entry) -> Node:
    """Return what an exclusion shuts out: the word in any form, but not compounds that hold it."""
    if len(words) > 1:
        return phrase_node(words)
    token = words[0]
    return Bool(
        should=tuple(
            node
            for field in TEXT_FIELDS
            for node in (
                Term(f"{field}_words", token.word),
                *(Term(f"{field}_terms", lemma) for lemma in token.lemmas),
            )
        ),
        minimum=1,
    )


def _proximity(words: Sequence[Token]) -> tuple[Node, ...]:
    if len(words) < 2:
        return ()
    forms = tuple(token.word for token in words)
    return tuple(Boost(Phrase(f"{field}_words", forms, slop), boost) for field, (slop, boost) in PROXIMITY.items())


def build(parsed: ParsedQuery, pins: Sequence[int] = (), minimum: int | None = None) -> Node:
    """Return the tree of a query.

    All clauses must match, or with `minimum` at least so many of them. Pinned pages match whatever
    their words and lead in their order; filters, conditions and counts hold for them like for all.
    """
    phrases = tuple(phrase_node(words) for words in parsed.phrases)
    identifiers = tuple(Boost(Term("identifiers", value), FIELD_BOOSTS["title"]) for value in parsed.identifiers)
    clauses = tuple(clause_node(clause) for clause in parsed.clauses)
    excluded = tuple(excluded_node(words) for words in parsed.excluded)
    if parsed.is_empty:
        return Bool(must=(Constant(Everything(), 1.0),), must_not=excluded) if excluded else Everything()
    near = _proximity(parsed.words)
    if minimum is None or minimum >= len(clauses):
        main: Node = Bool(must=(*phrases, *identifiers, *clauses), should=near, must_not=excluded)
    else:
        enough = Bool(should=clauses, minimum=minimum)
        main = Bool(must=(*phrases, *identifiers, enough), should=near, must_not=excluded)
    if not pins:
        return main
    lead = tuple(Constant(Ids((id,)), PIN * (len(pins) - place)) for place, id in enumerate(pins))
    return Bool(should=(main, *lead), minimum=1)


def most_of(count: int) -> int:
    """Return how many of `count` clauses must match when no document matches all."""
    return max(1, math.ceil(count * MOST_WORDS)) if count > 1 else count


def any_word(parsed: ParsedQuery) -> Node:
    """Return what scores passages: any word, phrase or other word for it, in the body."""
    entries: list[Entry] = [*parsed.phrases]
    for clause in parsed.clauses:
        entries += [clause.typed, *clause.others]
    tokens = {token.word: token for entry in entries for token in entry}
    return Bool(should=tuple(_word_in(token, "body") for token in tokens.values()), minimum=1)


def looked_up(token: Token) -> list[tuple[str, str]]:
    """Return the (field, token) pairs of which at least one must exist for a word to be in the index."""
    return [
        pair
        for field in TEXT_FIELDS
        for pair in (
            (f"{field}_words", token.word),
            *((f"{field}_terms", lemma) for lemma in token.lemmas),
            *((f"{field}_terms", f"+{lemma}") for lemma in token.lemmas),
            *([(f"{field}_terms", f"~{token.stem}")] if token.stem else []),
        )
    ]
