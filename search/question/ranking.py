"""The query tree of a search: what ranks first. Every boost is a named constant with its case.

What matches at all is decided in `coverage`. The cases are rows of `tests/search/relevance.toml`; the weights that
graded questions can tell were fitted on them (`docs/relevance.md`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.analysis.tokens import Token
from search.document import TEXT_FIELDS
from search.question.coverage import NAMES, STATEMENTS, Pair, covered
from search.question.parsing import ParsedQuery
from search.question.synonyms import Clause, Entry
from search.question.tree import AnyOf, Best, Bool, Boost, Constant, Everything, Led, Node, Phrase, Term

FIELD_BOOSTS: dict[str, float] = {
    # Everything a page says, in one field: its words are weighed against each other and against the page's length.
    "text": 6.0,
    # "Leseschwäche" in a title states the subject of the page; a mention in the text does not.
    "title": 3.0,
    # What editors filed the page under outranks what it happens to mention: "autismus".
    "labels": 2.0,
    # Hidden keywords are an editor's promise, and they stand nowhere else: "Legasthenie" for a page on LRS.
    "keywords": 6.0,
    # A name is searched for as a name: "Arbeitskreis Lesen".
    "people": 3.0,
    # The summary is the page in one sentence.
    "summary": 0.5,
}

LEMMA = 1.0
"""The word in any form, the unit for all other weights: "Buch" finds "Bücher"."""

WHOLE = 0.1
"""Bonus for the exact form that was typed: "Bücher" prefers pages that say "Bücher"."""

PART = 0.7
"""The word inside a compound: for "Buch", "Drehbuch" in a title ranks below "Buch" in a summary."""

OWN_PART = 1.0
"""An abbreviation or a name in a hyphenated word counts as a separate word: "TEACCH" in "TEACCH-Ideen"."""

SPLIT = 0.6
"""A split compound: "Sprachförderung" finds "Förderung der Sprache", ranked below the closed word."""

LOOSE = 0.2
"""One part of a compound alone: among pages on "Schulbegleitung", those on Begleitung rank higher."""

RELATIVE = 0.7
"""A derived word: "stören" finds "Störung", "Barrierefreiheit" finds "barrierefrei"."""

RELATIVE_PART = 0.2
"""A derived word inside a compound: "stören" finds "Verhaltensstörung"."""

STEM = 0.8
"""The same stem, where lemmas fail: "Musterklammern" finds "Musterklammer"."""

SYNONYM = 0.6
"""A synonym: "LRS" finds "Legasthenie"; a rare one does not outrank the common word that was typed."""

VALUE = 4.0
"""A word names a value that pages are filed under: for "Buch", books rank above pages that mention one."""

GENERAL = 0.3
"""A word that says little by itself: for "Kind verstehen Autismus", pages on autism rank first."""

RARITY = 0.3
"""Exponent by which a word's rarity counts once more: "Schule Epilepsie" is about epilepsy."""

USUAL_RARITY = 5.0
"""Rarity of a word that occurs in one page of two hundred; such a word counts once."""

PROXIMITY: dict[str, tuple[int, float]] = {
    # Field: (words allowed between two neighbours, boost). "nasser Sand" outranks "Sand … nass" far apart.
    "title": (1, 1.5),
    # Adjacent in one label or keyword: "individuelle Förderung", "kooperatives Lernen".
    "labels": (0, 1.0),
    "keywords": (0, 1.0),
    "summary": (2, 0.75),
    "text": (3, 0.5),
}

CLOSED = 0.5
"""Two words that form a compound: "Angst vor der Schule" finds "Schulangst", which counts for both."""

TITLE_AS_TYPED = 3.0
"""A title contains everything typed, stop words included: "von der Kita in die Schule"."""

ALL_IN_TITLE = 30.0
"""A title contains all words in any form and order: "Sprachförderung im Alltag"."""

ALL_WORDS = 1.0
"""A page contains all words, wherever they are."""

FULL = 20.0
"""Score per rarity that counts as a full answer: the best page of a question has 11 at the median of `tune`, 23 at the
95th percentile."""

PASSAGE = ("body",)
"""The field of a passage."""


def _boosted(node: Node, factor: float) -> Node:
    return node if factor == 1 else Boost(node, factor)


def _either(nodes: Sequence[Node]) -> Node:
    """Return the node for any of these, whose scores add up."""
    return nodes[0] if len(nodes) == 1 else Bool(should=tuple(nodes), minimum=1)


