"""ask(Question, Engine, Awaited) -> Correction, Found: the whole exchange with the engine until a question is answered.

A page that holds all words proves that each of them occurs. Only when there is none, check which of them occur in no
document and what they were meant to be; that takes at most three queries about words, however many were typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.declared.searchable import Passage
from search.answer.correcting import correct
from search.answer.filters import cleared, dropped
from search.answer.grouping import AREA, grouped, is_grouped, shown
from search.answer.helping import help_for
from search.answer.indexed_words import IndexedWords
from search.answer.meant.awaited import Awaited, Meaning
from search.answer.meant.confidence import line
from search.answer.meant.meaning import Meant, by_meaning
from search.answer.meant.meaning import certainty as meaning_certainty
from search.answer.meant.nearest import nearest_hits
from search.answer.values import Correction, Found, Help, HitGroup
from search.engines.base import Engine, EngineResult, PassageHit
from search.question.asked import asked, narrowing
from search.question.conditions import conditions, visible
from search.question.coverage import all_of, weighed
from search.question.parsing import ParsedQuery
from search.question.ranking import is_empty
from search.question.request import SearchRequest
from search.question.tree import EngineQuery, Node
from search.question.understood import Question

PASSAGES_PER_HIT = 2
"""Passages shown per hit: enough to judge it, few enough to read on."""

PASSAGES_FETCHED_PER_HIT = 6
"""Passages fetched per displayed hit, so that one long page does not crowd out the others."""

SHORT_PASSAGE = 50
"""A passage with fewer characters is a heading or a caption, shown only when nothing else matches."""


def ask(question: Question, engine: Engine, awaited: Awaited) -> tuple[Correction, Found]:
    """Return the question as finally asked, and what was found by its words and what it means. May raise SearchUnavailable."""
    request = question.request
    indexed = IndexedWords(engine, request.locale)
    # What a word was meant to be changes neither phrases nor what is excluded, as a rule.
    awaited.look_ahead(engine, conditions(request), narrowing(question.parsed))
    correction, is_whole = _corrected(question, indexed)
    queries = asked(request, correction.parsed)
    meaning = awaited.meaning
    meant = Meant()
    if meaning is not None and queries.may_mean:
        is_sure = is_whole or bool(question.pins)
        least = None if is_sure else line(meaning.model, is_foreign(question))
        meant = by_meaning(queries, meaning, engine, least, awaited.ahead(queries.narrowing))
    query = queries.nothing if meant.is_doubtful else queries.led_by(list(dict.fromkeys((*question.pins, *meant.ids))))
    result = engine.search(query)
    groups = _groups(request, result, query, engine)
    hits = shown(result.hits, groups)
    help_out = (
        Help(cleared(request), dropped(request))
        if result.total
        else help_for(question, indexed, correction, queries.words.query)
    )
    is_far = not result.total and not is_empty(correction.parsed) and not help_out.counted
    near = nearest_hits(request, queries, meaning, engine) if is_far else ()
    return correction, Found(
        result=result,
        passages=_passages(queries.passages, [hit.id for hit in (*hits, *near)], engine),
        relaxed=bool(result.total) and not is_whole,
        help=help_out,
        groups=groups,
        pinned=frozenset(question.pins),
        far=is_far,
        near=near,
        by_meaning=meant.added,
        nearest_passages=_nearest_passages(meaning, [hit.id for hit in hits if hit.id in meant.added], engine),
    )


def certainty(question: Question, engine: Engine, meaning: Meaning) -> float | None:
    """Return how sure it is that a page answers a question; None where a page holds all its words, which decides."""
    correction, is_whole = _corrected(question, IndexedWords(engine, question.request.locale))
    queries = asked(question.request, correction.parsed)
    return None if is_whole or not queries.may_mean else meaning_certainty(queries, meaning, engine)


def is_foreign(question: Question) -> bool:
    """Return whether a question is in another language than its pages: then only its meaning can be compared."""
    return question.analyser.is_foreign(question.request.query)


def _corrected(question: Question, indexed: IndexedWords) -> tuple[Correction, bool]:
    """Return the words as finally asked, and whether a page that readers may see holds all of them."""
    if is_complete(question.parsed, indexed):
        return Correction(question.parsed), True
    correction = correct(question, indexed)
    if correction.parsed is question.parsed:
        return correction, False
    parsed = weighed(correction.parsed, indexed.engine.frequencies, question.request.locale)
    return replace(correction, parsed=parsed), is_complete(parsed, indexed)


def is_complete(parsed: ParsedQuery, indexed: IndexedWords) -> bool:
    """Return whether a page that readers may see holds all words, phrases and identifiers of a question."""
    everything = all_of(parsed)
    if everything is None:
        return True
    return any(indexed.engine.totals([EngineQuery(everything, visible(indexed.locale))]))


def _groups(request: SearchRequest, result: EngineResult, query: EngineQuery, engine: Engine) -> tuple[HitGroup, ...]:
    if not is_grouped(request):
        return ()
    return grouped(result.hits, result.total, result.facets.get(AREA, {}), query, engine)


def _nearest_passages(meaning: Meaning | None, ids: Sequence[int], engine: Engine) -> dict[int, Passage]:
    """Return the passage of each page that says best what the question means."""
    if meaning is None or not ids:
        return {}
    return engine.nearest_passages(meaning.vector, ids, model=meaning.model)


def _passages(tree: Node | None, ids: Sequence[int], engine: Engine) -> dict[int, list[PassageHit]]:
    """Return the best passages of each hit."""
    if tree is None or not ids:
        return {}
    passages = engine.passages(tree, ids, PASSAGES_FETCHED_PER_HIT * len(ids))
    chosen: dict[int, list[PassageHit]] = {}
    for passage in sorted(passages, key=lambda hit: len(hit.passage.text) < SHORT_PASSAGE):
        of_page = chosen.setdefault(passage.page_id, [])
        if len(of_page) < PASSAGES_PER_HIT:
            of_page.append(passage)
    return chosen
