"""Build a new index next to the live one and swap it in when it is complete."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing

from django.conf import settings
from django.utils import timezone

from core.output.languages import NAMES
from search.engines.base import SearchUnavailable
from search.engines.current import engine_of
from search.index import outbox
from search.index.eligibility import eligible_pages
from search.index.embedding_queue import queue_missing
from search.index.reading import Batch, forget_site_roots, read_all
from search.models import ChangeNumber, DatabaseIdentity, OutboxEntry
from search.words import analysis_name

logger = logging.getLogger(__name__)

REBUILD_BATCH = 250
"""Documents per commit of a rebuild: few commits, little memory, and short waits for other writers."""

Progress = Callable[[int], object]


def silent(done: int) -> None:
    """Show no progress."""


def in_batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def rebuild(progress: Progress = silent, processes: int = 1, locales: Iterable[str] = NAMES) -> int:
    """Build new indexes next to the live ones, one language after the other, and swap; return the number of documents.

    Read pages in `processes` processes. Changes made meanwhile go to both. Raises SearchUnavailable when the engine
    cannot, or when a new index lost documents: then the live one stays unchanged.
    """
    written = 0
    broken: dict[int, str] = {}
    for locale in locales:
        written += _rebuild(locale, progress, processes, broken)
    for page, error in broken.items():
        logger.warning("page %s cannot be indexed and is left out: %s", page, error)
    # Changes made meanwhile may have had no index to go to; they need not wait any longer.
    outbox.retry_failed(timezone.now())
    # As outbox rows they stay visible, with the error, until they can be read.
    outbox.enqueue(OutboxEntry.Kind.PAGE, broken)
    return written


def _rebuild(locale: str, progress: Progress, processes: int, broken: dict[int, str]) -> int:
    engine = engine_of(locale)
    was_lost = engine.health().lost
    written = 0
    with engine.rebuild(DatabaseIdentity.current(), analysis_name(locale)) as build:
        batches = (Batch(ids, ChangeNumber.next()) for ids in in_batches(eligible_ids(locale), REBUILD_BATCH))
        with closing(read_all(batches, processes)) as reads:
            for read in reads:
                build.add(read.documents)
                queue_missing(read.documents)
                broken |= read.broken
                written += len(read.documents)
                progress(len(read.batch.ids))
        if build.count() < written:
            raise SearchUnavailable(f"the new index holds {build.count()} of {written} documents")
    if was_lost and locale != settings.LANGUAGE_CODE:
        # Who deleted a page meanwhile found no index to delete it from.
        gone = engine.ids().difference(eligible_ids(locale))
        if gone:
            engine.delete(dict.fromkeys(gone, ChangeNumber.next()))
    return written


def eligible_ids(locale: str | None = None) -> list[int]:
    """Return the ids of all pages that may be found now, of one language or all."""
    forget_site_roots()
    pages = eligible_pages(timezone.now())
    if locale is not None:
        pages = pages.filter(locale__language_code=locale)
    return list(pages.order_by("pk").values_list("pk", flat=True))
