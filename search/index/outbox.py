"""The outbox: what may have changed, written in the transaction of the change itself.

It knows nobody who works it off: a drain registers itself, and is asked after each commit.
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
"""How long a claim holds; less than engines remember deletions (60 s), so a late writer is refused."""

BACK_OFF_SECONDS = (5, 15, 60, 300, 900)
"""Waits after the first, second, … failure; the last one repeats."""

AWAY_SECONDS = 5
"""Wait while the engine is away: that says nothing about the row, and all shall be found soon after it is back."""

OWN_TARGETS = 200
"""Targets that a process drains itself after commit: more than its second suffices for; the worker does the rest."""

Target = tuple[str, int | str]
"""Kind and key of what a row is about; of a word, the word."""

Row = tuple[int, str, int | str]
"""Key of a row, and its target."""

T = TypeVar("T", int, str)

_own = threading.local()
_drains: list[Callable[[set[Target]], object]] = []


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows taken into work together: a row is ours as long as its number stays."""

    number: int
    until: datetime.datetime
    rows: tuple[Row, ...]

    def targets(self, kind: OutboxEntry.Kind) -> list[int]:
        """Return the keys of one kind."""
        return [target for _, row_kind, target in self.rows if row_kind == kind and isinstance(target, int)]

    @property
    def words(self) -> list[str]:
        """Words that the analysis reads otherwise than before."""
        return [target for _, _, target in self.rows if isinstance(target, str)]

    def is_over(self, now: datetime.datetime) -> bool:
        """Return whether the claim has expired: others may hold the rows, and what was read is too old to write."""
        return now >= self.until

    def only(self, rows: Sequence[Row]) -> Claim:
        """Return the claim on some of its rows."""
        return replace(self, rows=tuple(rows))

    @property
    def keys(self) -> list[int]:
        """Primary keys of the rows."""
        return [key for key, _, _ in self.rows]


def drained_by(drain: Callable[[set[Target]], object]) -> None:
    """Register what works off, right after a commit, the targets that this process has recorded."""
    if drain not in _drains:
        _drains.append(drain)


def record(kind: OutboxEntry.Kind, targets: Iterable[T]) -> None:
    """Note that targets may have changed; after commit this process drains them once itself."""
    noted = enqueue(kind, targets)
    if not noted or bulk.is_active():
        return
    own: set[Target] = _own.__dict__.setdefault("targets", set())
    if not _drains_after_commit():
        # Left over from a transaction that was rolled back: not ours to drain.
        own.clear()
    own.update((str(kind), target) for target in noted[:OWN_TARGETS])
    # Each time, not once a transaction: a rolled back savepoint takes its callback with it.
    transaction.on_commit(_drain_own)


def enqueue(kind: OutboxEntry.Kind, targets: Iterable[T]) -> list[T]:
    """Write the rows and leave them to whoever drains next; return the targets, each once.

    A row that somebody works on becomes free again: what is being read now may be the old state.
    """
    # Sorted: two transactions that note the same targets take their locks in the same order.
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
    """Return the rows that nobody works on and whose time has come, oldest first."""
    return OutboxEntry.objects.filter(_free(now), available_at__lte=now)


def about(targets: Iterable[Target]) -> models.Q:
    """Return the condition for the rows of these targets; at least one."""
    named: dict[tuple[str, str], list[int | str]] = {}
    for kind, target in targets:
        named.setdefault((kind, _column(target)), []).append(target)
    wanted = models.Q()
    for (kind, column), values in named.items():
        wanted |= models.Q(("kind", kind), (f"{column}__in", values))
    return wanted


def _free(now: datetime.datetime) -> models.Q:
    return models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lt=now)


def held() -> models.QuerySet[OutboxEntry]:
    """Return the rows that somebody works on, or that a killed process held."""
    return OutboxEntry.objects.filter(claimed_until__isnull=False)


def failed() -> models.QuerySet[OutboxEntry]:
    """Return the rows that failed at least once and will be tried again."""
    return OutboxEntry.objects.filter(attempts__gt=0)


def retry_failed(now: datetime.datetime) -> int:
    """Make the rows that failed due at once, except those somebody works on; return how many."""
    return failed().filter(_free(now), available_at__gt=now).update(available_at=now)


def claim(keys: Iterable[int], now: datetime.datetime) -> Claim:
    """Take rows into work, as far as they are free.

    The new number is drawn before the pages are read. So of two processes that hold the same row one
    after the other, the later one has the greater number and has read the newer page. Rows that an open
    transaction is changing are passed by: waiting for an editor's transaction while holding other rows
    could stop both.
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
    """Remove rows whose number is still the claimed one; return how many. The others changed meanwhile and stay."""
    with transaction.atomic():
        # Locked, then deleted: a deletion of its own first reads the rows and would not see a change in between.
        own = OutboxEntry.objects.filter(pk__in=done.keys, number=done.number)
        keys = list(own.select_for_update(skip_locked=True).values_list("pk", flat=True))
        OutboxEntry.objects.filter(pk__in=keys).delete()
    return len(keys)


def release(held: Claim) -> None:
    """Give rows back untouched; those that another process has taken over stay its own."""
    OutboxEntry.objects.filter(pk__in=held.keys, number=held.number).update(claimed_until=None)


def fail(held: Claim, error: BaseException, now: datetime.datetime) -> None:
    """Set rows back with a growing wait; the error stays visible on the row."""
    for row in OutboxEntry.objects.filter(pk__in=held.keys, number=held.number):
        wait = BACK_OFF_SECONDS[min(row.attempts, len(BACK_OFF_SECONDS) - 1)]
        # A row that changed meanwhile is due at once: the change may be what mends it.
        own = OutboxEntry.objects.filter(pk=row.pk, number=held.number)
        _set_back(own, error, now + datetime.timedelta(seconds=wait), attempts=row.attempts + 1)


def postpone(held: Claim, error: BaseException, now: datetime.datetime) -> None:
    """Set rows back for a moment because the engine is away, however often that has happened."""
    own = OutboxEntry.objects.filter(pk__in=held.keys, number=held.number)
    until = now + datetime.timedelta(seconds=AWAY_SECONDS)
    _set_back(own, error, until, attempts=Greatest(models.F("attempts"), 1))


def _set_back(
    rows: models.QuerySet[OutboxEntry], error: BaseException, until: datetime.datetime, attempts: int | Greatest
) -> None:
    message = f"{type(error).__name__}: {error}"[:1000]
    rows.update(attempts=attempts, last_error=message, claimed_until=None, available_at=until)
