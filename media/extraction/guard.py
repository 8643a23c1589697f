"""The limits of the child, set before it reads a single byte of the file.

The kernel limits memory (not enforced on macOS), CPU time, open files and written bytes. On Linux the
process ends with its parent. Its own network namespace cuts it off from the network where the system
gives one to an ordinary user; in any case Python's sockets are switched off, which stops the libraries
but would not stop foreign machine code.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
from typing import Any

MEMORY_BYTES = 1_200_000_000
CPU_SECONDS = 20
OPEN_FILES = 64
WRITTEN_BYTES = 32_000_000
"""The answer on standard output is all that the child may write."""

NICE = 10
"""Reading can wait; visitors cannot."""

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def apply(memory: int = MEMORY_BYTES, cpu: int = CPU_SECONDS, written: int = WRITTEN_BYTES) -> None:
    """Limit this process: bytes of memory, seconds of CPU time, bytes written to any file."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, written)
    _limit(resource.RLIMIT_CPU, cpu)
    _limit(resource.RLIMIT_AS, memory)
    os.nice(NICE)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # Refused in many containers; then only the switch below applies.
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    setattr(socket, "socket", _NoSocket)  # noqa: B010 - a plain assignment is no type that mypy accepts
    socket.getaddrinfo = _no_network


def _limit(kind: int, value: int) -> None:
    """Lower a limit as far as the system allows; never raise it above what was set from outside."""
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        # macOS refuses the memory limit.
        if sys.platform == "linux":
            raise


def _no_network(*args: Any, **kwargs: Any) -> Any:
    raise OSError("no network while reading a file")


class _NoSocket(socket.socket):
    """Remains a class, since others inherit from it, but cannot be instantiated."""

    __init__ = _no_network
