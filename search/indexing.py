"""The only writer of the index: drains the outbox, rebuilds, verifies, repairs.

It re-reads each page and asks `eligibility`, so a row says only "look again", never what to write.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Page

from core.bulk import at_end
from library.vocabularies import Concept, relations_of_use
from search import outbox
from search.documents import TEXT_FIELDS, SearchDocument, from_page
from search.eligibility import eligible_pages, is_eligible
from search.engines import get_engine
from search.engines.base import Engine, SearchUnavailable
from search.models import ChangeNumber, OutboxEntry
from search.query import AnyOf, Bool, EngineQuery, Everything
from search.synonyms import use_editor_words

logger = logging.getLogger(__name__)

BATCH = 50
"""Rows per claim: some 50 ms of reading and one commit, far below the claim's life."""

REBUILD_BATCH = 1000
"""Documents per commit of a rebuild: few commits, little memory."""

OWN_DRAIN_SECONDS = 1.0
"""What a publishing editor waits for the index at most; the worker does the rest."""

BULK_DRAIN_SECONDS = 600.0
"""What an importer spends at its end; the worker does the rest."""

Progress = Callable[[int], object]


def _silent(done: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What one drain did."""

    rows: int = 0
    failed: int = 0


def drain(limit: float, targets: set[outbox.Target] | None = None) -> Drained:
    """Work off due rows until none is left or `limit` seconds have passed.

    With `targets` (kind and id) only those rows, and the pages they turn into. Failures of the engine
    or of a page set the rows back and are logged; they never reach the caller.
    """
    engine = get_engine()
    use_editor_words()
    deadline = time.monotonic() + limit
    rows = failed = 0
    while time.monotonic() < deadline:
        now = timezone.now()
        due = _due(now, targets)
        if not due:
            break
        held = outbox.claim(due, now)
        if not held.rows:
            break
        try:
            spread = _expand(held)
            if targets is not None:
                targets = targets | spread
            _write(engine, held)
        except Exception as error:  # noqa: BLE001 - whatever it is, the row must come back and stay visible
            failed += len(held.rows)
            logger.warning("index update failed, will be tried again: %s", error)
            if len(held.rows) > 1 and not isinstance(error, SearchUnavailable):
                failed -= len(held.rows)
                failed += _one_by_one(engine, held)
            else:
                outbox.fail(held, error, timezone.now())
            if isinstance(error, SearchUnavailable):
                break
        else:
            rows += outbox.finish(held)
    return Drained(rows, failed)


def drain_after_commit(targets: set[outbox.Target]) -> None:
    """Drain what this process has just committed, within OWN_DRAIN_SECONDS; never raises."""
    try:
        drain(OWN_DRAIN_SECONDS, targets)
    except Exception:
        logger.exception("draining the outbox after commit failed; the worker will do it")


@at_end
def drain_all() -> None:
    """Drain everything after many changes in a row; never raises."""
    try:
        drain(BULK_DRAIN_SECONDS)
    except Exception:
        logger.exception("draining the outbox failed; the worker will do it")


def _due(now: datetime.datetime, targets: set[outbox.Target] | None) -> list[int]:
    rows = outbox.claimable(now)
    if targets is not None:
        wanted = models.Q()
        for kind in OutboxEntry.Kind.values:
            ids = [target for target_kind, target in targets if target_kind == kind]
            if ids:
                wanted |= models.Q(kind=kind, target__in=ids)
        rows = rows.filter(wanted) if wanted else rows.none()
    return list(rows.order_by("changed_at", "pk").values_list("pk", flat=True)[:BATCH])


def _expand(held: outbox.Claim) -> set[outbox.Target]:
    """Turn subtrees and concepts into rows for their pages, in one transaction."""
    ids: list[int] = []
    for root in held.targets(OutboxEntry.Kind.SUBTREE):
        page = Page.objects.filter(pk=root).first()
        if page is not None:
            ids.extend(Page.objects.descendant_of(page, inclusive=True).values_list("pk", flat=True))
    for concept in held.targets(OutboxEntry.Kind.CONCEPT):
        ids.extend(pages_with_concept(concept))
    if not ids:
        return set()
    with transaction.atomic():
        outbox.record(OutboxEntry.Kind.PAGE, ids)
    return {(str(OutboxEntry.Kind.PAGE), id) for id in ids}


def pages_with_concept(concept_id: int) -> list[int]:
    """Return the ids of pages filed under a concept or under one narrower than it."""
    concepts = [concept_id]
    for known in concepts:
        concepts.extend(
            id for id in Concept.objects.filter(broader=known).values_list("pk", flat=True) if id not in concepts
        )
    ids: set[int] = set()
    for relation in relations_of_use():
        if issubclass(relation.related_model, Page):
            rows = relation.related_model.objects.filter(**{f"{relation.field.name}__in": concepts})
            ids.update(rows.values_list("pk", flat=True))
    return sorted(ids)


def _write(engine: Engine, held: outbox.Claim) -> None:
    """Index or delete the claimed pages, as the database has them now."""
    wanted = held.targets(OutboxEntry.Kind.PAGE)
    if not wanted:
        return
    now = timezone.now()
    found = Page.objects.filter(pk__in=wanted).specific()
    documents = [from_page(page, held.number) for page in found if is_eligible(page, now)]
    indexed = {document.id for document in documents}
    gone = {id: held.number for id in wanted if id not in indexed}
    if gone:
        engine.delete(gone)
    if documents:
        engine.index(documents)


def _one_by_one(engine: Engine, held: outbox.Claim) -> int:
    """Write a failed batch row by row, so that one broken page does not hold up the others."""
    failed = 0
    for row in held.rows:
        single = replace(held, rows=(row,))
        try:
            _write(engine, single)
        except Exception as error:  # noqa: BLE001 - as in drain
            failed += 1
            outbox.fail(single, error, timezone.now())
        else:
            outbox.finish(single)
    return failed


def documents_of(ids: Sequence[int], version: int) -> list[SearchDocument]:
    """Return the documents of those pages that are eligible now."""
    pages = eligible_pages(timezone.now()).filter(pk__in=ids).specific()
    return [from_page(page, version) for page in pages]


def _batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def rebuild(progress: Progress = _silent) -> int:
    """Build a new index beside the live one and swap; return the number of documents.

    Changes made meanwhile go to both. Raises SearchUnavailable when the engine cannot, or when the new
    index lost documents: then the live index stays as it was.
    """
    engine = get_engine()
    use_editor_words()
    written = 0
    with engine.rebuild() as build:
        for ids in _batches(eligible_ids(), REBUILD_BATCH):
            # Drawn before the pages are read: a change made meanwhile has a greater number and wins.
            documents = documents_of(ids, ChangeNumber.next())
            build.add(documents)
            written += len(documents)
            progress(len(ids))
        if build.count() < written:
            raise SearchUnavailable(f"the new index holds {build.count()} of {written} documents")
    return written


def eligible_ids() -> list[int]:
    """Return the ids of all pages that may be found now."""
    return list(eligible_pages(timezone.now()).order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Differences:
    """How index and database differ; page ids."""

    missing: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    checked: int = field(default=0, compare=False)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale)

    def all(self) -> list[int]:
        """Return every page concerned."""
        return sorted({*self.missing, *self.surplus, *self.stale})


def verify(progress: Progress = _silent) -> Differences:
    """Compare index and database both ways, by content.

    Pages whose change still waits in the outbox count as different; drain first to see what was lost.
    """
    engine = get_engine()
    use_editor_words()
    fingerprints = dict(engine.fingerprints())
    eligible = eligible_ids()
    missing: list[int] = []
    stale: list[int] = []
    for ids in _batches(eligible, REBUILD_BATCH):
        for document in documents_of(ids, 0):
            known = fingerprints.get(document.id)
            if known is None:
                missing.append(document.id)
            elif known != document.fingerprint():
                stale.append(document.id)
        progress(len(ids))
    surplus = sorted(set(fingerprints) - set(eligible))
    return Differences(tuple(missing), tuple(surplus), tuple(stale), len(eligible))


def repair(differences: Differences) -> Drained:
    """Queue every page that differs and drain."""
    with transaction.atomic():
        outbox.record(OutboxEntry.Kind.PAGE, differences.all())
    return drain(BULK_DRAIN_SECONDS)


def pages_with_words(words: Iterable[str]) -> list[int]:
    """Return the ids of indexed pages in which one of the folded words stands, alone or inside a word."""
    engine = get_engine()
    pieces = tuple(words)
    total = max(engine.health().documents, 1)
    holding = tuple(found.term for found in engine.terms("", 10**9) if any(piece in found.term for piece in pieces))
    if not holding:
        return []
    query = EngineQuery(
        Everything(),
        conditions=(Bool(should=tuple(AnyOf(f"{name}_words", holding) for name in TEXT_FIELDS), minimum=1),),
        limit=total,
    )
    return sorted(hit.id for hit in engine.search(query).hits)


def drain_due() -> int:
    """Work off what web processes left behind; return the number of rows. The worker's job."""
    return drain(BULK_DRAIN_SECONDS).rows


def daily_verify() -> int:
    """Compare index and database, repair what differs, and return how much that was. The worker's job."""
    drain(BULK_DRAIN_SECONDS)
    differences = verify()
    if differences:
        logger.warning("index and database differ in %s pages; repairing", len(differences.all()))
        repair(differences)
    return len(differences.all())
