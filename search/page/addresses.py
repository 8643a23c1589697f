"""The address of a search: the whole state of a request as a query string."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from search.facets.facets import BY_NAME, FACETS
from search.question.request import SearchRequest
from search.question.tree import Sort


def parameters_of(request: SearchRequest) -> list[tuple[str, str]]:
    """Return the parameters of a request in one fixed order, without defaults."""
    pairs = [("q", request.query)] if request.query else []
    for facet in FACETS:
        pairs += [(facet.name, value) for value in request.filters.get(facet.name, ())]
    if request.year_from:
        pairs.append(("year_from", str(request.year_from)))
    if request.year_to:
        pairs.append(("year_to", str(request.year_to)))
    if request.sort is not Sort.RELEVANCE:
        pairs.append(("sort", request.sort.value))
    if request.page > 1:
        pairs.append(("page", str(request.page)))
    return pairs


def address(path: str, request: SearchRequest) -> str:
    """Return the address of a request below `path`."""
    query = urlencode(parameters_of(request))
    return f"{path}?{query}" if query else path


def concept_address(facet: str, slug: str) -> str:
    """Return the browse page of a concept, or the search narrowed to it."""
    if BY_NAME[facet].browsed_at:
        return reverse(f"search:browse_{facet}", args=[slug])
    return address(reverse("search:search"), SearchRequest(filters={facet: (slug,)}))
