"""Pages read into documents by several processes: the analysis is what a rebuild spends its time on."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from core.processes import set_up
from search.documents import SearchDocument

WAITING_PER_PROCESS = 2
"""Batches per process that are read ahead: none waits for work, and memory does not grow with the library."""


MANY = 2000
"""Pages from which several processes pay: each takes some seconds and 250 MB to load the dictionaries."""


def processes_for(pages: int) -> int:
    """Return in how many processes so many pages are best read."""
    return (os.cpu_count() or 1) if pages >= MANY else 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages to be read together. The version was drawn before, so that a change made meanwhile wins."""

    ids: Sequence[int]
    version: int


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a batch: documents of the pages that may be found, and why others could not be read."""

    batch: Batch
    documents: list[SearchDocument]
    broken: dict[int, str]


def read(batch: Batch) -> Read:
    """Read a batch in this process."""
    from search.indexing import documents_of

    broken: dict[int, Exception] = {}
    documents = documents_of(batch.ids, batch.version, broken)
    # As words: what a page's own code raises may not be fit to travel between processes.
    return Read(batch, documents, {page: repr(error) for page, error in broken.items()})


def read_all(batches: Iterable[Batch], processes: int) -> Generator[Read, None, None]:
    """Read batches in so many processes, in their order; one process is this one."""
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
