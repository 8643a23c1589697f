"""The only writer of the index: drains the outbox, rebuilds, verifies, repairs.

It re-reads each page and asks `eligibility`, so a row says only "look again", never what to write.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Page, Site

from core.bulk import at_end
from core.media_use import pages_using
from core.page_types import searchable_types
from library.vocabularies import Concept, relations_of_use
from search import outbox
from search.documents import TEXT_FIELDS, SearchDocument, from_page
from search.eligibility import eligible_pages
from search.engines import get_engine
from search.engines.base import Engine, EngineBusy, SearchUnavailable, patience
from search.models import ChangeNumber, DatabaseIdentity, OutboxEntry
from search.query import AnyOf, Bool, EngineQuery, Everything
from search.reading import Batch, read_all
from search.synonyms import use_editor_words

logger = logging.getLogger(__name__)

BATCH = 50
"""Rows per claim: some 50 ms of reading and one commit, far below the claim's life."""

OWN_BATCH = 10
"""Rows per claim while an editor waits: the clock is looked at between claims."""

REBUILD_BATCH = 250
"""Documents per commit of a rebuild: few commits, little memory, and no writer waits long."""

OWN_DRAIN_SECONDS = 1.0
"""What a publishing editor waits for the index at most; the worker does the rest."""

WORKER_DRAIN_SECONDS = 5.0
"""One turn of the worker's drain: its other jobs are due on the minute, and it must stop when told to."""

BULK_DRAIN_SECONDS = 600.0
"""What an importer spends at its end; the worker does the rest."""

EMPTY_CLAIMS = 5
"""How often a drain finds its rows taken by others before it leaves the rest to them."""

Progress = Callable[[int], object]


def _silent(done: int) -> None:
    """Show no progress."""


class ClaimExpired(Exception):
    """Reading the pages took longer than the claim holds: what was read may be too old to be written."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What one drain did."""

    rows: int = 0
    failed: int = 0

    def __add__(self, other: Drained) -> Drained:
        return Drained(self.rows + other.rows, self.failed + other.failed)


def drain(limit: float, targets: set[outbox.Target] | None = None, batch: int = BATCH) -> Drained:
    """Work off due rows until none is left or `limit` seconds have passed.

    With `targets` (kind and id) only those rows, and the pages they turn into. Failures of the engine
    or of a page set the rows back and are logged; they never reach the caller.
    """
    engine = get_engine()
    deadline = time.monotonic() + limit
    done = Drained()
    empty = 0
    while time.monotonic() < deadline and empty < EMPTY_CLAIMS:
        now = timezone.now()
        due = _due(now, targets, batch)
        if not due:
            break
        held = outbox.claim(due, now)
        if not held.rows:
            empty += 1
            time.sleep(0.02)
            continue
        try:
            work = _work(engine, held)
            done += work.drained
        except EngineBusy:
            outbox.release(held)
            break
        except SearchUnavailable as error:
            logger.warning("the index cannot be written, will be tried again: %s", error)
            outbox.postpone(held, error, timezone.now())
            done += Drained(failed=len(held.rows))
            break
        except Exception as error:  # noqa: BLE001 - whatever it is, the rows must come back and stay visible
            logger.warning("index update failed, its %s rows are tried one by one: %s", len(held.rows), error)
            single = _one_by_one(engine, held, deadline)
            done += single.drained
            if single.stopped:
                break
            work = single
        if targets is not None:
            targets = targets | work.spread
    return done


def drain_after_commit(targets: set[outbox.Target]) -> None:
    """Drain what this process has just committed, within OWN_DRAIN_SECONDS; never raises."""
    waiting = patience.set(OWN_DRAIN_SECONDS)
    try:
        drain(OWN_DRAIN_SECONDS, targets, OWN_BATCH)
    except Exception:
        logger.exception("draining the outbox after commit failed; the worker will do it")
    finally:
        patience.reset(waiting)


@at_end
def drain_all() -> None:
    """Drain everything after many changes in a row; never raises."""
    try:
        drain(BULK_DRAIN_SECONDS)
    except Exception:
        logger.exception("draining the outbox failed; the worker will do it")


