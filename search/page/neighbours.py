"""Concepts near to a question that nothing answers: what the nearest pages are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from search.facets.facets import FACETS
from search.page.links import concept_address
from search.page.results import Hit, Neighbour

SHOWN_AT_MOST = 6

SUBJECTS = tuple(facet.name for facet in FACETS if facet.kinship >= 0.5)
"""Facets that say what a page is about, not for whom or in what form."""


def neighbours(near: Iterable[Hit]) -> tuple[Neighbour, ...]:
    """Return the concepts of the nearest pages, those of several and of the nearest first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for hit in near:
        counts.update((name, label.slug, str(label.label)) for name in SUBJECTS for label in hit.shown.get(name, ()))
    return tuple(
        Neighbour(label, concept_address(name, slug)) for (name, slug, label), _ in counts.most_common(SHOWN_AT_MOST)
    )
