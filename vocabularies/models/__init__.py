"""Concepts and topics; each model lives in the module of its subject."""

from vocabularies.models.concepts import (
    DEFAULT_LANGUAGE,
    Concept,
    ConceptLabel,
    ConceptMapping,
    Vocabulary,
    relations_of_use,
)
from vocabularies.models.topics import Topic

__all__ = [
    "DEFAULT_LANGUAGE",
    "Concept",
    "ConceptLabel",
    "ConceptMapping",
    "Topic",
    "Vocabulary",
    "relations_of_use",
]
