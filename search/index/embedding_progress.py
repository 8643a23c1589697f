"""How far embedding has come: figures for health, editors and the command."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from search.engines.base import SearchUnavailable
from search.engines.current import indexed
from search.index.reading import documents_of
from search.index.rebuild import REBUILD_BATCH, Progress, eligible_ids, in_batches, silent
from search.meaning.recipe import texts_of
from search.meaning.vectors import Source, missing
from search.models import EmbeddingSource, PageToEmbed


@dataclass(frozen=True, slots=True)
class Figures:
    """What the index holds and what waits. `stalled` is for how long nothing was computed although a page is due.

    `computed_at` is the time of the last batch, `error` the kind of error for which none could be computed since.
    """

    documents: int
    embedded: int
    waiting: int
    failed: int
    stalled: datetime.timedelta
    computed_at: datetime.datetime | None
    error: str

    @property
    def percent(self) -> int:
        """Return the share of documents with vectors, rounded down: 100 means all."""
        return 100 * self.embedded // self.documents if self.documents else 100


def figures() -> Figures | None:
    """Return how far embedding has come, or None if the site searches by words only.

    Costs one or two queries and one question to the engine; without an engine no document counts as embedded.
    """
    source = EmbeddingSource.objects.order_by("-chosen_at", "-pk").first()
    if source is None or not source.model:
        return None
    now = timezone.now()
    rows = PageToEmbed.objects.aggregate(
        waiting=Count("pk"),
        failed=Count("pk", filter=Q(attempts__gt=0)),
        oldest=Min("queued_at", filter=Q(available_at__lte=now)),
    )
    try:
        held = [engine.vectors(source.model) for engine in indexed().values()]
        embedded, documents = (sum(numbers) for numbers in zip(*held, strict=True))
    except SearchUnavailable:
        embedded, documents = 0, rows["waiting"]
    return Figures(
        documents=documents,
        embedded=embedded,
        waiting=rows["waiting"],
        failed=rows["failed"],
        stalled=_stalled(now, rows["oldest"], source.computed_at),
        computed_at=source.computed_at,
        error=source.last_error.partition(":")[0],
    )


def _stalled(
    now: datetime.datetime, oldest: datetime.datetime | None, computed_at: datetime.datetime | None
) -> datetime.timedelta:
    if oldest is None:
        return datetime.timedelta(0)
    return now - max(oldest, computed_at or oldest)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to compute: all pages, their texts, those without a vector, passages beyond the limit."""

    pages: int = 0
    texts: int = 0
    missing: int = 0
    beyond: int = 0


def left(source: Source, progress: Progress = silent) -> Left:
    """Read all pages and return what is left to compute for a source; compute nothing."""
    found = Left()
    for ids in in_batches(eligible_ids(), REBUILD_BATCH):
        documents = documents_of(ids, 0, {})
        texts = [texts_of(document) for document in documents]
        lacking = missing(documents, source)
        found = Left(
            found.pages + len(documents),
            found.texts + sum(len(one.all) for one in texts),
            found.missing + sum(len(of_page) for of_page in lacking.values()),
            found.beyond + sum(one.left for one in texts),
        )
        progress(len(ids))
    return found
