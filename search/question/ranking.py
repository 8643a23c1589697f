"""The query tree of a search: what matches, and what leads. Every boost is named with its case.

The cases are rows of `tests/search/relevance.toml`; a change here brings a row there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from search.analysis.tokens import Token
from search.document import TEXT_FIELDS
from search.question.parsing import Clause, ParsedQuery
from search.question.synonyms import Entry
from search.question.tree import Best, Bool, Boost, Constant, Everything, Ids, Node, Phrase, Term

Pair = tuple[str, str]
"""A field of the index and a token in it."""

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

LEMMA = 1.0
"""The word in any form, the measure for all others: "Buch" finds "Bücher"."""

WHOLE = 0.1
"""On top of that for the very form that was typed: "Bücher" prefers pages that say "Bücher"."""

PART = 0.3
"""The word inside a compound: "Buch" finds "Drehbuch" in a title behind "Buch" in a summary."""

OWN_PART = 1.0
"""An abbreviation or a name in a hyphenated word stands there as a word of its own: "TEACCH" in "TEACCH-Ideen"."""

SPLIT = 0.6
"""A compound told apart: "Sprachförderung" finds "Förderung der Sprache" behind the closed word."""

RELATIVE = 0.45
"""A word derived from it: "stören" finds "Störung", "Barrierefreiheit" finds "barrierefrei"."""

STEM = 0.25
"""The same stem, where lemmas fail: "Musterklammern" finds "Musterklammer"."""

SYNONYM = 0.6
"""Another word for it: "LRS" finds "Legasthenie", behind pages that say "LRS" in the same place."""

FIELD_TIE = 0.3
"""Share of the other fields: a word in labels and keywords beats the same word in the labels alone."""

PROXIMITY: dict[str, tuple[int, float]] = {
    # Field: (words that may stand between two neighbours, boost). "nasser Sand" beats "Sand … nass" far apart.
    "title": (1, 3.0),
    # Side by side in one label or keyword: "individuelle Förderung", "kooperatives Lernen".
    "labels": (0, 2.0),
    "keywords": (0, 2.0),
    "summary": (2, 1.5),
    "body": (3, 0.5),
}

CLOSED = 1.5
"""Two words that make a compound: "Angst vor der Schule" finds "Schulangst", which is worth both of them."""

TITLE_AS_TYPED = 3.0
"""All that was typed, small words included, stands in a title: "von der Kita in die Schule"."""

NAMES = frozenset({"people"})
"""Fields of names: no compounds and no relatives, or every publisher with "Verlag" in its name is one."""

STATEMENTS = frozenset({"title", "summary", "keywords", "body"})
"""Fields in which the parts of a compound may stand apart. Labels are a list: Sprache and Lernförderung there
are two things and no Sprachförderung."""

PIN = 1_000_000.0
"""Above every score that words can reach, so that pins lead in the editors' order."""

MOST_WORDS = 0.6
"""Share of the words that must match when no document holds all: two of three, three of five."""


def _boosted(node: Node, factor: float) -> Node:
    return node if factor == 1 else Boost(node, factor)


def word_node(token: Token, fields: Iterable[str] = TEXT_FIELDS, *, typed: bool = True) -> Node:
    """Return what matches one word in any field, best field first.

    What was `typed` is also looked for in relatives and told apart, other words for it are not.
    """
    return entry_node((token,), fields, typed=typed)


def entry_node(entry: Entry, fields: Iterable[str] = TEXT_FIELDS, *, typed: bool = True) -> Node:
    """Return what matches all words of an expression in one field, best field first.

    In one field, because an expression means one thing: Leichte Sprache is not "leicht" here and
    "Sprache" there.
    """
    nodes = []
    for field in fields:
        words = tuple(_word_in(token, field, typed) for token in entry)
        nodes.append(_boosted(words[0] if len(words) == 1 else Bool(must=words), FIELD_BOOSTS[field]))
    return Best(tuple(nodes), FIELD_TIE)


