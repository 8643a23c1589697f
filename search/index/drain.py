"""Drain the outbox into the engine: claimed rows become documents or deletions."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

from core.running.bulk import at_end
from search.engines.base import EngineBusy, IndexLost, SearchUnavailable, patience
from search.engines.current import engine_of, engines
from search.index import outbox
from search.index.concerned import expand
from search.index.embedding_queue import queue_missing
from search.index.reading import documents_of
from search.models import OutboxEntry

logger = logging.getLogger(__name__)

BATCH = 50
"""Rows per claim: about 50 ms of reading and one commit, far below the claim's lifetime."""

OWN_BATCH = 10
"""Rows per claim while an editor waits: the time limit is checked between claims."""

OWN_DRAIN_SECONDS = 1.0
"""Maximum time a publishing editor waits for the index; the worker does the rest."""

WORKER_DRAIN_SECONDS = 5.0
"""One turn of the worker's drain: its other jobs must run on schedule, and it must stop on request."""

BULK_DRAIN_SECONDS = 600.0
"""Time an importer spends draining at its end; the worker does the rest."""

EMPTY_CLAIMS = 5
"""How often a drain may find its rows taken by others before it leaves the rest to them."""


class ClaimExpired(Exception):
    """Reading the pages outlasted the claim: the result may be too old to write."""


@dataclass(frozen=True, slots=True)
class Drained:
    """The outcome of one drain."""

    rows: int = 0
    failed: int = 0

    def __add__(self, other: Drained) -> Drained:
        return Drained(self.rows + other.rows, self.failed + other.failed)


def drain(limit: float, targets: set[outbox.Target] | None = None, batch: int = BATCH) -> Drained:
    """Process due rows until none is left or `limit` seconds have passed.

    With `targets` (kind and id), process only those rows and the pages they expand into. Failures of the engine or of a
    page postpone the rows and are logged; they never reach the caller.
    """
    deadline = time.monotonic() + limit
    done = Drained()
    empty = 0
    while time.monotonic() < deadline and empty < EMPTY_CLAIMS:
        now = timezone.now()
        due = _due(now, targets, batch)
        if not due:
            break
        claim = outbox.claim(due, now)
        if not claim.rows:
            empty += 1
            time.sleep(0.02)
            continue
        try:
            work = _work(claim)
            done += work.drained
        except EngineBusy:
            outbox.release(claim)
            break
        except SearchUnavailable as error:
            logger.warning("the index cannot be written, will be tried again: %s", error)
            outbox.postpone(claim, error, timezone.now())
            done += Drained(failed=len(claim.rows))
            break
        except Exception as error:  # noqa: BLE001 - whatever it is, the rows must be released and stay visible
            logger.warning("index update failed, its %s rows are tried one by one: %s", len(claim.rows), error)
            single = _one_by_one(claim, deadline)
            done += single.drained
            if single.stopped:
                break
            work = single
        if targets is not None:
            targets = targets | work.spread
    return done


def drain_after_commit(targets: set[outbox.Target]) -> None:
    """Drain what this process has just committed, within OWN_DRAIN_SECONDS; never raise."""
    waiting = patience.set(OWN_DRAIN_SECONDS)
    try:
        drain(OWN_DRAIN_SECONDS, targets, OWN_BATCH)
    except Exception:
        logger.exception("draining the outbox after commit failed; the worker will do it")
    finally:
        patience.reset(waiting)


@at_end
def drain_all() -> None:
    """Drain everything after many changes in a row; never raise."""
    try:
        drain(BULK_DRAIN_SECONDS)
    except Exception:
        logger.exception("draining the outbox failed; the worker will do it")


def drain_and_wait(limit: float = BULK_DRAIN_SECONDS) -> Drained:
    """Drain everything, and wait until rows that other processes hold are done or their claims expire.

    Do not wait for rows postponed after a failure.
    """
    deadline = time.monotonic() + limit
    longest = time.monotonic() + outbox.CLAIM_SECONDS + 5
    done = drain(limit)
    while outbox.held().exists() and time.monotonic() < min(deadline, longest):
        time.sleep(0.5)
        done += drain(max(deadline - time.monotonic(), 0))
    return done


