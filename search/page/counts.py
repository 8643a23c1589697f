"""The filters of a page: facets with labelled values, in order, and how many hits each would leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search.facets.facets import SHOWN, Facet, ValueOrder
from search.facets.labels import Labels, ValueLabel
from search.page.results import FacetResult, FacetValue
from search.question.request import SearchRequest


def facets(counts: Mapping[str, Mapping[str, int]], request: SearchRequest, labels: Labels) -> tuple[FacetResult, ...]:
    """Return the facets that have values, with the engine's counts."""
    results = (FacetResult(facet.name, facet.label, _values(facet, request, counts, labels)) for facet in SHOWN)
    return tuple(facet for facet in results if facet.values)


def _values(
    facet: Facet, request: SearchRequest, counts: Mapping[str, Mapping[str, int]], labels: Labels
) -> tuple[FacetValue, ...]:
    """Return the first values of a facet with their counts, plus selected ones further down."""
    chosen = request.filters.get(facet.name, ())
    counted = {**dict.fromkeys(chosen, 0), **counts.get(facet.name, {})}
    labelled = [
        (labels.get(facet.name, slug), count) for slug, count in counted.items() if labels.shows(facet.name, slug)
    ]
    ordered = sorted(labelled, key=_PLACES[facet.order])
    listed = [*ordered[: facet.listed], *(value for value in ordered[facet.listed :] if value[0].slug in chosen)]
    return tuple(FacetValue(value.slug, value.label, count, value.slug in chosen) for value, count in listed)


_Counted = tuple[ValueLabel, int]

_PLACES: Mapping[ValueOrder, Callable[[_Counted], tuple[float, str]]] = {
    # By slug, which is the label in plain letters.
    ValueOrder.COUNT: lambda value: (-value[1], value[0].slug),
    ValueOrder.NEWEST: lambda value: (-float(value[0].slug), value[0].slug),
    ValueOrder.VOCABULARY: lambda value: (value[0].order, value[0].label),
}
"""Sort keys for the values of a facet."""
