"""Threads of this process for work that goes on beside another's; those of the process it was forked from stay there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

READERS = 4
"""As many as a web process answers at once: no reader waits for another's work."""


class Threads:
    """So many threads for each reader, started when they are needed; no work of theirs may use the database."""

    def __init__(self, name: str, each: int = 1) -> None:
        self._name = name
        self._most = READERS * each
        self._lock = threading.Lock()
        self._pool: tuple[int, ThreadPoolExecutor] | None = None

    def begin(self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Begin a piece of work and return its future."""
        with self._lock:
            if self._pool is None or self._pool[0] != os.getpid():
                self._pool = os.getpid(), ThreadPoolExecutor(self._most, thread_name_prefix=self._name)
            return self._pool[1].submit(work, *args, **kwargs)