def _due(now: datetime.datetime, targets: set[outbox.Target] | None, batch: int) -> list[int]:
    rows = outbox.claimable(now)
    if targets is not None:
        rows = rows.filter(outbox.about(targets)) if targets else rows.none()
    return list(rows.order_by("changed_at", "pk").values_list("pk", flat=True)[:batch])


@dataclass(frozen=True, slots=True)
class _Work:
    """The outcome of claimed rows, and the rows they expanded into. `stopped`: the engine cannot continue."""

    drained: Drained
    spread: frozenset[outbox.Target] = frozenset()
    stopped: bool = False


def _work(held: outbox.Claim) -> _Work:
    """Process claimed rows. Postpone a page that cannot be read, write the others.

    Raises what the engine raises, and ClaimExpired; then no row is finished.
    """
    spread = expand(held)
    broken = _write(held)
    now = timezone.now()
    failed = 0
    for page, error in broken.items():
        logger.warning("page %s cannot be indexed, will be tried again: %r", page, error)
        rows = [row for row in held.rows if row[1:] == (OutboxEntry.Kind.PAGE, page)]
        outbox.fail(held.only(rows), error, now)
        failed += len(rows)
    done = [row for row in held.rows if row[1] != OutboxEntry.Kind.PAGE or row[2] not in broken]
    return _Work(Drained(outbox.finish(held.only(done)), failed), spread)


def _one_by_one(held: outbox.Claim, deadline: float) -> _Work:
    """Claim and process the rows of a failed batch one by one, so that one does not block the others."""
    outbox.release(held)
    drained = Drained()
    spread: frozenset[outbox.Target] = frozenset()
    for key in held.keys:
        if time.monotonic() >= deadline:
            break
        single = outbox.claim([key], timezone.now())
        if not single.rows:
            continue
        try:
            work = _work(single)
        except EngineBusy:
            outbox.release(single)
            return _Work(drained, spread, stopped=True)
        except SearchUnavailable as error:
            outbox.postpone(single, error, timezone.now())
            return _Work(drained + Drained(failed=1), spread, stopped=True)
        except Exception as error:  # noqa: BLE001 - as in drain
            logger.warning("index update of %s failed, will be tried again: %r", single.rows[0][1:], error)
            outbox.fail(single, error, timezone.now())
            drained += Drained(failed=1)
        else:
            drained += work.drained
            spread |= work.spread
    return _Work(drained, spread)


def _write(held: outbox.Claim) -> dict[int, Exception]:
    """Index or delete the claimed pages in their current state; return those that cannot be read.

    Raises ClaimExpired instead of writing what was read too long ago: engines remember deletions for a limited time,
    and a late writer must not resurrect a deleted page.
    """
    ids = held.targets(OutboxEntry.Kind.PAGE)
    if not ids:
        return {}
    broken: dict[int, Exception] = {}
    documents = documents_of(ids, held.number, broken)
    if held.is_over(timezone.now()):
        raise ClaimExpired(f"reading {len(ids)} pages took longer than {outbox.CLAIM_SECONDS} s")
    indexed = {document.id for document in documents}
    gone = {id: held.number for id in ids if id not in indexed and id not in broken}
    if gone:
        _delete(gone)
    for locale in dict.fromkeys(document.locale for document in documents):
        engine_of(locale).index([document for document in documents if document.locale == locale])
    if documents:
        queue_missing(documents)
    return broken


def _delete(gone: Mapping[int, int]) -> None:
    """Delete pages from the index of their language; those that are no more, from the indexes of all."""
    known = dict(Page.objects.filter(pk__in=gone).values_list("pk", "locale__language_code"))
    for locale, engine in engines().items():
        mine = {id: version for id, version in gone.items() if known.get(id, locale) == locale}
        if not mine:
            continue
        try:
            engine.delete(mine)
        except IndexLost:
            # A language without an index has no page in it; whoever builds one looks again.
            if locale == settings.LANGUAGE_CODE or not known.keys().isdisjoint(mine):
                raise


def drain_due() -> int:
    """Process what web processes left behind; return the number of rows. The worker's job."""
    return drain(WORKER_DRAIN_SECONDS).rows
