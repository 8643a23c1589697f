"""What is read from the database and kept in memory as long as the database does not change it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.db import connection

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A value, read again when a short query or `also` answers otherwise than before, or after `seconds`.

    `state` is plain SQL for few rows, as cheap as can be: composing it anew each time takes longer than running it.
    One query when nothing has changed, in every process.
    """

    def __init__(
        self,
        state: str,
        read: Callable[[], Value],
        *,
        seconds: float = float("inf"),
        also: Callable[[], Hashable] = lambda: None,
    ) -> None:
        self._state = state
        self._read = read
        self._seconds = seconds
        self._also = also
        self._lock = threading.Lock()
        self._known: tuple[tuple[Any, ...], float, Value] | None = None

    def get(self) -> Value:
        """Return the value as the database has it now."""
        with connection.cursor() as cursor:
            cursor.execute(self._state)
            state = (self._also(), cursor.fetchall())
        known = self._known
        if known is not None and known[0] == state and time.monotonic() - known[1] < self._seconds:
            return known[2]
        with self._lock:
            read_at = time.monotonic()
            value = self._read()
            self._known = (state, read_at, value)
        return value

    def forget(self) -> None:
        """Read anew at the next call, whatever the database says."""
        self._known = None
