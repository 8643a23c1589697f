"""asked(...) -> Asked: the engine queries for a question: trees with filters, conditions, facets, order and page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.facets.facets import SHOWN
from search.question import ranking
from search.question.conditions import conditions
from search.question.coverage import STRONG, absent
from search.question.parsing import ParsedQuery
from search.question.request import SearchRequest
from search.question.tree import Bool, EngineQuery, Ids, Node, Sort


@dataclass(frozen=True, slots=True)
class Asked:
    """The queries for an engine.

    `words` finds what the words match, and `full` is about the score of a page that answers the question; `absent` is the
    share of it whose words occur nowhere. `any_words`
    scores pages by the same words, however few match, and `narrowing` is what every page must and must not hold,
    whatever it means: phrases and exclusions; both are None where there are none. `passages` finds the passages of hits,
    None when there are no words. `may_mean` tells whether pages may be found by meaning, too.
    """

    words: EngineQuery
    full: float
    absent: float
    any_words: Node | None
    narrowing: Node | None
    excluded: tuple[Node, ...]
    passages: Node | None
    may_mean: bool

    @property
    def nothing(self) -> EngineQuery:
        """Return a query that finds nothing and still counts the values of filters."""
        return replace(self.words, query=Ids(()))

    def led_by(self, ids: Sequence[int]) -> EngineQuery:
        """Return the query for everything that is found: these pages first, in this order, then those of the words."""
        if not ids:
            return self.words
        without = (Bool(must_not=self.excluded),) if self.excluded else ()
        query = ranking.led_by(ids, self.words.query)
        return replace(self.words, query=query, conditions=(*self.words.conditions, *without))


def asked(request: SearchRequest, parsed: ParsedQuery) -> Asked:
    """Return the engine queries for a parsed query."""
    is_empty = ranking.is_empty(parsed)
    by_relevance = request.sort is Sort.RELEVANCE
    scores = ranking.scoring(parsed) if parsed.clauses else ()
    required, excluded = ranking.required_nodes(parsed), ranking.excluded_nodes(parsed)
    words = EngineQuery(
        query=ranking.build(parsed, required, excluded, None if by_relevance else STRONG, scores),
        conditions=conditions(request),
        filters=request.filters,
        facets={facet.name: facet.size for facet in SHOWN},
        # Without words all entries are equally relevant, and visitors expect the newest first.
        sort=Sort.NEWEST if by_relevance and is_empty else request.sort,
        offset=(request.page - 1) * request.page_size,
        limit=request.page_size,
    )
    return Asked(
        words=words,
        full=ranking.full_score(parsed),
        absent=absent(parsed.clauses),
        any_words=Bool(should=scores, minimum=1) if scores else None,
        excluded=excluded,
        narrowing=_narrowing(required, excluded),
        passages=ranking.any_word(parsed) if parsed.clauses or parsed.phrases else None,
        may_mean=may_mean(request, parsed),
    )


def narrowing(parsed: ParsedQuery) -> Node | None:
    """Return what every page must and must not hold, whatever it means; None where there is nothing."""
    return _narrowing(ranking.required_nodes(parsed), ranking.excluded_nodes(parsed))


def _narrowing(required: tuple[Node, ...], excluded: tuple[Node, ...]) -> Node | None:
    return Bool(must=required, must_not=excluded) if required or excluded else None


def may_mean(request: SearchRequest, parsed: ParsedQuery) -> bool:
    """Return whether pages may be found by meaning, too.

    Meaning says nothing about numbers, nor about the order of words; and by date or title a page that is merely near
    would stand between those that were asked for.
    """
    return request.sort is Sort.RELEVANCE and bool(parsed.clauses) and not parsed.identifiers
