"""The filters of a request: the request without each of them, and without any."""

from __future__ import annotations

from dataclasses import replace

from search.answer.values import Without
from search.facets.facets import BY_NAME
from search.question.request import SearchRequest


def dropped(request: SearchRequest) -> tuple[Without, ...]:
    """Return every active filter with the request without it, starting at the first page."""
    filters = [
        Without(name, slug, _without(request, name, slug)) for name in BY_NAME for slug in request.filters.get(name, ())
    ]
    if request.year_from is not None:
        filters.append(Without("year_from", str(request.year_from), replace(request, page=1, year_from=None)))
    if request.year_to is not None:
        filters.append(Without("year_to", str(request.year_to), replace(request, page=1, year_to=None)))
    return tuple(filters)


def cleared(request: SearchRequest) -> SearchRequest:
    """Return the request without any filter, starting at the first page."""
    return replace(request, filters={}, year_from=None, year_to=None, page=1)


def _without(request: SearchRequest, facet: str, slug: str) -> SearchRequest:
    values = tuple(value for value in request.filters[facet] if value != slug)
    others = {name: chosen for name, chosen in request.filters.items() if name != facet}
    return replace(request, filters={**others, **({facet: values} if values else {})}, page=1)
