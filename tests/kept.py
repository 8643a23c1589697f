"""What the tests of a module share in the database, made once: a transaction around all of them.

Each test runs in a transaction within it and takes back what it has changed itself, as in a `TestCase` with
`setUpTestData`. All tests of such a module must ask for the same state of `tests/states.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def transaction_of_a_module(blocker: Any) -> Iterator[None]:
    """Let a fixture of a module write to the database; all of it is taken back at the end."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
