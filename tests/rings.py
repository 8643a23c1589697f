"""Rings of tests: how much of the world a test needs. Each test is in one; nobody has to say so.

*pure* needs no database, *db* the database and the embedded index in this process, *long* the same, but each of its tests
takes LONG_SECONDS or more of the processor (every page, every field, hundreds of requests); *services* starts processes or
servers, *browser* a real Chromium, *compose* all services of `docker-compose.yml` as plain processes. Each ring has a
target of make; `make test-fast` runs the first two.
"""

from __future__ import annotations

import resource
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

RINGS = ("pure", "db", "long", "services", "browser", "compose")

LONG_SECONDS = 0.25
"""Processor time from which a test is long; an eighth of the tests with the database took two thirds of their time."""

LONG_FILE = Path(__file__).parent / "long.txt"
"""Names the functions of the ring *long*, as measured. `RINGS=write make test` on an idle machine writes it anew."""

LONG = frozenset(LONG_FILE.read_text().split())

_FOLDERS = {
    "browser": "browser",
    "compose": "compose",
    "endurance": "services",
    "golden": "services",
    "postgresql": "services",
    "elasticsearch": "services",
    "processes": "services",
}
_SERVICES = ("services", "elasticsearch", "postgresql")


def ring_of(item: pytest.Item) -> str:
    """Return the ring of a test: by its folder, by what it is marked with, by the fixtures it asks for."""
    for folder, ring in _FOLDERS.items():
        if folder in item.path.parts:
            return ring
    if any(item.get_closest_marker(name) for name in _SERVICES):
        return "services"
    fixtures = getattr(item, "fixturenames", ())
    # Whoever asks for the model first has it made, by processes.
    if "model" in fixtures:
        return "services"
    needs_database = item.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & {*fixtures}
    if not needs_database:
        return "pure"
    return "long" if _function(item.nodeid) in LONG else "db"


def _function(nodeid: str) -> str:
    """Return the name of a test without its parameters."""
    return nodeid.partition("[")[0]


def long_functions(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Return the functions with the database whose tests take LONG_SECONDS of the processor on average, by name."""
    work: defaultdict[str, float] = defaultdict(float)
    tests: defaultdict[str, set[str]] = defaultdict(set)
    for report in reports:
        if report.when == "call" and getattr(report, "ring", "") in {"db", "long"}:
            name = _function(report.nodeid)
            tests[name].add(report.nodeid)
            work[name] += report.processor
    return sorted(name for name in tests if work[name] / len(tests[name]) >= LONG_SECONDS)


def processor_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def pace() -> float:
    """Return the processor seconds of a fixed piece of work: how fast the machine is just now."""
    begun = time.process_time()
    for _ in range(10_000_000):
        pass
    return time.process_time() - begun


def table(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Return a line a ring: how many tests it has, how long they took, how much of that the processor worked."""
    tests: defaultdict[str, set[str]] = defaultdict(set)
    wall: defaultdict[str, float] = defaultdict(float)
    work: defaultdict[str, float] = defaultdict(float)
    for report in reports:
        ring = getattr(report, "ring", None)
        if ring is not None:
            tests[ring].add(report.nodeid)
            wall[ring] += report.duration
            work[ring] += getattr(report, "processor", 0.0)
    lines = [f"{'ring':10} {'tests':>6} {'seconds':>8} {'processor seconds':>18}"]
    lines += [f"{name:10} {len(tests[name]):6} {wall[name]:8.0f} {work[name]:18.0f}" for name in RINGS if tests[name]]
    return lines
