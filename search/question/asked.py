"""asked(...) -> Asked: the engine queries for a question: trees with filters, conditions, facets, order and page."""

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
    """The queries for an engine.

    `hits` finds what is shown, including pinned pages; `words` finds what the words match without pins, and is the same
    object where there are none. `passages` finds the passages of hits, None when there are no words.
    """

    hits: EngineQuery
    words: EngineQuery
    passages: Node | None


def asked(request: SearchRequest, parsed: ParsedQuery, pins: Sequence[int], minimum: int) -> Asked:
    """Return the engine queries for a parsed query of which at least `minimum` clauses must match."""
    words = ranking.build(parsed, (), minimum)
    passages = ranking.any_word(parsed) if parsed.clauses or parsed.phrases else None
    led = ranking.build(parsed, pins, minimum) if pins else None
    # Without words all entries are equally relevant, and visitors expect the newest first.
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