def word_node(token: Token, fields: Iterable[str] = TEXT_FIELDS, *, typed: bool = True) -> Node:
    """Return the node for one word in any field.

    A `typed` word also matches by its relatives and split into its parts; synonyms do not.
    """
    return entry_node((token,), fields, typed=typed)


def entry_node(entry: Entry, fields: Iterable[str] = TEXT_FIELDS, *, typed: bool = True) -> Node:
    """Return the node for all words of an expression in one field; the scores of several fields add up.

    In one field, because an expression means one thing: Leichte Sprache is not "leicht" here and
    "Sprache" there.
    """
    nodes = []
    for field in fields:
        words = tuple(_word_in(token, field, typed) for token in entry)
        nodes.append(_boosted(words[0] if len(words) == 1 else Bool(must=words), FIELD_BOOSTS.get(field, 1.0)))
    return _either(nodes)


def _word_in(token: Token, field: str, typed: bool) -> Node:
    words, terms = f"{field}_words", f"{field}_terms"
    ways: list[Node] = [_boosted(Term(terms, lemma), LEMMA) for lemma in token.lemmas]
    if field not in NAMES:
        if not token.is_compound:  # compounds are indexed down to simple parts
            part = OWN_PART if token.is_whole_in_compounds else PART
            ways += [_boosted(Term(terms, f"+{lemma}"), part) for lemma in token.lemmas]
        for relative in token.relatives if typed else ():
            ways.append(Boost(Term(terms, relative), RELATIVE))
            ways.append(Boost(Term(terms, f"+{relative}"), RELATIVE_PART))
        if typed and token.loose_stem:
            ways.append(Boost(Term(terms, f"~{token.loose_stem}"), STEM))
    if typed and token.is_compound and (field in STATEMENTS or field in PASSAGE):
        parts = tuple(Best((Term(terms, part), Term(terms, f"+{part}"))) for part in token.parts)
        # The parts' scores add up; average them, so that two halves do not outrank the whole.
        ways.append(Boost(Bool(must=parts), SPLIT / len(token.parts)))
    found = ways[0] if len(ways) == 1 else Best(tuple(ways))
    if token.word in token.lemmas or not typed:
        return found
    return Bool(should=(found, Boost(Term(words, token.word), WHOLE)), minimum=1)


def _parts(token: Token) -> tuple[Node, ...]:
    """Return nodes that score the single parts of a compound."""
    return tuple(
        Boost(Best((Term(f"{field}_terms", part), Term(f"{field}_terms", f"+{part}"))), LOOSE * FIELD_BOOSTS[field])
        for field in ("text", "title")
        for part in (token.parts if token.is_compound else ())
    )


def clause_node(clause: Clause, fields: Iterable[str] = TEXT_FIELDS) -> Node:
    """Return the node for a clause, as typed or by its synonyms."""
    typed = entry_node(clause.typed, fields)
    if not clause.others:
        return typed
    weights = clause.weights or (1.0,) * len(clause.others)
    others = (
        Boost(entry_node(other, fields, typed=False), SYNONYM * weight / len(other))
        for other, weight in zip(clause.others, weights, strict=True)
    )
    return Best((typed, *others))


def scored_clause(clause: Clause) -> Node:
    """Return the node that scores a clause: rarer words and those that say more count more."""
    nodes = [clause_node(clause)]
    nodes += [node for token in clause.typed for node in _parts(token)]
    nodes += [Constant(AnyOf(facet, (slug,)), VALUE) for facet, slug in clause.values]
    return _boosted(_either(nodes), _weight(clause))


def _weight(clause: Clause) -> float:
    return math.pow(clause.rarity / USUAL_RARITY, RARITY) * (GENERAL if clause.is_general else 1.0)


def full_score(parsed: ParsedQuery) -> float:
    """Return the score that counts as a full answer to a question."""
    return FULL * sum(clause.rarity * _weight(clause) for clause in parsed.clauses)


def phrase_node(words: Entry, fields: Iterable[str] = TEXT_FIELDS) -> Node:
    """Return the node for the words side by side in one field, in exactly this form."""
    forms = tuple(token.word for token in words)
    return Best(tuple(_boosted(Phrase(f"{field}_words", forms), FIELD_BOOSTS.get(field, 1.0)) for field in fields))


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


