"""One node for all processes of a test run: each takes a core's half minute to start, and its work goes ever faster."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.elasticsearch import node


@contextmanager
def shared_node(folder: Path) -> Iterator[str]:
    """Yield the address of the node that belongs to a folder; the first process to ask starts it.

    It ends with the process that started it, which therefore waits until nobody uses it any more.
    """
    address = folder / "elasticsearch.address"
    with (folder / "elasticsearch.users").open("w") as users, ExitStack() as stack:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _alone(folder):
            started = not address.exists()
            if started:
                nodes = stack.enter_context(node.running())
                address.write_text(nodes[0].address)
            found = address.read_text()
        yield found
        fcntl.flock(users, fcntl.LOCK_UN)
        if started:
            with _alone(folder):
                address.unlink()
            fcntl.flock(users, fcntl.LOCK_EX)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "elasticsearch.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
