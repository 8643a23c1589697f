"""Labels of all facet values: requests and the index use slugs, labels are looked up here.

They stay in memory until one changes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language

from core.versions import Versioned
from search.facets.facets import BY_NAME, FACETS
from search.facets.sources import ValueLabel as ValueLabel  # re-exported: `Labels` returns it
from search.facets.sources import Values
from vocabularies.models import DEFAULT_LANGUAGE, Concept, ConceptLabel, Topic, Vocabulary


@functools.lru_cache(maxsize=1000)
def _unlabelled(slug: str) -> ValueLabel:
    return ValueLabel(slug, slug)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one request."""

    values: Mapping[str, Values] = field(default_factory=dict)

    def get(self, facet: str, slug: str) -> ValueLabel:
        """Return the label of a value; an unknown slug is its own label."""
        return self.values.get(facet, {}).get(slug) or _unlabelled(slug)

    def shows(self, facet: str, slug: str) -> bool:
        """Return whether visitors may know of the value: a page may have expired since it was indexed."""
        return not BY_NAME[facet].source.are_pages or slug in self.values.get(facet, {})


def load_labels() -> Labels:
    """Return the labels of all facets in the active language."""
    language = get_language() or DEFAULT_LANGUAGE
    # Pages expire with time, so their titles are cached where that is known, not here.
    pages = {facet.name: facet.source.labels(language) for facet in FACETS if facet.source.are_pages}
    return Labels({**_kept.get(language), **pages})


def known_values(facet: str, slugs: Sequence[str]) -> list[str]:
    """Return those of a reader's slugs that are values of the facet, without duplicates, in the given order."""
    # PostgreSQL refuses a text with a NUL byte.
    wanted = [slug for slug in dict.fromkeys(slugs) if "\0" not in slug]
    if not wanted:
        return []
    known = BY_NAME[facet].source.known(wanted, load_labels().values.get(facet, {}))
    return [slug for slug in wanted if slug in known]


def _read(language: str) -> dict[str, Values]:
    return {facet.name: facet.source.labels(language) for facet in FACETS if not facet.source.are_pages}


_kept = Versioned((Vocabulary, Concept, ConceptLabel, Topic), _read)