def drain_and_wait(limit: float = BULK_DRAIN_SECONDS) -> Drained:
    """Drain everything, and wait for rows that other processes hold, until they are done or their claims expire.

    Rows set back after a failure are not waited for.
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
        wanted = models.Q()
        for kind in OutboxEntry.Kind.values:
            ids = [target for target_kind, target in targets if target_kind == kind]
            if ids:
                wanted |= models.Q(kind=kind, target__in=ids)
        rows = rows.filter(wanted) if wanted else rows.none()
    return list(rows.order_by("changed_at", "pk").values_list("pk", flat=True)[:batch])


@dataclass(frozen=True, slots=True)
class _Work:
    """What became of claimed rows, and the rows they turned into. `stopped`: the engine cannot go on."""

    drained: Drained
    spread: frozenset[outbox.Target] = frozenset()
    stopped: bool = False


def _work(engine: Engine, held: outbox.Claim) -> _Work:
    """Do what claimed rows ask for. A page that cannot be read is set back, the others are written.

    Raises what the engine raises, and ClaimExpired; then no row is done.
    """
    spread = _expand(held)
    broken = _write(engine, held)
    now = timezone.now()
    failed = 0
    for page, error in broken.items():
        logger.warning("page %s cannot be indexed, will be tried again: %r", page, error)
        rows = [row for row in held.rows if row[1:] == (OutboxEntry.Kind.PAGE, page)]
        outbox.fail(held.only(rows), error, now)
        failed += len(rows)
    done = [row for row in held.rows if row[1] != OutboxEntry.Kind.PAGE or row[2] not in broken]
    return _Work(Drained(outbox.finish(held.only(done)), failed), spread)


def _one_by_one(engine: Engine, held: outbox.Claim, deadline: float) -> _Work:
    """Claim and do the rows of a failed batch one after the other, so that one does not hold up the others."""
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
            work = _work(engine, single)
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


def _expand(held: outbox.Claim) -> frozenset[outbox.Target]:
    """Turn subtrees and concepts into rows for their pages; return as many as a waiting editor drains."""
    ids: list[int] = []
    for root in held.targets(OutboxEntry.Kind.SUBTREE):
        page = Page.objects.filter(pk=root).first()
        if page is not None:
            ids.extend(Page.objects.descendant_of(page, inclusive=True).values_list("pk", flat=True))
    for concept in held.targets(OutboxEntry.Kind.CONCEPT):
        ids.extend(pages_with_concept(concept))
    ids.extend(pages_filed_under(held.targets(OutboxEntry.Kind.PAGE)))
    with transaction.atomic():
        noted = outbox.enqueue(OutboxEntry.Kind.PAGE, ids)
    return frozenset((str(OutboxEntry.Kind.PAGE), id) for id in noted[: outbox.OWN_TARGETS])


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


def pages_filed_under(ids: Iterable[int]) -> list[int]:
    """Return the ids of pages that refer to those of `ids` whose names are values of a facet.

    Pages that are values themselves are left out: none is filed under another, and rows must come to an end.
    """
    types = [ContentType.objects.get_for_model(model).pk for model in searchable_types() if model.search_facet]
    if not types:
        return []
    values = Page.objects.filter(content_type_id__in=types)
    keys = pages_using(values.filter(pk__in=list(ids)))
    return list(Page.objects.filter(pk__in=keys).exclude(content_type_id__in=types).values_list("pk", flat=True))


def _write(engine: Engine, held: outbox.Claim) -> dict[int, Exception]:
    """Index or delete the claimed pages, as the database has them now; return those that cannot be read.

    Raises ClaimExpired instead of writing what was read too long ago: engines remember deletions for a
    limited time, and a late writer must not bring a deleted page back.
    """
    wanted = held.targets(OutboxEntry.Kind.PAGE)
    if not wanted:
        return {}
    broken: dict[int, Exception] = {}
    documents = documents_of(wanted, held.number, broken)
    if held.is_over(timezone.now()):
        raise ClaimExpired(f"reading {len(wanted)} pages took longer than {outbox.CLAIM_SECONDS} s")
    indexed = {document.id for document in documents}
    gone = {id: held.number for id in wanted if id not in indexed and id not in broken}
    if gone:
        engine.delete(gone)
    if documents:
        engine.index(documents)
    return broken


def documents_of(ids: Sequence[int], version: int, broken: dict[int, Exception]) -> list[SearchDocument]:
    """Return the documents of those pages that are eligible now; put those that cannot be read into `broken`.

    The editors' words are read first: the version was drawn before, so a word that comes later has its
    rows, and they win. The number of queries does not depend on the number of pages.
    """
    use_editor_words()
    _forget_site_roots()
    eligible = eligible_pages(timezone.now()).filter(pk__in=ids)
    by_type: defaultdict[int, list[int]] = defaultdict(list)
    for pk, content_type in eligible.order_by("pk").values_list("pk", "content_type_id"):
        by_type[content_type].append(pk)
    documents: list[SearchDocument] = []
    for model in searchable_types():
        # Not `specific()`: it fails when a page is deleted between its two queries.
        keys = by_type.get(ContentType.objects.get_for_model(model).pk, ())
        pages = list(model._default_manager.filter(pk__in=keys).order_by("pk")) if keys else []
        if pages:
            model.read_together(pages)
        for page in pages:
            try:
                documents.append(from_page(page, version))
            except Exception as error:  # noqa: BLE001 - a page's own code may raise anything
                broken[page.pk] = error
    return documents


def _forget_site_roots() -> None:
    """Let Wagtail read anew where sites begin: another process may have changed it, and caches are per process."""
    Site.clear_site_root_paths_cache()


def _batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def rebuild(progress: Progress = _silent, processes: int = 1) -> int:
    """Build a new index beside the live one and swap; return the number of documents.

    Pages are read in so many processes. Changes made meanwhile go to both. Raises SearchUnavailable when the engine cannot, or when the new
    index lost documents: then the live index stays as it was.
    """
    engine = get_engine()
    written = 0
    broken: dict[int, str] = {}
    with engine.rebuild(DatabaseIdentity.current()) as build:
        batches = (Batch(ids, ChangeNumber.next()) for ids in _batches(eligible_ids(), REBUILD_BATCH))
        with closing(read_all(batches, processes)) as reads:
            for read in reads:
                build.add(read.documents)
                broken |= read.broken
                written += len(read.documents)
                progress(len(read.batch.ids))
        if build.count() < written:
            raise SearchUnavailable(f"the new index holds {build.count()} of {written} documents")
    for page, error in broken.items():
        logger.warning("page %s cannot be indexed and is left out: %s", page, error)
    # As rows of the outbox they stay visible, with the error, until they can be read.
    outbox.enqueue(OutboxEntry.Kind.PAGE, broken)
    return written


def eligible_ids() -> list[int]:
    """Return the ids of all pages that may be found now."""
    _forget_site_roots()
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
    fingerprints = dict(engine.fingerprints())
    eligible = eligible_ids()
    missing: list[int] = []
    stale: list[int] = []
    for ids in _batches(eligible, REBUILD_BATCH):
        broken: dict[int, Exception] = {}
        wanted: dict[int, str | None] = {doc.id: doc.fingerprint() for doc in documents_of(ids, 0, broken)}
        for id, fingerprint in {**wanted, **dict.fromkeys(broken)}.items():
            if id not in fingerprints:
                missing.append(id)
            elif fingerprints[id] != fingerprint:
                stale.append(id)
        progress(len(ids))
    surplus = sorted(set(fingerprints) - set(eligible))
    return Differences(tuple(missing), tuple(surplus), tuple(stale), len(eligible))


def repair(differences: Differences) -> Drained:
    """Queue every page that differs and drain.

    After a backup was restored the index holds greater numbers than the database gives: they are passed first,
    or every write would be refused as too old.
    """
    ChangeNumber.pass_by(max(get_engine().versions().values(), default=0))
    outbox.enqueue(OutboxEntry.Kind.PAGE, differences.all())
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
    return drain(WORKER_DRAIN_SECONDS).rows


def daily_verify() -> int:
    """Compare index and database, repair what differs, and return how much that was. The worker's job."""
    drain_and_wait()
    differences = verify()
    if differences:
        logger.warning("index and database differ in %s pages; repairing", len(differences.all()))
        repair(differences)
    return len(differences.all())