def _word_in(token: Token, field: str, typed: bool) -> Node:
    words, terms = f"{field}_words", f"{field}_terms"
    ways: list[Node] = [_boosted(Term(terms, lemma), LEMMA) for lemma in token.lemmas]
    if field not in NAMES:
        if not token.is_compound:  # parts are indexed down to simple words
            part = OWN_PART if token.is_whole_in_compounds else PART
            ways += [_boosted(Term(terms, f"+{lemma}"), part) for lemma in token.lemmas]
        for relative in token.relatives if typed else ():
            ways.append(Boost(Term(terms, relative), RELATIVE))
            ways.append(Boost(Term(terms, f"+{relative}"), RELATIVE * PART))
        if typed and token.loose_stem:
            ways.append(Boost(Term(terms, f"~{token.loose_stem}"), STEM))
    if typed and token.is_compound and field in STATEMENTS:
        together = Bool(must=tuple(Best((Term(terms, part), Term(terms, f"+{part}"))) for part in token.parts))
        # The parts' scores add up; so that two halves do not beat the whole they are averaged.
        ways.append(Boost(together, SPLIT / len(token.parts)))
    found = ways[0] if len(ways) == 1 else Best(tuple(ways))
    if token.word in token.lemmas or not typed:
        return found
    return Bool(should=(found, Boost(Term(words, token.word), WHOLE)), minimum=1)


def clause_node(clause: Clause, fields: Iterable[str] = TEXT_FIELDS) -> Node:
    """Return what matches a clause, as typed or in other words."""
    if clause.is_loose:
        return Bool(should=tuple(word_node(token, fields) for token in clause.typed), minimum=1)
    typed = entry_node(clause.typed, fields)
    if not clause.others:
        return typed
    weights = clause.weights or (1.0,) * len(clause.others)
    others = (
        Boost(entry_node(other, fields, typed=False), SYNONYM * weight / len(other))
        for other, weight in zip(clause.others, weights, strict=True)
    )
    return Best((typed, *others))


def phrase_node(words: Entry, fields: Iterable[str] = TEXT_FIELDS) -> Node:
    """Return what holds the words side by side in one field, in just this form."""
    forms = tuple(token.word for token in words)
    return Best(tuple(_boosted(Phrase(f"{field}_words", forms), FIELD_BOOSTS[field]) for field in fields), FIELD_TIE)


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
                *(Term(f"{field}_terms", lemma) for lemma in token.lemmas),
                *(() if token.word in token.lemmas else (Term(f"{field}_words", token.word),)),
            )
        ),
        minimum=1,
    )


def _proximity(parsed: ParsedQuery, fields: Iterable[str] = tuple(PROXIMITY)) -> tuple[Node, ...]:
    """Return what lifts documents in which neighbours of the query are neighbours."""
    nodes: list[Node] = []
    for pair in parsed.neighbours:
        for field in fields:
            slop, boost = PROXIMITY[field]
            nodes.append(_boosted(Phrase(f"{field}_words", (pair.first.word, pair.second.word), slop), boost))
        if pair.closed is not None:
            nodes.append(Boost(word_node(pair.closed, fields, typed=False), CLOSED))
    return tuple(nodes)


def _as_typed(parsed: ParsedQuery) -> tuple[Node, ...]:
    if len(parsed.typed) < 2 or len(parsed.typed) == len(parsed.words) == 2:
        return ()  # two neighbours are nothing new
    return (Boost(Phrase("title_words", tuple(token.word for token in parsed.typed), 1), TITLE_AS_TYPED),)


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
    near = (*_proximity(parsed), *_as_typed(parsed))
    if minimum is None or minimum >= len(clauses):
        main: Node = Bool(must=(*phrases, *identifiers, *clauses), should=near, must_not=excluded)
    else:
        enough = Bool(should=clauses, minimum=minimum)
        main = Bool(must=(*phrases, *identifiers, enough), should=near, must_not=excluded)
    if not pins:
        return main
    lead = tuple(Constant(Ids((id,)), PIN * (len(pins) - place)) for place, id in enumerate(pins))
    return Bool(should=(main, *lead), must_not=excluded, minimum=1)


