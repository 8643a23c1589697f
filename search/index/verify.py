"""Compare index and database both ways, and rewrite what differs."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.utils import timezone

from search.document import SearchDocument
from search.engines.base import Engine
from search.engines.current import engines, indexed
from search.index import outbox
from search.index.drain import BULK_DRAIN_SECONDS, Drained, drain, drain_and_wait
from search.index.embedding_queue import queued
from search.index.reading import documents_of
from search.index.rebuild import REBUILD_BATCH, Progress, eligible_ids, in_batches, silent
from search.meaning.vectors import forget_unused
from search.models import ChangeNumber, OutboxEntry

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Differences:
    """Page ids for which index and database differ."""

    missing: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    checked: int = field(default=0, compare=False)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale)

    def all(self) -> list[int]:
        """Return every affected page."""
        return sorted({*self.missing, *self.surplus, *self.stale})


def verify(progress: Progress = silent) -> Differences:
    """Compare index and database both ways, by content.

    Pages with a change still queued in the outbox count as different; drain first to see what was lost. Pages that wait
    for nothing but vectors do not.
    """
    each = [_verify(locale, engine, progress) for locale, engine in engines().items()]
    return Differences(
        tuple(sorted(id for one in each for id in one.missing)),
        tuple(sorted(id for one in each for id in one.surplus)),
        tuple(sorted(id for one in each for id in one.stale)),
        sum(one.checked for one in each),
    )


def _verify(locale: str, engine: Engine, progress: Progress) -> Differences:
    eligible = eligible_ids(locale)
    if locale != settings.LANGUAGE_CODE and not eligible and engine.health().lost:
        return Differences()
    fingerprints = dict(engine.fingerprints())
    missing: list[int] = []
    stale: list[int] = []
    for ids in in_batches(eligible, REBUILD_BATCH):
        broken: dict[int, Exception] = {}
        documents = documents_of(ids, 0, broken)
        wanted: dict[int, str | None] = {doc.id: doc.fingerprint() for doc in documents}
        differing = {id for id, fingerprint in wanted.items() if fingerprints.get(id) != fingerprint}
        awaited = _awaiting_vectors([doc for doc in documents if doc.id in differing], fingerprints)
        for id in sorted((differing - awaited) | broken.keys()):
            (stale if id in fingerprints else missing).append(id)
        progress(len(ids))
    surplus = sorted(set(fingerprints) - set(eligible))
    return Differences(tuple(missing), tuple(surplus), tuple(stale), len(eligible))


def _awaiting_vectors(documents: Sequence[SearchDocument], fingerprints: Mapping[int, str]) -> set[int]:
    """Return the pages that lack nothing but their vectors and are queued to get them: that is no difference."""
    lacking = [
        document.id
        for document in documents
        if document.vectors and fingerprints.get(document.id) == replace(document, vectors=None).fingerprint()
    ]
    return set(queued(lacking)) if lacking else set()


def repair(differences: Differences) -> Drained:
    """Queue every page that differs and drain.

    After restoring a backup, the index holds greater numbers than the database draws: skip past them first,
    or every write would be refused as too old.
    """
    numbers = (number for engine in indexed().values() for number in engine.versions().values())
    ChangeNumber.pass_by(max(numbers, default=0))
    outbox.enqueue(OutboxEntry.Kind.PAGE, differences.all())
    return drain(BULK_DRAIN_SECONDS)


def daily_verify() -> int:
    """Compare index and database, repair differences, and return how many there were. The worker's job.

    Then forget vectors that no page has used for long.
    """
    drain_and_wait()
    differences = verify()
    if differences:
        logger.warning("index and database differ in %s pages; repairing", len(differences.all()))
        repair(differences)
    # Every page has just been read, so every vector in use is noted as used.
    forgotten = forget_unused(timezone.localdate())
    if forgotten:
        logger.info("%s vectors that no page uses any more are gone", forgotten)
    return len(differences.all())
