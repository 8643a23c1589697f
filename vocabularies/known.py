"""The concepts of a vocabulary by slug, in memory until an editor changes one: for values that no page is filed under."""

from __future__ import annotations

from core.versions import Versioned
from vocabularies.models import Concept, ConceptLabel, Vocabulary


def known_concepts(vocabulary: str) -> dict[str, Concept]:
    """Return the concepts of a vocabulary by slug, in their order; their values cost no query. Do not modify them."""
    return _known.get(vocabulary)


def _read(vocabulary: str) -> dict[str, Concept]:
    concepts = Concept.objects.filter(vocabulary__slug=vocabulary).prefetch_related("labels", "broader__broader")
    return {concept.slug: concept for concept in concepts.order_by("order", "label")}


_known: Versioned[dict[str, Concept]] = Versioned((Vocabulary, Concept, ConceptLabel), _read)
