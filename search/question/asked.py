"""asked(...) -> Asked: what an engine is asked for a query, the trees with filters, conditions, facets, order and page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.facets.facets import SHOWN
from search.question import ranking
from search.question.conditions import conditions
from search.question.parsing import ParsedQuery
from search.question.request import SearchRequest
from search.question.tree import EngineQuery, Node, Sort


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine is asked.

    `hits` is what is shown, with the pages that editors let lead; `words` what the words find without them, the same
    where there are none. `passages` finds the passages of hits, None when no words are looked for.
    """

    hits: EngineQuery
    words: EngineQuery
    passages: Node | None


def asked(request: SearchRequest, parsed: ParsedQuery, pins: Sequence[int], minimum: int) -> Asked:
    """Return what is asked for a query of which at least `minimum` clauses must match."""
    words = ranking.build(parsed, (), minimum)
    passages = ranking.any_word(parsed) if parsed.clauses or parsed.phrases else None
    led = ranking.build(parsed, pins, minimum) if pins else None
    # Without words all are equally relevant: the newest first is what a visitor expects.
    by_date = request.sort is Sort.RELEVANCE and ranking.is_empty(parsed)
    of_words = EngineQuery(
        query=words,
        conditions=conditions(request),
        filters=request.filters,
        facets={facet.name: facet.size for facet in SHOWN},
        sort=Sort.NEWEST if by_date else request.sort,
        offset=(request.page - 1) * request.page_size,
        limit=request.page_size,
    )
    return Asked(of_words if led is None else replace(of_words, query=led), of_words, passages)
