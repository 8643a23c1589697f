"""Have vectors computed for the pages that lack them, by the worker's slow lane and the command, nobody else.

A batch of texts is stored as soon as it is computed, and in the same transaction the pages that it completes go to the
outbox: a killed process loses the batch in flight, and no page.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.running.jobs import stopping
from search.document import Vector
from search.index import embedding_queue, outbox
from search.index.reading import documents_of
from search.index.rebuild import eligible_ids
from search.meaning.current import get_embedder
from search.meaning.embedder import Embedder, EmbeddingUnavailable
from search.meaning.recipe import texts_of
from search.meaning.vectors import Source, choose, current_source, missing, note_away, store
from search.models import OutboxEntry, PageToEmbed

logger = logging.getLogger(__name__)

PAGES_AT_ONCE = 8
"""Pages claimed together: enough texts for batches of similar length, few enough to be found by meaning soon."""

TEXTS_AT_ONCE = 16
"""Texts computed together: one to three seconds, the most that a killed process loses."""

TURN_SECONDS = 5.0
"""One turn of the worker's job: other slow jobs are waiting."""

ALL = float("inf")
"""No limit of time."""

Progress = Callable[[int], object]
"""Called with the number of pages just settled."""


def silent(pages: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """What was done; `away` says why nothing can be computed at all, if so."""

    pages: int = 0
    texts: int = 0
    failed: int = 0
    away: str = ""

    def __bool__(self) -> bool:
        return bool(self.pages or self.texts or self.failed or self.away)

    def __add__(self, other: Embedded) -> Embedded:
        return Embedded(
            self.pages + other.pages, self.texts + other.texts, self.failed + other.failed, self.away or other.away
        )


def follow(model: str) -> bool:
    """Make a model the one in use and, if it is another than before, have all pages embedded; return whether it is.

    An empty name means words only. Where documents may hold vectors of a model before, they are written anew at once:
    with those of this model that are in the table already, else without any.
    """
    with transaction.atomic():
        before = current_source()
        if not choose(model):
            return False
        pages = eligible_ids()
        if before:
            outbox.enqueue(OutboxEntry.Kind.PAGE, pages)
        if model:
            embedding_queue.queue(pages)
        else:
            PageToEmbed.objects.all().delete()
    logger.info("vectors are now those of %s: %s pages", model or "no model", len(pages))
    return True


def embed(embedder: Embedder, limit: float = ALL, progress: Progress = silent) -> Embedded:
    """Compute what is missing until no page is due, `limit` seconds have passed, or the worker stops.

    At least one batch is computed, however long it took to read the first pages. Failures postpone their pages and are logged; they never reach the caller.
    """
    deadline = time.monotonic() + limit
    source = current_source()
    done = Embedded()
    while pages := embedding_queue.claim(PAGES_AT_ONCE, timezone.now()):
        turn = _Turn(embedder, source, set(pages), progress)
        try:
            done += turn.run(deadline)
        finally:
            # Also when interrupted: the next run need not wait for the claim to expire.
            embedding_queue.release(turn.held)
        if done.away or _is_over(deadline):
            break
    return done


class _Turn:
    """Pages claimed together, until each is settled: completed, failed, gone or released."""

    def __init__(self, embedder: Embedder, source: Source, held: set[int], progress: Progress) -> None:
        self.embedder, self.source, self.held, self.progress = embedder, source, held, progress
        self.lacking: dict[int, dict[bytes, str]] = {}
        self.texts = self.failed = self.completed = 0

    def run(self, deadline: float) -> Embedded:
        """Compute batch by batch until all pages are settled or time is up."""
        self._read()
        texts = {key: text for of_page in self.lacking.values() for key, text in of_page.items()}
        # Texts of similar length together: each is computed at the length of the longest.
        keys = sorted(texts, key=lambda key: len(texts[key]))
        for start in range(0, len(keys), TEXTS_AT_ONCE):
            batch = {key: texts[key] for key in keys[start : start + TEXTS_AT_ONCE]}
            try:
                self._compute(batch)
            except EmbeddingUnavailable as error:
                return self._away(error)
            if _is_over(deadline):
                break
        return Embedded(self.completed, self.texts, self.failed)

    def _read(self) -> None:
        """Read the pages as they are now; settle those that are gone, broken or lack nothing."""
        broken: dict[int, Exception] = {}
        documents = documents_of(sorted(self.held), 0, broken)
        self.lacking = missing([document for document in documents if document.vectors is None], self.source)
        for page, error in broken.items():
            self._fail(page, error)
        for document in documents:
            if left := texts_of(document).left:
                logger.info("page %s: %s passages beyond the limit get no vector", document.id, left)
        self._complete(page for page in set(self.held) if not self.lacking.get(page))

    def _compute(self, texts: Mapping[bytes, str]) -> None:
        """Compute and store a batch. If it fails, try its texts one by one, so that only the pages of one fail.

        Raises EmbeddingUnavailable when the embedder fails on any text.
        """
        try:
            vectors = _vectors(self.embedder, texts)
        except Exception as error:
            if isinstance(error, EmbeddingUnavailable) and not _answers(self.embedder):
                raise
            if len(texts) > 1:
                for key, text in texts.items():
                    self._compute({key: text})
                return
            for page in [page for page, of_page in self.lacking.items() if texts.keys() & of_page.keys()]:
                self._fail(page, error)
        else:
            self._store(vectors)

    def _store(self, vectors: Mapping[bytes, Vector]) -> None:
        with transaction.atomic():
            store(vectors, self.source)
            for of_page in self.lacking.values():
                for key in vectors:
                    of_page.pop(key, None)
            completed = [page for page, of_page in self.lacking.items() if not of_page]
            embedding_queue.renew(self.held.difference(completed))
            self._complete(completed)
        self.texts += len(vectors)

    def _complete(self, pages: Iterator[int] | Sequence[int]) -> None:
        done = list(pages)
        if not done:
            return
        embedding_queue.finish(done)
        self._settle(done)
        self.completed += len(done)

    def _fail(self, page: int, error: Exception) -> None:
        logger.warning("page %s cannot be embedded, will be tried again: %r", page, error)
        embedding_queue.fail(page, error)
        self._settle([page])
        self.failed += 1

    def _settle(self, pages: Sequence[int]) -> None:
        for page in pages:
            self.held.discard(page)
            self.lacking.pop(page, None)
        self.progress(len(pages))

    def _away(self, error: EmbeddingUnavailable) -> Embedded:
        logger.warning("vectors cannot be computed, will be tried again: %s", error)
        embedding_queue.postpone(self.held)
        note_away(self.source, error)
        self.held.clear()
        return Embedded(self.completed, self.texts, self.failed, str(error) or type(error).__name__)


def _vectors(embedder: Embedder, texts: Mapping[bytes, str]) -> dict[bytes, Vector]:
    """Return the vectors of texts. Raises ValueError when an embedder does not return a vector for each."""
    matrix = embedder.passages(list(texts.values()))
    if matrix.shape != (len(texts), embedder.dimensions) or not numpy.isfinite(matrix).all():
        raise ValueError(f"the embedder returned {matrix.shape} for {len(texts)} texts, or numbers that are none")
    return dict(zip(texts, matrix, strict=True))


def _answers(embedder: Embedder) -> bool:
    """Return whether an embedder works at all."""
    try:
        _vectors(embedder, {b"": "Lesen"})
    except Exception:  # noqa: BLE001 - whatever it is
        return False
    return True


def _is_over(deadline: float) -> bool:
    return stopping.is_set() or time.monotonic() >= deadline


def embed_due() -> int:
    """Compute for some seconds what is missing; return the number of texts. The worker's job.

    A process chooses its model once, at its start: while a worker with another one is being replaced, the two must not
    have all pages embedded in turns.
    """
    embedder = get_embedder()
    if embedder is None and settings.EMBEDDINGS["NAME"]:
        # The model is named and cannot be had now: pages wait for it.
        return 0
    model = embedder.name if embedder else ""
    if model not in _chosen:
        _chosen.add(model)
        follow(model)
    if embedder is None or current_source().model != model:
        return 0
    return embed(embedder, TURN_SECONDS).texts


_chosen: set[str] = set()
"""Models that this process has chosen."""
