"""The search pipeline as a Django app."""

from django.apps import AppConfig
from django.core.signals import request_started

DRAIN_SECONDS = 1
"""How often the worker checks for changes that a web process left behind."""

MEND_SECONDS = 10
"""How often the worker checks that the index still exists and belongs to this database."""

EMBED_SECONDS = 2
"""How often the worker looks for pages that lack vectors."""

MODEL_SECONDS = 5
"""How often the worker checks whether the model of the search by meaning has still to be made."""

LINE_SECONDS = 10
"""How often the worker checks whether to measure from when on a question counts as answered."""

COUNT_SECONDS = 60
"""How often the worker moves counted searches to the database."""

DAY_SECONDS = 24 * 60 * 60


class SearchConfig(AppConfig):
    """The search, from the published page to the hit."""

    name = "search"
    verbose_name = "Suche"

    def ready(self) -> None:
        """Register checks and jobs, and connect the signals that feed the outbox and raise versions."""
        from core import versions
        from core.running.jobs import Lane, register
        from search import checks  # noqa: F401 - they register themselves
        from search.answer.meant.calibration import measure_due
        from search.index import forgetting, outbox, signals
        from search.index.condition import mend
        from search.index.drain import drain_after_commit, drain_due
        from search.index.embeddings import embed_due
        from search.index.verify import daily_verify
        from search.meaning.current import prepare
        from search.meaning.preparing import Background
        from search.models import EmbeddingSource, LexiconWord, Pin, QueryCount, SearchVerdict, SynonymSet
        from search.usage import keeping

        signals.connect()
        forgetting.connect()
        outbox.drained_by(drain_after_commit)
        # A web process begins to load the model with its first request, whatever it asks for.
        request_started.connect(prepare, dispatch_uid="search.meaning")
        versions.follow(SynonymSet, Pin, LexiconWord, QueryCount, SearchVerdict, EmbeddingSource)
        # First: the others need an index.
        register("search_index", MEND_SECONDS, mend)
        register("outbox", DRAIN_SECONDS, drain_due)
        register("search_model", MODEL_SECONDS, Background().run, Lane.SLOW)
        register("embeddings", EMBED_SECONDS, embed_due, Lane.SLOW)
        register("search_line", LINE_SECONDS, measure_due, Lane.SLOW)
        register("search_verify", DAY_SECONDS, daily_verify, Lane.SLOW)
        register("query_counts", COUNT_SECONDS, keeping.drain)
        register("query_counts_retention", DAY_SECONDS, keeping.forget_old)
