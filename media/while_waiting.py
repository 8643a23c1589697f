"""What an editor waits for while a file is opened: bounded, and one file at a time for the whole site.

The worker may take longer and more memory; it is one process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from core.running.locks import LockTimeout, file_lock
from media.extraction.process import Limits

LIMITS = Limits(memory=700_000_000, cpu=8, wall=12, written=64_000_000)

WAIT_SECONDS = 1.0


class BusyError(Exception):
    """Raised while another editor's file is open."""


@contextmanager
def one_at_a_time() -> Iterator[Limits]:
    """Yield the limits of the one child that a web process may start now. Raises BusyError."""
    lock = file_lock(settings.DATA_DIR / "opened-file.lock", WAIT_SECONDS)
    try:
        lock.__enter__()
    except LockTimeout as error:
        raise BusyError from error
    try:
        yield LIMITS
    finally:
        lock.__exit__(None, None, None)
