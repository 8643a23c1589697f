"""Jobs that the worker runs by the clock; apps register theirs, so the worker depends on none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """A task to run every `seconds`; `run` returns how much it did, for the log."""

    name: str
    seconds: float
    run: Callable[[], int]


JOBS: dict[str, Job] = {}


def register(name: str, seconds: float, run: Callable[[], int]) -> None:
    """Register a job under a unique name. Registering the name again replaces it."""
    JOBS[name] = Job(name, seconds, run)
