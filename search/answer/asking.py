"""ask(Question, Engine) -> Correction, Found: the whole exchange with the engine until a question is answered.

First try all words as typed. Only when no document holds them all, check which of them occur in no document; that
takes at most three queries about words, however many were typed. Then require fewer words to match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.analysis.analysers import Analyser
from search.analysis.tokens import Token
from search.answer.correcting import correct, with_word
from search.answer.filters import cleared, dropped
from search.answer.grouping import AREA, grouped, is_grouped, shown
from search.answer.indexed_words import IndexedWords
from search.answer.values import Correction, Found, Help, HitGroup
from search.engines.base import Engine, EngineResult, PassageHit
from search.question.asked import Asked, asked
from search.question.conditions import conditions, visible
from search.question.parsing import ParsedQuery
from search.question.ranking import is_empty, most_of, weighed
from search.question.request import SearchRequest
from search.question.tree import EngineQuery, Node
from search.question.understood import Question

PASSAGES_PER_HIT = 2
"""Passages shown per hit: enough to judge it, few enough to read on."""

PASSAGES_FETCHED_PER_HIT = 6
"""Passages fetched per displayed hit, so that one long page does not crowd out the others."""

SHORT_PASSAGE = 50
"""A passage with fewer characters is a heading or a caption, shown only when nothing else matches."""

COUNTED_WITHOUT = 8
"""How many filters get a count of the hits without them when there is no hit."""

WORDS_HELPED = 2
"""How many words that occur in no document get similar ones looked up."""

NEAR_SHOWN = 3
"""Similar words offered for each."""

BEGUN_ALIKE = 5
"""Leading letters two words must share for one to be offered for the other: Dyspraktisch, Dyspraxie."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """One attempt: the query, its result, and whether words led to a page; a pinned page proves nothing about them."""

    asked: Asked
    result: EngineResult
    is_found: bool
    relaxed: bool = False


def ask(question: Question, engine: Engine) -> tuple[Correction, Found]:
    """Return the question as finally asked, and what was found. May raise SearchUnavailable."""
    # A hit for all words proves that each of them occurs in a page that readers may see.
    tried = _once(question.first, engine) if question.first else None
    words = Correction(question.parsed)
    help_out = None
    if tried is None or not tried.is_found:
        indexed = IndexedWords(engine, question.request.locale)
        again = correct(question, indexed)
        if tried is None or again.parsed is not question.parsed:
            words = replace(again, parsed=weighed(again.parsed, engine.frequencies, question.request.locale))
            tried = None
        tried = _relaxing(question, engine, words.parsed, tried)
        help_out = None if tried.result.total else _help(question, indexed, words, tried.asked.words.query)
    groups = _groups(question.request, tried, engine)
    return words, Found(
        tried.result,
        _passages(tried, engine, [hit.id for hit in shown(tried.result.hits, groups)]),
        tried.relaxed,
        help_out or Help(cleared(question.request), dropped(question.request)),
        groups,
        frozenset(question.pins),
    )


def _groups(request: SearchRequest, tried: _Tried, engine: Engine) -> tuple[HitGroup, ...]:
    if not is_grouped(request):
        return ()
    result = tried.result
    return grouped(result.hits, result.total, result.facets.get(AREA, {}), tried.asked.hits, engine)


def _once(asked: Asked, engine: Engine) -> _Tried:
    result = engine.search(asked.hits)
    total = result.total
    if asked.hits is not asked.words and total:
        (total,) = engine.totals([replace(asked.words, facets={})])
    return _Tried(asked, result, bool(total))


def _passages(tried: _Tried, engine: Engine, ids: Sequence[int]) -> dict[int, list[PassageHit]]:
    """Return the best passages of each hit."""
    if tried.asked.passages is None or not ids:
        return {}
    passages = engine.passages(tried.asked.passages, ids, PASSAGES_FETCHED_PER_HIT * len(ids))
    chosen: dict[int, list[PassageHit]] = {}
    for passage in sorted(passages, key=lambda hit: len(hit.passage.text) < SHORT_PASSAGE):
        of_page = chosen.setdefault(passage.page_id, [])
        if len(of_page) < PASSAGES_PER_HIT:
            of_page.append(passage)
    return chosen


def _relaxing(question: Question, engine: Engine, parsed: ParsedQuery, tried: _Tried | None) -> _Tried:
    """Search for all words; if no document in the whole library holds them all, for most, then for any.

    `tried` is the answer to all words, if there is one already. Filters that leave no hit are no reason to relax: the
    reader sees that and can remove one.
    """
    request = question.request
    count = len(parsed.clauses)
    first = most_of(count) if parsed.is_sentence else count
    for minimum in dict.fromkeys((first, most_of(count), min(count, 1))):
        answer = tried or _once(asked(request, parsed, question.pins, minimum), engine)
        tried = None
        if answer.is_found or is_empty(parsed):
            return replace(answer, relaxed=minimum < first)
        if request.is_narrowed and any(engine.totals([_in_all(request, answer.asked.words.query)])):
            return answer
    return answer


def _in_all(request: SearchRequest, tree: Node) -> EngineQuery:
    """Return the query that counts a tree's hits in the whole library."""
    return EngineQuery(tree, visible(request.locale), limit=0)


# Help ----------------------------------------------------------------------------------------


def _help(question: Question, indexed: IndexedWords, asked: Correction, words: Node) -> Help:
    """Count the hits without each filter, and look up words similar to those that occur in no document.

    The number of queries to the engine is bounded, whatever the reader asked.
    """
    request = question.request
    filters, everything = dropped(request), cleared(request)
    counted = [one.request for one in filters[:COUNTED_WITHOUT]]
    counted += [everything] if len(filters) > 1 else []
    counts = indexed.engine.totals([EngineQuery(words, conditions(one), one.filters, limit=0) for one in counted])
    return Help(
        everything,
        tuple(
            replace(one, count=counts[place]) if place < COUNTED_WITHOUT else one for place, one in enumerate(filters)
        ),
        counts[-1] if len(filters) > 1 else None,
        _alike(request.query, asked.absent[:WORDS_HELPED], indexed, question.analyser) if asked.absent else {},
    )


def _alike(query: str, absent: Sequence[Token], indexed: IndexedWords, analyser: Analyser) -> dict[str, str]:
    near = indexed.alike([token.word for token in absent], BEGUN_ALIKE)
    offered: dict[str, str] = {}
    for token in absent:
        shown = dict.fromkeys(analyser.as_shown(word, token.text) for word in near[token.word])
        offered |= {word: with_word(query, token.text, word) for word in list(shown)[:NEAR_SHOWN]}
    return {word: instead for word, instead in offered.items() if instead != query}
