"""The outbox: what may have changed, written in the transaction of the change itself."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from core import bulk
from search.models import ChangeNumber, OutboxEntry

CLAIM_SECONDS = 30
"""How long a claim holds; less than engines remember deletions (60 s), so a late writer is refused."""

BACK_OFF_SECONDS = (5, 15, 60, 300, 900)
"""Waits after the first, second, … failure; the last one repeats."""

Target = tuple[str, int]

_own = threading.local()


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows taken into work together: a row is ours as long as its number stays."""

    number: int
    until: datetime.datetime
    rows: tuple[tuple[int, str, int], ...]

    def targets(self, kind: OutboxEntry.Kind) -> list[int]:
        """Return the targets of one kind."""
        return [target for _, row_kind, target in self.rows if row_kind == kind]

    @property
    def keys(self) -> list[int]:
        """Primary keys of the rows."""
        return [key for key, _, _ in self.rows]


def record(kind: OutboxEntry.Kind, targets: Iterable[int]) -> None:
    """Note that targets may have changed; after commit this process drains them once itself."""
    number = ChangeNumber.next()
    now = timezone.now()
    rows = [
        OutboxEntry(kind=kind, target=target, number=number, changed_at=now, available_at=now)
        for target in dict.fromkeys(targets)
    ]
    if not rows:
        return
    OutboxEntry.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "target"],
        update_fields=["number", "changed_at", "available_at"],
    )
    if bulk.is_active():
        return
    own: set[Target] = _own.__dict__.setdefault("targets", set())
    own.update((str(kind), row.target) for row in rows)
    # Each time, not once a transaction: a rolled back one takes its callback with it, but not our set.
    transaction.on_commit(_drain_own)


def _drain_own() -> None:
    from search.indexing import drain_after_commit

    targets: set[Target] = _own.__dict__.get("targets", set())
    own = set(targets)
    targets.clear()
    if own:
        drain_after_commit(own)


def claimable(now: datetime.datetime) -> models.QuerySet[OutboxEntry]:
    """Return the rows that nobody works on and whose time has come, oldest first."""
    free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lt=now)
    return OutboxEntry.objects.filter(free, available_at__lte=now)


def claim(keys: Iterable[int], now: datetime.datetime) -> Claim:
    """Take rows into work, as far as they are free.

    The new number is drawn before the pages are read. So of two processes that hold the same row one
    after the other, the later one has the greater number and has read the newer page.
    """
    number = ChangeNumber.next()
    until = now + datetime.timedelta(seconds=CLAIM_SECONDS)
    claimable(now).filter(pk__in=list(keys)).update(number=number, claimed_until=until)
    rows = OutboxEntry.objects.filter(number=number, claimed_until=until).order_by("changed_at", "pk")
    return Claim(number, until, tuple(rows.values_list("pk", "kind", "target")))


def finish(done: Claim) -> int:
    """Remove rows whose number is still the claimed one; set the others free. Return how many were removed."""
    removed, _ = OutboxEntry.objects.filter(pk__in=done.keys, number=done.number).delete()
    release(done)
    return removed


def release(held: Claim) -> None:
    """Give rows back untouched; those that another process has taken over stay its own."""
    OutboxEntry.objects.filter(pk__in=held.keys, claimed_until=held.until).update(claimed_until=None)


def fail(held: Claim, error: BaseException, now: datetime.datetime) -> None:
    """Set rows back with a growing wait; the error stays visible on the row."""
    message = f"{type(error).__name__}: {error}"[:1000]
    for row in OutboxEntry.objects.filter(pk__in=held.keys, claimed_until=held.until):
        wait = BACK_OFF_SECONDS[min(row.attempts, len(BACK_OFF_SECONDS) - 1)]
        OutboxEntry.objects.filter(pk=row.pk, claimed_until=held.until).update(
            attempts=row.attempts + 1,
            last_error=message,
            claimed_until=None,
            available_at=now + datetime.timedelta(seconds=wait),
        )
