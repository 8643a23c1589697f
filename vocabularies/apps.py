"""Controlled vocabularies and free topics."""

from django.apps import AppConfig


class VocabulariesConfig(AppConfig):
    """Concepts and topics: what editors choose from."""

    name = "vocabularies"
    verbose_name = "Vokabulare"

    def ready(self) -> None:
        """Protect concepts in use from deletion; announce changes and raise versions."""
        from core import versions
        from vocabularies import topics, use
        from vocabularies.models import Concept, ConceptLabel, ConceptMapping, Topic, Vocabulary

        versions.follow(Vocabulary, Concept, ConceptLabel, ConceptMapping, Topic)
        use.connect()
        topics.connect()
