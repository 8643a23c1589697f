"""The search pipeline as a Django app."""

from django.apps import AppConfig

DRAIN_SECONDS = 1
"""How often the worker looks for changes that a web process left behind."""

DAY_SECONDS = 24 * 60 * 60


class SearchConfig(AppConfig):
    """Search: from the published page to the hit."""

    name = "search"
    verbose_name = "Suche"

    def ready(self) -> None:
        """Register checks and jobs, and connect the signals that feed the outbox."""
        from core.jobs import register
        from search import checks, signals  # noqa: F401 - checks register themselves
        from search.indexing import daily_verify, drain_due

        signals.connect()
        register("outbox", DRAIN_SECONDS, drain_due)
        register("search_verify", DAY_SECONDS, daily_verify)
