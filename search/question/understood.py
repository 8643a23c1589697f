"""understood(SearchRequest) -> Question: what a reader asks, by the words of the library and what its editors decided.

Nothing is looked up in the index: whether there is an answer is for others to find out.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from search.analysis.analysers import Analyser
from search.facets.facets import SHOWN
from search.question.editorial import editorial
from search.question.parsing import ParsedQuery, parse
from search.question.request import SearchRequest
from search.question.synonyms import Synonyms
from search.question.tree import AnyOf, EngineQuery, Node, Range, Sort
from search.words import current


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks: his request, its words, the pages that editors let lead for them.

    With the synonyms and the analyser that it was read with, for words that take the place of others.
    """

    request: SearchRequest
    parsed: ParsedQuery
    pins: tuple[int, ...]
    synonyms: Synonyms
    analyser: Analyser

    def of_engine(self, tree: Node, sort: Sort) -> EngineQuery:
        """Return what an engine is asked: the tree with filters, conditions, facets, order and page."""
        request = self.request
        return EngineQuery(
            query=tree,
            conditions=conditions(request),
            filters=request.filters,
            facets={facet.name: facet.size for facet in SHOWN},
            sort=sort,
            offset=(request.page - 1) * request.page_size,
            limit=request.page_size,
        )


def understood(request: SearchRequest) -> Question:
    """Return what is asked by a request."""
    analyser = current(request.locale)
    editors = editorial(analyser)
    parsed = parse(request.query, editors.synonyms, analyser)
    pins = editors.pins.get(parsed.key, ()) if parsed.words and not parsed.phrases else ()
    return Question(request, parsed, pins, editors.synonyms, analyser)


def visible(locale: str) -> tuple[Node, ...]:
    """Return what holds for everything that readers of a locale see now."""
    return (AnyOf("locale", (locale,)), Range("expires", int(timezone.now().timestamp()) + 1, None))


def conditions(request: SearchRequest) -> tuple[Node, ...]:
    """Return what holds for hits and counts alike: locale, end, years."""
    if request.year_from is None and request.year_to is None:
        return visible(request.locale)
    return (*visible(request.locale), Range("year_number", request.year_from, request.year_to))
