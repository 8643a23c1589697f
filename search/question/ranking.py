"""The query tree of a search: what matches, and what ranks first. Every boost is a named constant with its case.

The cases are rows of `tests/search/relevance.toml`; every change here needs a row there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.analysis.tokens import Token
from search.document import TEXT_FIELDS
from search.question.parsing import ParsedQuery
from search.question.synonyms import Clause, Entry
from search.question.tree import Best, Bool, Boost, Constant, Everything, Ids, Node, Phrase, Term

Pair = tuple[str, str]
"""An index field and a token in it."""

Count = Callable[[list[Pair]], list[int]]
"""Returns for each pair the number of documents that hold it."""

FIELD_BOOSTS: dict[str, float] = {
    # "Leseschwäche" in a title states the subject of the page; a mention in the body does not.
    "title": 8.0,
    # What editors filed the page under outranks what it happens to mention: "autismus".
    "labels": 5.0,
    # Hidden keywords are an editor's promise, worth as much as a label: "Legasthenie" for a page on LRS.
    "keywords": 4.5,
    # A name is searched for as a name: "Arbeitskreis Lesen".
    "people": 4.0,
    # The summary is the page in one sentence.
    "summary": 3.0,
    "body": 1.0,
}

LEMMA = 1.0
"""The word in any form, the unit for all other weights: "Buch" finds "Bücher"."""

WHOLE = 0.1
"""Bonus for the exact form that was typed: "Bücher" prefers pages that say "Bücher"."""

PART = 0.3
"""The word inside a compound: for "Buch", "Drehbuch" in a title ranks below "Buch" in a summary."""

OWN_PART = 1.0
"""An abbreviation or a name in a hyphenated word counts as a separate word: "TEACCH" in "TEACCH-Ideen"."""

SPLIT = 0.6
"""A split compound: "Sprachförderung" finds "Förderung der Sprache", ranked below the closed word."""

RELATIVE = 0.45
"""A derived word: "stören" finds "Störung", "Barrierefreiheit" finds "barrierefrei"."""

STEM = 0.25
"""The same stem, where lemmas fail: "Musterklammern" finds "Musterklammer"."""

SYNONYM = 0.6
"""A synonym: "LRS" finds "Legasthenie", ranked below pages that say "LRS" in the same field."""

FIELD_TIE = 0.3
"""Share of the other fields: a word in labels and keywords outranks the same word in the labels alone."""

PROXIMITY: dict[str, tuple[int, float]] = {
    # Field: (words allowed between two neighbours, boost). "nasser Sand" outranks "Sand … nass" far apart.
    "title": (1, 3.0),
    # Adjacent in one label or keyword: "individuelle Förderung", "kooperatives Lernen".
    "labels": (0, 2.0),
    "keywords": (0, 2.0),
    "summary": (2, 1.5),
    "body": (3, 0.5),
}

CLOSED = 1.5
"""Two words that form a compound: "Angst vor der Schule" finds "Schulangst", which counts for both."""

TITLE_AS_TYPED = 3.0
"""A title contains everything typed, stop words included: "von der Kita in die Schule"."""

NAMES = frozenset({"people"})
"""Fields of names, without compounds and relatives: otherwise every publisher with "Verlag" in its name matches."""

STATEMENTS = frozenset({"title", "summary", "keywords", "body"})
"""Fields in which the parts of a compound may occur separately. Labels are a list: Sprache and Lernförderung there
are two things, not Sprachförderung."""

PIN = 1_000_000.0
"""Above any score that words can reach, so that pins rank first, in the editors' order."""

MOST_WORDS = 0.6
"""Share of the words that must match when no document holds them all: two of three, three of five."""


def _boosted(node: Node, factor: float) -> Node:
    return node if factor == 1 else Boost(node, factor)


def word_node(token: Token, fields: Iterable[str] = TEXT_FIELDS, *, typed: bool = True) -> Node:
    """Return the node for one word in any field, best field first.

    A `typed` word also matches by its relatives and split into its parts; synonyms do not.
    """
    return entry_node((token,), fields, typed=typed)


