"""Vectors of questions within a budget: remembered, given up when late, not asked for while the embedder fails."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from search.meaning.embedder import Embedder, EmbeddingUnavailable, Vector

logger = logging.getLogger(__name__)

REMEMBERED = 1000
"""Questions whose vectors a process keeps; 1.5 kB each."""

FAILURES = 3
"""After so many failures in a row no vector is asked for during SKIPPED_SECONDS."""

SKIPPED_SECONDS = 60.0

THREADS = 4
"""As many as a web process has: no reader waits for another's question."""


class Questions:
    """Asks an embedder for the vectors of questions. A vector that comes too late is kept for the next who asks."""

    def __init__(self, embedder: Embedder, budget: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the embedder and the seconds a search may wait."""
        self._clock = clock
        self._embedder = embedder
        self._budget = budget
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._pool: tuple[int, ThreadPoolExecutor] | None = None
        self._failed = 0
        self._skip_until = 0.0
        self._last_failure = ""

    @property
    def failure(self) -> str:
        """Why no vector is asked for at present; empty: it is."""
        return self._last_failure if self._failed >= FAILURES else ""

    def vector(self, text: str) -> Vector | None:
        """Return the vector if it is known or can be had within the budget, else None."""
        with self._lock:
            if (known := self._known.get(text)) is not None:
                self._known.move_to_end(text)
                return known
        if self._clock() < self._skip_until or not self._embedder.ready():
            return None
        asked = self._threads().submit(self._embedder.question, text)
        asked.add_done_callback(lambda done: self._keep(text, done))
        try:
            vector = asked.result(timeout=self._budget)
        except TimeoutError:
            asked.cancel()
            self._fail(f"no vector within {self._budget * 1000:.0f} ms")
            return None
        except EmbeddingUnavailable as error:
            self._fail(str(error))
            return None
        self._failed = 0
        return vector

    def _threads(self) -> ThreadPoolExecutor:
        """Return the threads of this process: those of the one it was forked from did not come along."""
        with self._lock:
            if self._pool is None or self._pool[0] != os.getpid():
                self._pool = os.getpid(), ThreadPoolExecutor(THREADS, thread_name_prefix="meaning")
            return self._pool[1]

    def _keep(self, text: str, done: Future[Vector]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        with self._lock:
            self._known[text] = done.result()
            self._known.move_to_end(text)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _fail(self, why: str) -> None:
        with self._lock:
            self._failed += 1
            self._last_failure = why
            if self._failed < FAILURES:
                return
            self._skip_until = self._clock() + SKIPPED_SECONDS
        logger.warning("meaning is left out for %.0f s after %s failures: %s", SKIPPED_SECONDS, FAILURES, why)
