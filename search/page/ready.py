"""Filters that the question itself names (Klasse 3, Arbeitsblatt, Eltern), ready to be set with one click.

Their counts are those of the facets, so they cost no question to the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search.answer.values import Answer
from search.facets.labels import Labels
from search.page.links import address
from search.page.results import ReadyFilter

SHOWN = 4
"""Filters offered at once."""


def ready_filters(answer: Answer, labels: Labels, path: str) -> tuple[ReadyFilter, ...]:
    """Return the filters that would leave some of the hits, but not all."""
    return tuple(_ready(answer, labels, path))[:SHOWN]


def _ready(answer: Answer, labels: Labels, path: str) -> Iterator[ReadyFilter]:
    request, result = answer.request, answer.found.result
    for value in answer.recognised:
        count = result.facets.get(value.facet, {}).get(value.slug, 0)
        # With another value of the facet chosen, this one would add hits.
        if value.facet not in request.filters and 0 < count < result.total:
            filters = {**request.filters, value.facet: (value.slug,)}
            label = labels.get(value.facet, value.slug).label
            narrowed = address(path, replace(request, filters=filters, page=1))
            yield ReadyFilter(value.facet, value.slug, label, count, narrowed)