def entry_node(entry: Entry, fields: Iterable[str] = TEXT_FIELDS, *, typed: bool = True) -> Node:
    """Return the node for all words of an expression in one field, best field first.

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
        if not token.is_compound:  # compounds are indexed down to simple parts
            part = OWN_PART if token.is_whole_in_compounds else PART
            ways += [_boosted(Term(terms, f"+{lemma}"), part) for lemma in token.lemmas]
        for relative in token.relatives if typed else ():
            ways.append(Boost(Term(terms, relative), RELATIVE))
            ways.append(Boost(Term(terms, f"+{relative}"), RELATIVE * PART))
        if typed and token.loose_stem:
            ways.append(Boost(Term(terms, f"~{token.loose_stem}"), STEM))
    if typed and token.is_compound and field in STATEMENTS:
        together = Bool(must=tuple(Best((Term(terms, part), Term(terms, f"+{part}"))) for part in token.parts))
        # The parts' scores add up; average them, so that two halves do not outrank the whole.
        ways.append(Boost(together, SPLIT / len(token.parts)))
    found = ways[0] if len(ways) == 1 else Best(tuple(ways))
    if token.word in token.lemmas or not typed:
        return found
    return Bool(should=(found, Boost(Term(words, token.word), WHOLE)), minimum=1)


def clause_node(clause: Clause, fields: Iterable[str] = TEXT_FIELDS) -> Node:
    """Return the node for a clause, as typed or by its synonyms."""
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
    """Return the node for the words side by side in one field, in exactly this form."""
    forms = tuple(token.word for token in words)
    return Best(tuple(_boosted(Phrase(f"{field}_words", forms), FIELD_BOOSTS[field]) for field in fields), FIELD_TIE)


def excluded_node(words: Entry) -> Node:
    """Return the node for an exclusion: the word in any form, but not compounds that contain it."""
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
    """Return nodes that boost documents in which neighbours in the query are neighbours too."""
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
        return ()  # two neighbours alone are covered already
    return (Boost(Phrase("title_words", tuple(token.word for token in parsed.typed), 1), TITLE_AS_TYPED),)


def build(parsed: ParsedQuery, pins: Sequence[int] = (), minimum: int | None = None) -> Node:
    """Return the tree of a query.

    All clauses must match, or at least `minimum` of them. Pinned pages match whatever their words and rank first, in
    their order; filters, conditions and counts apply to them as to all others.
    """
    phrases = tuple(phrase_node(words) for words in parsed.phrases)
    identifiers = tuple(Boost(Term("identifiers", value), FIELD_BOOSTS["title"]) for value in parsed.identifiers)
    clauses = tuple(clause_node(clause) for clause in parsed.clauses)
    excluded = tuple(excluded_node(words) for words in parsed.excluded)
    if is_empty(parsed):
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


def is_empty(parsed: ParsedQuery) -> bool:
    """Return whether the query looks for nothing, so that all documents are shown."""
    return not (parsed.clauses or parsed.phrases or parsed.identifiers)


def most_of(count: int) -> int:
    """Return how many of `count` clauses must match when no document matches all."""
    return max(1, math.ceil(count * MOST_WORDS)) if count > 1 else count


def any_word(parsed: ParsedQuery) -> Node:
    """Return the node that scores passages: any word, phrase or synonym in the body, neighbours first."""
    body = ("body",)
    sought = [phrase_node(words, body) for words in parsed.phrases]
    sought += [clause_node(clause, body) for clause in parsed.clauses]
    return Bool(should=(*sought, *_proximity(parsed, body)), minimum=1)


def weighed(parsed: ParsedQuery, count: Count, locale: str) -> ParsedQuery:
    """Return the query with weights, so that a rare synonym does not outrank the common word that was typed.

    Engines score rare words higher: "Lehrperson" in a title would outrank "Lehrer" in a title. `count` returns the
    number of documents, in any locale, that hold a (field, token) pair.
    """
    clauses = parsed.clauses
    entries = {entry for clause in clauses if clause.others for entry in (clause.typed, *clause.others)}
    if not entries:
        return parsed
    pairs = list(dict.fromkeys(pair for entry in entries for field in TEXT_FIELDS for pair in _lemmas_in(entry, field)))
    total, *counts = count([("locale", locale), *pairs])
    documents = dict(zip(pairs, counts, strict=True))

    def rarity(entry: Entry, field: str) -> float:
        frequencies = [max(documents[f"{field}_terms", lemma] for lemma in token.lemmas) for token in entry]
        return (
            sum(math.log(1 + (total - min(n, total) + 0.5) / (n + 0.5)) for n in frequencies) / len(frequencies)
            if all(frequencies)
            else 0.0
        )

    def weight(clause: Clause, other: Entry) -> float:
        both = [(rarity(clause.typed, field), rarity(other, field)) for field in TEXT_FIELDS]
        return min((1.0, *(typed / rare for typed, rare in both if typed and rare)))

    weighted = (replace(clause, weights=tuple(weight(clause, other) for other in clause.others)) for clause in clauses)
    return replace(parsed, clauses=tuple(weighted))


def _lemmas_in(entry: Entry, field: str) -> list[Pair]:
    return [(f"{field}_terms", lemma) for token in entry for lemma in token.lemmas]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What an index must hold for a word to be found there.

    At least one pair of `whole`; or, for a compound, one pair for each of its `parts`, all in one field, which
    `together` checks.
    """

    whole: tuple[Pair, ...]
    parts: Mapping[str, tuple[Pair, ...]]
    together: Node | None


def looked_up(token: Token) -> LookedUp:
    """Return what an index must hold for a word to be found."""
    return LookedUp(_whole(token), _apart(token), word_node(token) if token.is_compound else None)


def _whole(token: Token) -> tuple[Pair, ...]:
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
    return tuple(pairs)


def _apart(token: Token) -> dict[str, tuple[Pair, ...]]:
    """Return for each part of a compound the pairs of which the index must hold one to match the split word."""
    if not token.is_compound:
        return {}
    statements = [field for field in TEXT_FIELDS if field in STATEMENTS]
    return {
        part: tuple((f"{field}_terms", value) for value in (part, f"+{part}") for field in statements)
        for part in token.parts
    }
