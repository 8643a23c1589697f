"""Many changes in a row: do once at the end what normally follows each commit.

Importers wrap their rows in `many_changes()`; the search registers its drain with `at_end`. So apps
below the search can speed it up without importing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

_depth: ContextVar[int] = ContextVar("many_changes_depth", default=0)
_callbacks: list[Callable[[], None]] = []


def at_end(callback: Callable[[], None]) -> Callable[[], None]:
    """Register `callback` to run once when the outermost `many_changes()` ends."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def is_active() -> bool:
    """Return whether the caller runs inside `many_changes()`."""
    return _depth.get() > 0


@contextmanager
def many_changes() -> Iterator[None]:
    """Postpone what follows each change until the block ends, even with an error."""
    token = _depth.set(_depth.get() + 1)
    try:
        yield
    finally:
        _depth.reset(token)
        if not is_active():
            for callback in _callbacks:
                # Within a transaction: after its commit, since nobody else sees the changes earlier.
                transaction.on_commit(callback)
