"""Which pages match: those that cover enough of what was asked, weighted by how rare each word is and where it stands.

More words never hide the right page: a word that a page lacks only lowers what the page covers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from search.analysis.tokens import Token
from search.document import TEXT_FIELDS, WORD_FIELDS
from search.question.parsing import ParsedQuery
from search.question.synonyms import Clause, Entry
from search.question.tree import AnyOf, Bool, Node, Phrase, Term

Pair = tuple[str, str]
"""An index field and a token in it."""

Count = Callable[[list[Pair]], list[int]]
"""Returns for each pair the number of documents that hold it."""

ENOUGH = 0.2
"""Share of what was asked that a page must cover to be a hit: of three words one, of seven two."""

STRONG = 0.8
"""Share that a page must cover to be listed by date or title, in feeds and alerts, where weak hits would lead. One that
holds every word is listed wherever they stand: a word may be a label of its pages alone."""

UNITS = 6
"""Parts into which what was asked is divided: engines count clauses, so a clause that weighs more stands there more
often."""

ANYWHERE = WORD_FIELDS
"""The fields that hold every word of a page; title and summary are part of the text."""

NAMES = frozenset({"people"})
"""Fields of names, without compounds and relatives: otherwise every publisher with "Verlag" in its name matches."""

STATEMENTS = frozenset({"title", "summary", "keywords", "text"})
"""Fields in which the parts of a compound may occur separately. Labels are a list: Sprache and Lernförderung there
are two things, not Sprachförderung."""

ANYWHERE_COVERAGE = 0.5
"""What a match outside the text or by stem covers, compared with one in the text."""

GENERAL_COVERAGE = 0.3
"""What a general word (kommen, Schule) covers, compared with another word as rare."""

ABSENT_RARITY = 8.0
"""Maximum rarity of a word: that of one which occurs in one page of three thousand, or in none."""


def weighed(parsed: ParsedQuery, count: Count, locale: str) -> ParsedQuery:
    """Return the query with the rarity of each clause and the weights of its synonyms.

    Engines score rare words higher, so "Lehrperson" in a title would outrank "Lehrer" in a title: a rare synonym
    counts only as much as the word that was typed. `count` returns the number of documents that hold a (field, token)
    pair.
    """
    clauses = parsed.clauses
    if not clauses:
        return parsed
    entries = {entry for clause in clauses for entry in (clause.typed, *clause.others)}
    relatives = {relative for clause in clauses for relative in _relatives(clause)}
    wanted = (*map(_pairs, entries), *map(_pairs_of_relative, relatives))
    pairs = list(dict.fromkeys(pair for found in wanted for pair in found))
    total, *counts = count([("locale", locale), *pairs])
    documents = dict(zip(pairs, counts, strict=True))

    def rarity_of(pairs: Iterable[Pair]) -> float:
        return _rarity(total, max(documents[pair] for pair in pairs))

    def rarity(entry: Entry) -> float:
        return sum(rarity_of(_pairs_of(token)) for token in entry) / len(entry)

    def weighted(clause: Clause) -> Clause:
        typed = rarity(clause.typed)
        others = {other: rarity(other) for other in clause.others}
        # A word that occurs only as its relative is there all the same: "konzentrieren" where all say "Konzentration".
        related = [rarity_of(_pairs_of_relative(one)) for one in _relatives(clause) if typed >= ABSENT_RARITY]
        return replace(
            clause,
            # A page may hold any of them, so that the most common one says how rare the meaning is.
            rarity=min((typed, *others.values(), *related)),
            weights=tuple(min(1.0, typed / rare) if typed < ABSENT_RARITY else 1.0 for rare in others.values()),
        )

    return replace(parsed, clauses=tuple(weighted(clause) for clause in clauses))


def may_hold(parsed: ParsedQuery, count: Count) -> bool:
    """Return whether every word of a query, or a synonym of it, occurs at all; cheap, so that no query is made in vain."""
    wanted = [{pair for entry in (clause.typed, *clause.others) for pair in _pairs(entry)} for clause in parsed.clauses]
    pairs = list(dict.fromkeys(pair for group in wanted for pair in group))
    held = {pair for pair, number in zip(pairs, count(pairs), strict=True) if number} if pairs else set()
    return all(not group.isdisjoint(held) for group in wanted)


def _pairs(entry: Entry) -> Iterable[Pair]:
    return (pair for token in entry for pair in _pairs_of(token))


def _pairs_of(token: Token) -> list[Pair]:
    """Return the pairs of which the most frequent one shows how rare a word is."""
    inside = [] if token.is_compound else [f"+{lemma}" for lemma in token.lemmas]
    return _pairs_with((*token.lemmas, *inside))


def _pairs_of_relative(relative: str) -> list[Pair]:
    return _pairs_with((relative, f"+{relative}"))


def _pairs_with(values: Sequence[str]) -> list[Pair]:
    return [(f"{field}_terms", value) for field in ("text", "labels") for value in values]


def _relatives(clause: Clause) -> tuple[str, ...]:
    """Return the relatives of a word that was typed alone: of an expression every word must be there."""
    return clause.typed[0].relatives if len(clause.typed) == 1 else ()


def _rarity(total: int, frequency: int) -> float:
    """Return BM25's inverse document frequency, at most that of an absent word."""
    if not frequency:
        return ABSENT_RARITY
    return min(ABSENT_RARITY, math.log(1 + (max(total, frequency) - frequency + 0.5) / (frequency + 0.5)))


