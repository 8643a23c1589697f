"""The order of tests for several processes: each begins with its share of the long ones, the short ones fill the end.

pytest-xdist gives each process a piece of the list, as long as the others', and whoever is done takes from the end of
another's. Long tests that stand there are what all wait for; so each piece begins with some, whole files, since tests
of a file share what they start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

LONG = ("postgresql", "elasticsearch", "compose", "processes", "browser", "golden", "relevance", "leaks")
"""Folders of tests with servers, browsers or all pages, longest first."""


def spread(items: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """Return the tests in the order in which this many processes shall have them."""
    long: defaultdict[Path, list[pytest.Item]] = defaultdict(list)
    short: list[pytest.Item] = []
    for item in items:
        (short if _place(item.path) == len(LONG) else long[item.path]).append(item)
    pieces: list[list[pytest.Item]] = [[] for _ in range(processes)]
    for number, path in enumerate(sorted(long, key=lambda path: (_place(path), path))):
        pieces[number % processes] += long[path]
    left = len(items)
    for number, piece in enumerate(pieces):
        size = left // (processes - number)
        wanted = max(size - len(piece), 0)
        piece += short[:wanted]
        del short[:wanted]
        left -= size
    return [item for piece in (*pieces, short) for item in piece]


def _place(path: Path) -> int:
    return next((place for place, folder in enumerate(LONG) if folder in path.parts), len(LONG))
