"""The search pipeline as a Django app."""

from django.apps import AppConfig

DRAIN_SECONDS = 1
"""How often the worker looks for changes that a web process left behind."""

MEND_SECONDS = 10
"""How often the worker looks whether the index is still there and this database's."""

READ_SECONDS = 2
"""How often the worker looks for attachments to read."""

HOUR_SECONDS = 60 * 60

COUNT_SECONDS = 60
"""How often the worker brings counted searches into the database."""

DAY_SECONDS = 24 * 60 * 60


class SearchConfig(AppConfig):
    """Search: from the published page to the hit."""

    name = "search"
    verbose_name = "Suche"

    def ready(self) -> None:
        """Register checks and jobs, and connect the signals that feed the outbox."""
        from core.jobs import register
        from search import checks, query_counts, signals, suggestions  # noqa: F401 - checks register themselves
        from search.attachments import forget_unused, read_pending
        from search.condition import mend
        from search.indexing import daily_verify, drain_due

        signals.connect()
        suggestions.connect()
        # First: the others need an index.
        register("search_index", MEND_SECONDS, mend)
        register("outbox", DRAIN_SECONDS, drain_due)
        register("attachments", READ_SECONDS, read_pending)
        register("unused_texts", HOUR_SECONDS, forget_unused)
        register("search_verify", DAY_SECONDS, daily_verify)
        register("query_counts", COUNT_SECONDS, query_counts.drain)
        register("query_counts_retention", DAY_SECONDS, query_counts.forget_old)
