"""The library: its page types."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Materials, books, case studies and collections."""

    name = "library"
    verbose_name = "Bibliothek"
    stream_blocks = {"retrospective": {"materials": "library.stream_blocks.MaterialsBlock"}}

    def ready(self) -> None:
        """Register the model that links entries to their topics, who answers for the library, and materials of visitors."""
        from core.declared import contributions
        from core.declared.answers import register
        from library.answers import ANSWER
        from library.contributing import KIND, MaterialContributionForm, draft
        from library.models import PageTopic
        from vocabularies.topics import link_topics

        link_topics(PageTopic)
        register(ANSWER)
        contributions.declare(KIND, MaterialContributionForm, draft)
