"""ask(Question, Stock) -> Mended, Found: all going back and forth with the engine until a question is answered.

First all words as they were typed. Only where nothing holds them all is looked at which of them stand nowhere; then
at most three questions about words are asked, however many were typed, and fewer words have to match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.analysis.analysers import Analyser
from search.analysis.tokens import Token
from search.answer.mending import mended, with_word
from search.answer.stock import Stock
from search.answer.values import Found, Help, Mended, Without
from search.engines.base import EngineHit, EngineResult, PassageHit
from search.facets.facets import BY_NAME
from search.question import ranking
from search.question.parsing import ParsedQuery
from search.question.request import SearchRequest
from search.question.tree import EngineQuery, Node, Sort
from search.question.understood import Question, conditions, visible

PASSAGES_PER_HIT = 2
"""Passages shown of a hit: enough to judge it, few enough to read on."""

PASSAGES_FETCHED_PER_HIT = 6
"""Passages asked for per hit on display, so that one long page does not crowd out the others."""

SHORT_PASSAGE = 50
"""Characters below which a passage is a heading or a caption, shown only where nothing else matches."""

COUNTED_WITHOUT = 8
"""Filters that are counted without when there is no hit."""

WORDS_HELPED = 2
"""Words that stand nowhere for which similar ones are looked for."""

NEAR_SHOWN = 3
"""Similar words offered for each of them."""

BEGUN_ALIKE = 5
"""Letters that two words share at their beginning to be worth offering: Dyspraktisch, Dyspraxie."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """One search: what was asked, what was found, and whether words led to a page; a pinned one says nothing of them."""

    trees: ranking.Trees
    result: EngineResult
    is_found: bool
    relaxed: bool = False


def ask(question: Question, stock: Stock) -> tuple[Mended, Found]:
    """Return the question as it was asked in the end, and what was found. May raise SearchUnavailable."""
    typed = question.parsed
    tried: _Tried | None = None
    asked = Mended(typed)
    if not typed.is_sentence:
        # Whatever is found by all words shows that each of them stands in a page that readers may see.
        weighed = stock.weighed(typed)
        tried = _once(question, stock, weighed, len(typed.clauses))
        asked = replace(asked, parsed=weighed)
    if tried is None or not tried.is_found:
        again = mended(question, stock)
        if tried is None or again.parsed is not typed:
            asked, tried = replace(again, parsed=stock.weighed(again.parsed)), None
        tried = _relaxing(question, stock, asked.parsed, tried)
    return asked, _with_passages(question, stock, asked, tried)


def _once(question: Question, stock: Stock, parsed: ParsedQuery, minimum: int) -> _Tried:
    sort = question.request.sort
    if sort is Sort.RELEVANCE and parsed.is_empty:
        # Without words all are equally relevant: the newest first is what a visitor expects.
        sort = Sort.NEWEST
    trees = ranking.trees(parsed, question.pins, minimum)
    result = stock.engine.search(question.of_engine(trees.led, sort))
    found = result.total
    if trees.led is not trees.words and found:
        (found,) = stock.engine.totals([replace(question.of_engine(trees.words, sort), facets={})])
    return _Tried(trees, result, bool(found))


def _relaxing(question: Question, stock: Stock, parsed: ParsedQuery, tried: _Tried | None) -> _Tried:
    """Search for all words; when no document in the whole library holds all of them, for most, then any.

    `tried` is what was answered to all words already. That none is left under the filters is no reason: the
    reader sees so and can take a filter out.
    """
    count = len(parsed.clauses)
    first = ranking.most_of(count) if parsed.is_sentence else count
    for minimum in dict.fromkeys((first, ranking.most_of(count), min(count, 1))):
        answer = tried or _once(question, stock, parsed, minimum)
        tried = None
        if answer.is_found or parsed.is_empty:
            return replace(answer, relaxed=minimum < first)
        if question.request.is_narrowed and any(stock.engine.totals([_in_all(question, answer.trees.words)])):
            return answer
    return answer


def _in_all(question: Question, tree: Node) -> EngineQuery:
    """Return the question of how many hits a tree has in the whole library."""
    return EngineQuery(tree, visible(question.request.locale), limit=0)


# Around the hits -----------------------------------------------------------------------------


def _with_passages(question: Question, stock: Stock, asked: Mended, tried: _Tried) -> Found:
    result = tried.result
    passages = _passages(stock, tried.trees.passages, result.hits) if result.hits else {}
    help_out = Help(_dropped(question.request)) if result.total else _help(question, stock, asked, tried.trees.words)
    return Found(result, passages, tried.relaxed, help_out)


def _passages(stock: Stock, tree: Node | None, hits: Sequence[EngineHit]) -> dict[int, list[PassageHit]]:
    if tree is None:
        return {}
    found: dict[int, list[PassageHit]] = {}
    passages = stock.engine.passages(tree, [hit.id for hit in hits], PASSAGES_FETCHED_PER_HIT * len(hits))
    for passage in sorted(passages, key=lambda hit: len(hit.passage.text) < SHORT_PASSAGE):
        of_page = found.setdefault(passage.page_id, [])
        if len(of_page) < PASSAGES_PER_HIT:
            of_page.append(passage)
    return found


def _dropped(request: SearchRequest) -> tuple[Without, ...]:
    """Return every filter that is set."""
    found = [
        Without(name, slug, request.toggled(name, slug)) for name in BY_NAME for slug in request.filters.get(name, ())
    ]
    if request.year_from is not None:
        found.append(Without("year_from", str(request.year_from), replace(request, page=1, year_from=None)))
    if request.year_to is not None:
        found.append(Without("year_to", str(request.year_to), replace(request, page=1, year_to=None)))
    return tuple(found)


def _help(question: Question, stock: Stock, asked: Mended, words: Node) -> Help:
    """Count what dropping each filter would give, and look for words like those that stand nowhere.

    The number of questions to the engine is limited, whatever was asked.
    """
    request = question.request
    dropped = _dropped(request)
    counted = [one.request for one in dropped[:COUNTED_WITHOUT]]
    counted += [request.cleared()] if len(dropped) > 1 else []
    counts = stock.engine.totals([EngineQuery(words, conditions(one), one.filters, limit=0) for one in counted])
    return Help(
        tuple(
            replace(one, count=counts[place]) if place < COUNTED_WITHOUT else one for place, one in enumerate(dropped)
        ),
        counts[-1] if len(dropped) > 1 else None,
        _alike(request.query, asked.absent[:WORDS_HELPED], stock, question.analyser) if asked.absent else {},
    )


def _alike(query: str, absent: Sequence[Token], stock: Stock, analyser: Analyser) -> dict[str, str]:
    near = stock.alike([token.word for token in absent], BEGUN_ALIKE)
    found: dict[str, str] = {}
    for token in absent:
        shown = dict.fromkeys(analyser.as_shown(word, token.text) for word in near[token.word])
        found |= {word: with_word(query, token.text, word) for word in list(shown)[:NEAR_SHOWN]}
    return {word: instead for word, instead in found.items() if instead != query}
