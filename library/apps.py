"""The library: its page types."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Materials, books, case studies and collections."""

    name = "library"
    verbose_name = "Bibliothek"
    stream_blocks = {"retrospective": {"materials": "library.stream_blocks.MaterialsBlock"}}