def _proximity(parsed: ParsedQuery) -> tuple[Node, ...]:
    """Return nodes that boost documents in which neighbours in the query are neighbours too."""
    nodes: list[Node] = []
    for pair in parsed.neighbours:
        for field, (slop, boost) in PROXIMITY.items():
            nodes.append(_boosted(Phrase(f"{field}_words", (pair.first.word, pair.second.word), slop), boost))
        if pair.closed is not None:
            nodes.append(Boost(word_node(pair.closed, PROXIMITY, typed=False), CLOSED))
    return tuple(nodes)


def _as_typed(parsed: ParsedQuery) -> tuple[Node, ...]:
    if len(parsed.typed) < 2 or len(parsed.typed) == len(parsed.words) == 2:
        return ()  # two neighbours alone are covered already
    return (Boost(Phrase("title_words", tuple(token.word for token in parsed.typed), 1), TITLE_AS_TYPED),)


def _word_of_title(token: Token) -> Node:
    """Return the node for titles with a word of its own, no part of a compound."""
    return Bool(should=tuple(Term("title_terms", lemma) for lemma in token.lemmas), minimum=1)


def _together(parsed: ParsedQuery) -> tuple[Node, ...]:
    """Return nodes that boost documents with all words, wherever they are and in the title."""
    if not parsed.clauses:
        return ()
    in_title = Constant(Bool(must=tuple(_word_of_title(token) for token in parsed.words)), ALL_IN_TITLE)
    if len(parsed.clauses) == 1:
        return (in_title,)
    return in_title, Constant(Bool(must=tuple(clause_node(clause) for clause in parsed.clauses)), ALL_WORDS)


def build(
    parsed: ParsedQuery,
    required: tuple[Node, ...],
    excluded: tuple[Node, ...],
    share: float | None = None,
    scores: tuple[Node, ...] | None = None,
) -> Node:
    """Return the tree of a query: pages that cover `share` of what was asked, by default as much as `coverage` requires.

    They match all that is `required`, see `required_nodes`, and nothing `excluded`, see `excluded_nodes`. `scores` are
    those of `scoring`, where they were made already.
    """
    if is_empty(parsed):
        return Bool(must=(Constant(Everything(), 1.0),), must_not=excluded) if excluded else Everything()
    enough = covered(parsed.clauses, share)
    must = (*required, *((Constant(enough, 0.0),) if enough else ()))
    return Bool(must=must, should=scoring(parsed) if scores is None else scores, must_not=excluded)


def led_by(ids: Sequence[int], others: Node) -> Node:
    """Return the node for these pages, in this order and before all `others`, whatever those score."""
    return Led(tuple(ids), others) if ids else others


def required_nodes(parsed: ParsedQuery) -> tuple[Node, ...]:
    """Return what every page must match: phrases and identifiers."""
    identifiers = (Boost(Term("identifiers", value), FIELD_BOOSTS["title"]) for value in parsed.identifiers)
    return (*(phrase_node(words) for words in parsed.phrases), *identifiers)


def excluded_nodes(parsed: ParsedQuery) -> tuple[Node, ...]:
    """Return what no page may match."""
    return tuple(excluded_node(words) for words in parsed.excluded)


def scoring(parsed: ParsedQuery) -> tuple[Node, ...]:
    """Return the nodes whose scores add up to that of a page."""
    clauses = tuple(scored_clause(clause) for clause in parsed.clauses)
    return (*clauses, *_proximity(parsed), *_as_typed(parsed), *_together(parsed))


def is_empty(parsed: ParsedQuery) -> bool:
    """Return whether the query looks for nothing, so that all documents are shown."""
    return not (parsed.clauses or parsed.phrases or parsed.identifiers)


def any_word(parsed: ParsedQuery) -> Node:
    """Return the node that scores passages: any word, phrase or synonym, neighbours first."""
    sought = [phrase_node(words, PASSAGE) for words in parsed.phrases]
    sought += [clause_node(clause, PASSAGE) for clause in parsed.clauses]
    slop, boost = PROXIMITY["text"]
    near = [Boost(Phrase("body_words", (pair.first.word, pair.second.word), slop), boost) for pair in parsed.neighbours]
    near += [
        Boost(word_node(pair.closed, PASSAGE, typed=False), CLOSED)
        for pair in parsed.neighbours
        if pair.closed is not None
    ]
    return Bool(should=(*sought, *near), minimum=1)


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
