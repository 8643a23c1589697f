"""Pages that wait for vectors: queued by whoever writes a document without them, claimed by whoever computes.

A row needs no number as the outbox's do: it is removed in the transaction that puts its page into the outbox, and the
drain, which then reads the page as it is by now, queues it again if something is still missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from search.document import SearchDocument
from search.index import outbox
from search.meaning.vectors import current_source
from search.models import OutboxEntry, PageToEmbed

CLAIM_SECONDS = 60
"""Lifetime of a claim, renewed with each batch; longer than a batch takes on a slow machine."""

BACK_OFF_SECONDS = (60, 300, 3600)
"""Seconds to wait after a page failed the first, second, … time; the last one repeats."""

AWAY_SECONDS = 30
"""Wait while vectors cannot be computed at all: that is no page's fault."""


def queue(pages: Iterable[int]) -> None:
    """Queue pages. One that failed is due at once: the change may have fixed it."""
    now = timezone.now()
    PageToEmbed.objects.bulk_create(
        # Sorted, so that two transactions with the same pages take their locks in the same order.
        [PageToEmbed(page=page, queued_at=now, available_at=now) for page in sorted(set(pages))],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["available_at", "attempts", "last_error"],
    )


def queue_missing(documents: Sequence[SearchDocument]) -> None:
    """Queue the pages of documents that shall have vectors and have none, unless the site searches by words only."""
    # One that is not found by meaning never has any: queued whenever it is written, it would be written for ever.
    lacking = [document.id for document in documents if document.is_meant and document.vectors is None]
    if lacking and current_source():
        queue(lacking)


def due(now: datetime.datetime) -> QuerySet[PageToEmbed]:
    """Return the unclaimed rows that are due, oldest first."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    return PageToEmbed.objects.filter(free, available_at__lte=now).order_by("queued_at", "pk")


def claim(most: int, now: datetime.datetime) -> list[int]:
    """Claim due pages; return them, oldest first."""
    if not due(now).exists():
        # Without a transaction: on SQLite each one waits for all writers.
        return []
    with transaction.atomic():
        rows = due(now).select_for_update(skip_locked=True).values_list("pk", "page")[:most]
        keys, pages = [pk for pk, _ in rows], [page for _, page in rows]
        if keys:
            PageToEmbed.objects.filter(pk__in=keys).update(claimed_until=_until(now))
    return pages


def renew(pages: Iterable[int]) -> None:
    """Renew the claim of pages."""
    PageToEmbed.objects.filter(page__in=list(pages)).update(claimed_until=_until(timezone.now()))


def release(pages: Iterable[int]) -> None:
    """Release pages unchanged."""
    PageToEmbed.objects.filter(page__in=list(pages)).update(claimed_until=None)


def finish(pages: Iterable[int]) -> None:
    """Remove the rows of pages and have their documents written anew."""
    done = list(pages)
    with transaction.atomic():
        outbox.enqueue(OutboxEntry.Kind.PAGE, done)
        PageToEmbed.objects.filter(page__in=done).delete()


def fail(page: int, error: BaseException) -> None:
    """Postpone a page with a growing wait; the error stays visible on its row."""
    row = PageToEmbed.objects.filter(page=page).first()
    if row is None:
        return
    row.available_at = timezone.now() + datetime.timedelta(
        seconds=BACK_OFF_SECONDS[min(row.attempts, len(BACK_OFF_SECONDS) - 1)]
    )
    row.attempts += 1
    row.last_error = _message(error)
    row.claimed_until = None
    row.save()


def postpone(pages: Iterable[int]) -> None:
    """Postpone pages briefly because nothing can be computed, however often that has happened."""
    until = timezone.now() + datetime.timedelta(seconds=AWAY_SECONDS)
    PageToEmbed.objects.filter(page__in=list(pages)).update(available_at=until, claimed_until=None)


def queued(pages: Iterable[int]) -> list[int]:
    """Return those of the pages that wait."""
    return list(PageToEmbed.objects.filter(page__in=list(pages)).values_list("page", flat=True))


def claimed() -> QuerySet[PageToEmbed]:
    """Return the rows that a process holds, or that a killed one held."""
    return PageToEmbed.objects.filter(claimed_until__isnull=False)


def failed() -> QuerySet[PageToEmbed]:
    """Return the rows that failed at least once and will be retried."""
    return PageToEmbed.objects.filter(attempts__gt=0)


def retry_failed(now: datetime.datetime) -> int:
    """Make failed rows due immediately; return how many."""
    return failed().filter(available_at__gt=now).update(available_at=now)


def _until(now: datetime.datetime) -> datetime.datetime:
    # A remote may use up its time for a batch, and again for the question whether it answers at all.
    remote = 2 * settings.EMBEDDINGS["OPTIONS"].get("passage_timeout", 0)
    return now + datetime.timedelta(seconds=CLAIM_SECONDS + remote)


def _message(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
