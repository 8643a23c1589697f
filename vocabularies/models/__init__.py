"""Concepts and topics; each model has its own module."""

from vocabularies.models.concepts import (
    DEFAULT_LANGUAGE,
    Concept,
    ConceptLabel,
    ConceptMapping,
    Vocabulary,
    labels_in,
    preferred_labels,
    uses_of_concepts,
)
from vocabularies.models.topics import Topic

__all__ = [
    "DEFAULT_LANGUAGE",
    "Concept",
    "ConceptLabel",
    "ConceptMapping",
    "Topic",
    "Vocabulary",
    "labels_in",
    "preferred_labels",
    "uses_of_concepts",
]