@dataclass(frozen=True, slots=True)
class Trees:
    """The trees of a query: what its words find, the same with the pages that editors let lead, and its passages."""

    words: Node
    led: Node
    passages: Node | None


def trees(parsed: ParsedQuery, pins: Sequence[int], minimum: int) -> Trees:
    """Return all trees of a query of which at least `minimum` clauses must match."""
    words = build(parsed, (), minimum)
    led = build(parsed, pins, minimum) if pins else words
    return Trees(words, led, any_word(parsed) if parsed.clauses or parsed.phrases else None)


def most_of(count: int) -> int:
    """Return how many of `count` clauses must match when no document matches all."""
    return max(1, math.ceil(count * MOST_WORDS)) if count > 1 else count


def any_word(parsed: ParsedQuery) -> Node:
    """Return what scores passages: any word, phrase or other word for it in the body, neighbours first."""
    body = ("body",)
    sought = [phrase_node(words, body) for words in parsed.phrases]
    sought += [clause_node(clause, body) for clause in parsed.clauses]
    return Bool(should=(*sought, *_proximity(parsed, body)), minimum=1)


def weighed(parsed: ParsedQuery, count: Callable[[list[Pair]], list[int]], everything: Pair) -> ParsedQuery:
    """Return the query with weights, so that a rare other word does not beat the common one that was typed.

    Engines score rare words higher; "Lehrperson" in a title would lead over "Lehrer" in a title. `count`
    tells in how many documents a (field, token) pair stands, `everything` is a pair that all hold.
    """
    clauses = parsed.clauses
    entries = {entry for clause in clauses if clause.others for entry in (clause.typed, *clause.others)}
    if not entries:
        return parsed
    pairs = list(dict.fromkeys(pair for entry in entries for field in TEXT_FIELDS for pair in _lemmas_in(entry, field)))
    total, *counts = count([everything, *pairs])
    documents = dict(zip(pairs, counts, strict=True))

    def rarity(entry: Entry, field: str) -> float:
        held = [max(documents[f"{field}_terms", lemma] for lemma in token.lemmas) for token in entry]
        return (
            sum(math.log(1 + (total - min(n, total) + 0.5) / (n + 0.5)) for n in held) / len(held) if all(held) else 0.0
        )

    def weight(clause: Clause, other: Entry) -> float:
        both = [(rarity(clause.typed, field), rarity(other, field)) for field in TEXT_FIELDS]
        return min((1.0, *(typed / rare for typed, rare in both if typed and rare)))

    weighted = (replace(clause, weights=tuple(weight(clause, other) for other in clause.others)) for clause in clauses)
    return replace(parsed, clauses=tuple(weighted))


def _lemmas_in(entry: Entry, field: str) -> list[Pair]:
    return [(f"{field}_terms", lemma) for token in entry for lemma in token.lemmas]


def looked_up(token: Token) -> list[Pair]:
    """Return the (field, token) pairs of which at least one must exist for a word to be in the index."""
    pairs: list[Pair] = [(f"{field}_terms", lemma) for field in TEXT_FIELDS for lemma in token.lemmas]
    for field in TEXT_FIELDS:
        if token.word not in token.lemmas:
            pairs.append((f"{field}_words", token.word))
        if field in NAMES:
            continue
        if not token.is_compound:
            pairs += [(f"{field}_terms", f"+{lemma}") for lemma in token.lemmas]
        pairs += [(f"{field}_terms", mark + relative) for relative in token.relatives for mark in ("", "+")]
        if token.loose_stem:
            pairs.append((f"{field}_terms", f"~{token.loose_stem}"))
    return pairs


def looked_up_apart(token: Token) -> dict[str, list[Pair]]:
    """Return for each part of a compound the pairs of which one must exist for it to be found told apart."""
    if not token.is_compound:
        return {}
    return {
        part: [
            (f"{field}_terms", value) for value in (part, f"+{part}") for field in TEXT_FIELDS if field in STATEMENTS
        ]
        for part in token.parts
    }
