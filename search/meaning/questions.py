"""Vectors of questions within a budget: asked for beside other work, remembered, given up when late or while the embedder fails."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from search.meaning.embedder import Embedder, EmbeddingUnavailable, Vector
from search.threads import Threads

logger = logging.getLogger(__name__)

REMEMBERED = 1000
"""Questions whose vectors a process keeps; 1.5 kB each."""

FAILURES = 3
"""After so many failures in a row no vector is asked for during SKIPPED_SECONDS."""

SKIPPED_SECONDS = 60.0


class Questions:
    """Asks an embedder for the vectors of questions. A vector that comes too late is kept for the next who asks."""

    def __init__(self, embedder: Embedder, budget: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the embedder and the seconds a search may wait."""
        self._clock = clock
        self._embedder = embedder
        self._budget = budget
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._threads = Threads("meaning")
        self._failed = 0
        self._skip_until = 0.0
        self._last_failure = ""

    @property
    def failure(self) -> str:
        """Why no vector is asked for at present; empty: it is."""
        return self._last_failure if self._failed >= FAILURES else ""

    def ask(self, text: str) -> Callable[[], Vector | None]:
        """Begin to ask for a vector; return what waits for it, as long as the budget from now on allows, or returns None."""
        with self._lock:
            if (known := self._known.get(text)) is not None:
                self._known.move_to_end(text)
                return lambda: known
        if self._clock() < self._skip_until or not self._embedder.ready():
            return lambda: None
        asked = self._threads.begin(self._embedder.question, text)
        asked.add_done_callback(lambda done: self._keep(text, done))
        return partial(self._awaited, asked, self._clock() + self._budget)

    def _awaited(self, asked: Future[Vector], until: float) -> Vector | None:
        try:
            # Whatever was done meanwhile, a vector that is there counts.
            vector = asked.result(timeout=max(0.0, until - self._clock()))
        except TimeoutError:
            asked.cancel()
            self._fail(f"no vector within {self._budget * 1000:.0f} ms")
            return None
        except EmbeddingUnavailable as error:
            self._fail(str(error))
            return None
        self._failed = 0
        return vector

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