def units(clauses: Sequence[Clause]) -> list[tuple[int, int]]:
    """Return for each clause the units of a question that a page covers by a match anywhere, and by one in its text."""
    weights = _weights(clauses)
    shares = [weight / sum(weights) for weight in weights] if sum(weights) else [0.0] * len(clauses)
    whole = [max(1, round(UNITS * share)) for share in shares]
    return [(math.ceil(count * ANYWHERE_COVERAGE), count) for count in whole]


def absent(clauses: Sequence[Clause]) -> float:
    """Return the share of what was asked, from 0 to 1, whose words occur in hardly any page or in none."""
    weights = _weights(clauses)
    missing = sum(weight for clause, weight in zip(clauses, weights, strict=True) if clause.rarity >= ABSENT_RARITY)
    return missing / sum(weights) if missing else 0.0


def _weights(clauses: Sequence[Clause]) -> list[float]:
    return [clause.rarity * (GENERAL_COVERAGE if clause.is_general else 1.0) for clause in clauses]


def covered(clauses: Sequence[Clause], share: float | None = None) -> Node | None:
    """Return the node for pages that cover `share` of the clauses, None if there are none.

    A match in title, summary or text covers a clause, one in labels, keywords, names, or by stem, only half of it; all
    clauses matched in any way are always enough. What is enough by itself is not counted: engines count slowly.
    """
    if not clauses:
        return None
    share = ENOUGH if share is None else share
    shared_out = units(clauses)
    needed = max(1, math.ceil(share * sum(whole for _, whole in shared_out) - 1e-9))
    ways: list[Node] = []
    counted: list[Node] = []
    for clause, (half, whole) in zip(clauses, shared_out, strict=True):
        anywhere = _matches(clause, ANYWHERE)
        if half >= needed:
            ways.append(anywhere)
            continue
        in_text = _matches(clause, ("text",), exact=True)
        if whole >= needed:
            ways.append(in_text)
        # Who matches in the text matches anywhere, too, and has the units of both.
        counted += [anywhere] * half + [in_text] * (0 if whole >= needed else whole - half)
    if len(counted) >= needed:
        ways.append(Bool(should=tuple(counted), minimum=needed))
    if share > ANYWHERE_COVERAGE:
        ways.append(Bool(must=tuple(_matches(clause, ANYWHERE) for clause in clauses)))
    return ways[0] if len(ways) == 1 else Bool(should=tuple(ways), minimum=1)


def all_of(parsed: ParsedQuery) -> Node | None:
    """Return the node for pages that hold every word, phrase and identifier in some way, None if there are none."""
    forms = (tuple(token.word for token in words) for words in parsed.phrases)
    nodes = (
        *(_matches(clause, ANYWHERE) for clause in parsed.clauses),
        *(Bool(should=tuple(Phrase(f"{field}_words", form) for field in TEXT_FIELDS), minimum=1) for form in forms),
        *(Term("identifiers", value) for value in parsed.identifiers),
    )
    return Bool(must=nodes) if nodes else None


def _matches(clause: Clause, fields: Iterable[str], *, exact: bool = False) -> Node:
    """Return the unscored node for pages that match a clause in some way; `exact` leaves out stems."""
    nodes: list[Node] = [AnyOf(facet, (slug,)) for facet, slug in clause.values]
    for field in fields:
        nodes.append(_entry(clause.typed, field, typed=True, exact=exact))
        nodes += [_entry(other, field, typed=False, exact=exact) for other in clause.others]
    return nodes[0] if len(nodes) == 1 else Bool(should=tuple(nodes), minimum=1)


def _entry(entry: Entry, field: str, *, typed: bool, exact: bool) -> Node:
    words = tuple(_word(token, field, typed, exact) for token in entry)
    return words[0] if len(words) == 1 else Bool(must=words)


def _word(token: Token, field: str, typed: bool, exact: bool) -> Node:
    terms = f"{field}_terms"
    values = list(token.lemmas)
    if field not in NAMES:
        values += [] if token.is_compound else [f"+{lemma}" for lemma in token.lemmas]
        values += [mark + relative for relative in token.relatives for mark in ("", "+")] if typed else []
        values += [f"~{token.loose_stem}"] if typed and token.loose_stem and not exact else []
    nodes: list[Node] = [Term(terms, value) for value in dict.fromkeys(values)]
    if typed and token.word not in token.lemmas:
        nodes.append(Term(f"{field}_words", token.word))
    if typed and token.is_compound and field in STATEMENTS:
        parts = ((Term(terms, part), Term(terms, f"+{part}")) for part in token.parts)
        nodes.append(Bool(must=tuple(Bool(should=part, minimum=1) for part in parts)))
    return nodes[0] if len(nodes) == 1 else Bool(should=tuple(nodes), minimum=1)
