"""A set-up of the database for all tests of a file or class: what takes long is done once, and each test undoes its own.

A fixture of such a scope calls `shared_database`; its tests ask for the database as ever, and what each of them writes is
gone after it: their transactions lie in the one that is open here. The state (see `tests/states.py`) is that of the
first test; one that wants another, or that commits, does not belong into the same file or class and fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.management import call_command
from django.db import connection, transaction

Made = TypeVar("Made")


@contextmanager
def shared_database(blocker: Any, fill: Callable[[], Made]) -> Iterator[Made]:
    """Give what `fill` returns, and keep what it writes for a block. `blocker` is the fixture `django_db_blocker`.

    Between the tests, and for those that do not ask for it, the database stays closed.
    """
    with blocker.unblock(), transaction.atomic():
        made = fill()
        with blocker.block():
            yield made
        transaction.set_rollback(True)


def load_sample() -> None:
    """Load the sample library unless the state of the test holds it, which states of SQLite alone can."""
    if connection.vendor != "sqlite":
        call_command("load_sample_library", verbosity=0)


def is_shared() -> bool:
    """Return, between two tests, whether the next ones find what others share."""
    return connection.in_atomic_block
