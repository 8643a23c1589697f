"""The concepts of a vocabulary by slug, in memory until an editor changes one: for values that no page is filed under."""

from __future__ import annotations

from dataclasses import dataclass

from core.declared.searchable import ConceptValue
from core.versions import Versioned
from vocabularies.models import Concept, ConceptLabel, Vocabulary


@dataclass(frozen=True, slots=True)
class Known:
    """A concept, and the value that documents carry for it."""

    concept: Concept
    value: ConceptValue


def known_concepts(vocabulary: str) -> dict[str, Known]:
    """Return the concepts of a vocabulary by slug, in their order. Do not modify them."""
    return _known.get(vocabulary)


def _read(vocabulary: str) -> dict[str, Known]:
    concepts = Concept.objects.filter(vocabulary__slug=vocabulary).prefetch_related("labels", "broader__broader")
    return {concept.slug: Known(concept, concept.value()) for concept in concepts.order_by("order", "label")}


_known: Versioned[dict[str, Known]] = Versioned((Vocabulary, Concept, ConceptLabel), _read)
