"""The outbox: what may have changed, written in the transaction of the change itself.

It does not depend on a drain: a drain registers itself, and is called after each commit.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db import models, transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from core.running import bulk
from search.models import ChangeNumber, OutboxEntry

CLAIM_SECONDS = 30
"""Lifetime of a claim; shorter than engines remember deletions (60 s), so a late writer is refused."""

BACK_OFF_SECONDS = (5, 15, 60, 300, 900)
"""Seconds to wait after the first, second, … failure; the last one repeats."""

AWAY_SECONDS = 5
"""Wait while the engine is down: that is not the row's fault, and all pages should be found soon after it returns."""

OWN_TARGETS = 200
"""Targets that a process drains itself after commit: more than fit into its second; the worker does the rest."""

Target = tuple[str, int | str]
"""The kind and key of what a row is about; for a word, the word itself."""

Row = tuple[int, str, int | str]
"""A row's key and target."""

T = TypeVar("T", int, str)

_own = threading.local()
_drains: list[Callable[[set[Target]], object]] = []


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows claimed together: a row is ours as long as its number does not change."""

    number: int
    until: datetime.datetime
    rows: tuple[Row, ...]

    def targets(self, kind: OutboxEntry.Kind) -> list[int]:
        """Return the keys for one kind."""
        return [target for _, row_kind, target in self.rows if row_kind == kind and isinstance(target, int)]

    @property
    def words(self) -> list[str]:
        """Words that the analysis now reads differently."""
        return [target for _, _, target in self.rows if isinstance(target, str)]

    def is_over(self, now: datetime.datetime) -> bool:
        """Return whether the claim has expired: others may hold the rows, and what we read is too old to write."""
        return now >= self.until

    def only(self, rows: Sequence[Row]) -> Claim:
        """Return the claim reduced to some of its rows."""
        return replace(self, rows=tuple(rows))

    @property
    def keys(self) -> list[int]:
        """Primary keys of the rows."""
        return [key for key, _, _ in self.rows]


def drained_by(drain: Callable[[set[Target]], object]) -> None:
    """Register a drain for the targets that this process recorded, called right after commit."""
    if drain not in _drains:
        _drains.append(drain)


def record(kind: OutboxEntry.Kind, targets: Iterable[T]) -> None:
    """Record that targets may have changed; after commit, this process itself drains them once."""
    noted = enqueue(kind, targets)
    if not noted or bulk.is_active():
        return
    own: set[Target] = _own.__dict__.setdefault("targets", set())
    if not _drains_after_commit():
        # Left over from a rolled back transaction: not ours to drain.
        own.clear()
    own.update((str(kind), target) for target in noted[:OWN_TARGETS])
    # Each time, not once per transaction: a rolled back savepoint discards its callback.
    transaction.on_commit(_drain_own)


def enqueue(kind: OutboxEntry.Kind, targets: Iterable[T]) -> list[T]:
    """Write the rows and leave them to the next drain; return the distinct targets.

    A claimed row becomes free again: its holder may be reading the old state.
    """
    # Sorted, so that two transactions with the same targets take their locks in the same order.
    noted = sorted(set(targets))
    if not noted:
        return []
    number = ChangeNumber.next()
    now = timezone.now()
    OutboxEntry.objects.bulk_create(
        [
            OutboxEntry(kind=kind, number=number, changed_at=now, available_at=now, **{_column(target): target})
            for target in noted
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "target", "word"],
        update_fields=["number", "changed_at", "available_at", "claimed_until"],
    )
    return noted


def _column(target: int | str) -> str:
    return "word" if isinstance(target, str) else "target"


def _drains_after_commit() -> bool:
    return any(callback[1] is _drain_own for callback in transaction.get_connection().run_on_commit)


def _drain_own() -> None:
    targets: set[Target] = _own.__dict__.get("targets", set())
    own = set(targets)
    targets.clear()
    if own:
        for drain in _drains:
            drain(own)


def claimable(now: datetime.datetime) -> models.QuerySet[OutboxEntry]:
    """Return the unclaimed rows that are due, oldest first.

    A row that is due later than any back-off lasts was written under a clock that ran ahead: it is due too.
    """
    impossible = now + datetime.timedelta(seconds=2 * BACK_OFF_SECONDS[-1])
    due = models.Q(available_at__lte=now) | models.Q(available_at__gt=impossible)
    return OutboxEntry.objects.filter(_free(now), due)


def about(targets: Iterable[Target]) -> models.Q:
    """Return the condition that selects the rows of these targets; needs at least one."""
    named: dict[tuple[str, str], list[int | str]] = {}
    for kind, target in targets:
        named.setdefault((kind, _column(target)), []).append(target)
    condition = models.Q()
    for (kind, column), values in named.items():
        condition |= models.Q(("kind", kind), (f"{column}__in", values))
    return condition


def _free(now: datetime.datetime) -> models.Q:
    return models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lt=now)


def held() -> models.QuerySet[OutboxEntry]:
    """Return the rows that a process holds, or that a killed one held."""
    return OutboxEntry.objects.filter(claimed_until__isnull=False)


def failed() -> models.QuerySet[OutboxEntry]:
    """Return the rows that failed at least once and will be retried."""
    return OutboxEntry.objects.filter(attempts__gt=0)


def retry_failed(now: datetime.datetime) -> int:
    """Make failed rows due immediately, except claimed ones; return how many."""
    return failed().filter(_free(now), available_at__gt=now).update(available_at=now)


def claim(keys: Iterable[int], now: datetime.datetime) -> Claim:
    """Claim those of the rows that are free.

    The new number is drawn before the pages are read. So of two processes that hold the same row one after the other,
    the later one has the greater number and has read the newer page. Rows that an open transaction is changing are
    skipped: waiting for an editor's transaction while holding other rows could deadlock.
    """
    number = ChangeNumber.next()
    until = now + datetime.timedelta(seconds=CLAIM_SECONDS)
    with transaction.atomic():
        free = claimable(now).filter(pk__in=list(keys)).order_by("changed_at", "pk")
        taken = free.select_for_update(skip_locked=True).values_list("pk", "kind", "target", "word")
        rows = tuple((key, kind, word or target) for key, kind, target, word in taken)
        OutboxEntry.objects.filter(pk__in=[key for key, _, _ in rows]).update(number=number, claimed_until=until)
    return Claim(number, until, rows)


def finish(done: Claim) -> int:
    """Remove rows that still have the claimed number; return how many. The others changed meanwhile and stay."""
    with transaction.atomic():
        # Lock, then delete: a plain deletion reads the rows first and would miss a change in between.
        own = OutboxEntry.objects.filter(pk__in=done.keys, number=done.number)
        keys = list(own.select_for_update(skip_locked=True).values_list("pk", flat=True))
        OutboxEntry.objects.filter(pk__in=keys).delete()
    return len(keys)


def release(held: Claim) -> None:
    """Release rows unchanged; rows that another process has taken over stay with it."""
    OutboxEntry.objects.filter(pk__in=held.keys, number=held.number).update(claimed_until=None)


def fail(held: Claim, error: BaseException, now: datetime.datetime) -> None:
    """Postpone rows with a growing wait; the error stays visible on the row."""
    for row in OutboxEntry.objects.filter(pk__in=held.keys, number=held.number):
        wait = BACK_OFF_SECONDS[min(row.attempts, len(BACK_OFF_SECONDS) - 1)]
        # A row that changed meanwhile is due immediately: the change may have fixed it.
        own = OutboxEntry.objects.filter(pk=row.pk, number=held.number)
        _set_back(own, error, now + datetime.timedelta(seconds=wait), attempts=row.attempts + 1)


def postpone(held: Claim, error: BaseException, now: datetime.datetime) -> None:
    """Postpone rows briefly because the engine is down, however often that has happened."""
    own = OutboxEntry.objects.filter(pk__in=held.keys, number=held.number)
    until = now + datetime.timedelta(seconds=AWAY_SECONDS)
    _set_back(own, error, until, attempts=Greatest(models.F("attempts"), 1))


def _set_back(
    rows: models.QuerySet[OutboxEntry], error: BaseException, until: datetime.datetime, attempts: int | Greatest
) -> None:
    message = f"{type(error).__name__}: {error}"[:1000]
    rows.update(attempts=attempts, last_error=message, claimed_until=None, available_at=until)
