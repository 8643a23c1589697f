"""Concepts and topics; each model lives in the module of its subject."""

from vocabularies.models.concepts import (
    DEFAULT_LANGUAGE,
    Concept,
    ConceptLabel,
    ConceptMapping,
    Vocabulary,
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
    "uses_of_concepts",
]
