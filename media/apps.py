"""Pictures, files and their text."""

from django.apps import AppConfig

READ_SECONDS = 2
"""How often the worker looks for attachments to read."""

RENDITION_SECONDS = 10
"""How often the worker looks for pictures without their scaled copies."""

HOUR_SECONDS = 60 * 60


class MediaConfig(AppConfig):
    """Pictures, files and their text."""

    name = "media"
    verbose_name = "Medien"

    def ready(self) -> None:
        """Register the worker's jobs for files, and announce changes to the pages that use them."""
        from core.running.jobs import Lane, register
        from media import announcing, checks  # noqa: F401 - registers itself
        from media.reading import forget_unused, read_pending
        from media.stored.renditions import make_missing

        announcing.connect()
        register("attachments", READ_SECONDS, read_pending, Lane.SLOW)
        register("renditions", RENDITION_SECONDS, make_missing, Lane.SLOW)
        register("unused_texts", HOUR_SECONDS, forget_unused, Lane.SLOW)
