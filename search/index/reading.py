"""Read pages into documents in several processes: a rebuild spends most of its time on analysis."""

from __future__ import annotations

import multiprocessing
import os
from collections import defaultdict, deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Site

from core import versions
from core.declared.page_types import searchable_types
from core.running.processes import set_up
from search.document import SearchDocument
from search.index.documents import from_page
from search.index.eligibility import eligible_pages
from search.meaning.vectors import attached
from search.words import current

WAITING_PER_PROCESS = 2
"""Batches queued per process: none waits for work, and memory does not grow with the library."""

MANY = 2000
"""Pages from which several processes pay off: each needs some seconds to start and 100 MB."""


def processes_for(pages: int) -> int:
    """Return the best number of processes for reading this many pages."""
    return (os.cpu_count() or 1) if pages >= MANY else 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages to read together. The version is drawn before, so that a change made meanwhile wins."""

    ids: Sequence[int]
    version: int


@dataclass(frozen=True, slots=True)
class Read:
    """The result of a batch: documents of the pages that may be found, and why others could not be read."""

    batch: Batch
    documents: list[SearchDocument]
    broken: dict[int, str]


def read(batch: Batch) -> Read:
    """Read a batch in this process."""

    broken: dict[int, Exception] = {}
    documents = documents_of(batch.ids, batch.version, broken)
    # As text: an exception from a page's own code may not be picklable.
    return Read(batch, documents, {page: repr(error) for page, error in broken.items()})


def read_all(batches: Iterable[Batch], processes: int) -> Generator[Read, None, None]:
    """Read batches in order, in this many processes; one means the current process."""
    if processes <= 1:
        yield from map(read, batches)
        return
    waiting: deque[Future[Read]] = deque()
    # Spawned: a forked process would share the database connection.
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=set_up)
    try:
        for batch in batches:
            waiting.append(pool.submit(read, batch))
            if len(waiting) >= processes * WAITING_PER_PROCESS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@versions.read_once()
def documents_of(ids: Sequence[int], version: int, broken: dict[int, Exception]) -> list[SearchDocument]:
    """Return the documents of the pages that are eligible now; put those that cannot be read into `broken`.

    The editors' words are read once: the version was drawn before, so a later word has rows of its own, and they win.
    Vectors that are in the table are attached; none is computed. The number of queries does not depend on the number of
    pages.
    """
    analyser = cache(current)
    forget_site_roots()
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
                documents.append(from_page(page, analyser(page.locale.language_code), version))
            except Exception as error:  # noqa: BLE001 - a page's own code may raise anything
                broken[page.pk] = error
    return attached(documents)


def forget_site_roots() -> None:
    """Make Wagtail reread the site roots: another process may have changed them, and the cache is per process."""
    Site.clear_site_root_paths_cache()
