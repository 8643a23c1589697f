"""Jobs that the worker runs by the clock; apps register theirs, so the worker depends on none of them."""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable
from dataclasses import dataclass


class Lane(enum.Enum):
    """Jobs of one lane run one after another; the lanes do not wait for each other.

    What editors and readers wait for is fast. What may take longer than a few seconds is slow. What waits for the
    answers of servers elsewhere keeps neither waiting.
    """

    FAST = "fast"
    SLOW = "slow"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Job:
    """A task to run every `seconds`; `run` returns how much it did, for the log."""

    name: str
    seconds: float
    run: Callable[[], int]
    lane: Lane = Lane.FAST


JOBS: dict[str, Job] = {}

stopping = threading.Event()
"""Set when the worker was told to stop: a long job ends after its current step."""


def register(name: str, seconds: float, run: Callable[[], int], lane: Lane = Lane.FAST) -> None:
    """Register a job under a unique name. Registering the name again replaces it."""
    JOBS[name] = Job(name, seconds, run, lane)
