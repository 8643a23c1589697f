"""The filters of a page: facets with the labels of their values, in order, and how many hits each would leave."""

from __future__ import annotations

from collections.abc import Mapping

from search.facets.facets import SHOWN, Facet, ValueOrder
from search.facets.labels import Labels
from search.page.results import FacetResult, FacetValue
from search.question.request import SearchRequest


def facets(counts: Mapping[str, Mapping[str, int]], request: SearchRequest, labels: Labels) -> tuple[FacetResult, ...]:
    """Return the facets that have values, as counted by the engine."""
    found = (FacetResult(facet.name, facet.label, _values(facet, request, counts, labels)) for facet in SHOWN)
    return tuple(facet for facet in found if facet.values)


def _values(
    facet: Facet, request: SearchRequest, counts: Mapping[str, Mapping[str, int]], labels: Labels
) -> tuple[FacetValue, ...]:
    """Return the first values of a facet with their counts, and those further down that are selected."""
    chosen = request.filters.get(facet.name, ())
    counted = {**dict.fromkeys(chosen, 0), **counts.get(facet.name, {})}
    found = [(slug, count) for slug, count in counted.items() if labels.shows(facet.name, slug)]
    ordered = sorted(found, key=lambda item: _place(facet, item[0], item[1], labels))
    listed = [*ordered[: facet.listed], *(value for value in ordered[facet.listed :] if value[0] in chosen)]
    return tuple(FacetValue(slug, labels.get(facet.name, slug).label, count, slug in chosen) for slug, count in listed)


def _place(facet: Facet, slug: str, count: int, labels: Labels) -> tuple[float, str]:
    if facet.order is ValueOrder.COUNT:
        # By slug, which is the label written plainly.
        return (-count, slug)
    if facet.order is ValueOrder.NEWEST:
        return (-float(slug), slug)
    value = labels.get(facet.name, slug)
    return (value.order, value.label)
