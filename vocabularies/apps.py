"""Controlled vocabularies and free topics."""

from django.apps import AppConfig


class VocabulariesConfig(AppConfig):
    """Concepts and topics: what editors choose from."""

    name = "vocabularies"
    verbose_name = "Vokabulare"

    def ready(self) -> None:
        """Connect the rule that keeps concepts in use from being deleted."""
        from vocabularies import use

        use.connect()
