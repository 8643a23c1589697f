"""The library: its page types, vocabularies, importers and sample data."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Materials, books, case studies and collections."""

    name = "library"
    verbose_name = "Bibliothek"

    def ready(self) -> None:
        """Connect the rule that keeps concepts in use from being deleted."""
        from library import vocabularies

        vocabularies.connect()
