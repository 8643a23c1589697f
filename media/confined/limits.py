"""What a confined process may use: plain values, known to both sides, and how the kernel is told."""

from __future__ import annotations

import os
import resource
import sys
from dataclasses import dataclass

OPEN_FILES = 64

NICE = 10
"""Reading can wait; visitors cannot."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of memory, seconds of processor time, seconds by the clock, bytes of the answer."""

    memory: int = 1_200_000_000
    cpu: int = 20
    wall: float = 25
    written: int = 32_000_000


def limit(limits: Limits) -> None:
    """Limit this process for good."""
    os.nice(NICE)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_FSIZE, limits.written)
    _lower(resource.RLIMIT_CPU, limits.cpu)
    _lower(resource.RLIMIT_AS, limits.memory)


def forbid_processes() -> None:
    """Leave this process alone: root would not be stopped by this, so it comes after another user was taken."""
    _lower(resource.RLIMIT_NPROC, 0)


def _lower(kind: int, value: int) -> None:
    """Lower a limit as far as the system allows; never raise it above what was set from outside."""
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        # macOS refuses the memory limit.
        if sys.platform == "linux":
            raise
