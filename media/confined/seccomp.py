"""Take away a process's system calls but for those of `calls`, by seccomp; whatever else it calls does not exist.

The filter is a program for the kernel's own small machine, put together here: the library for it is a part of the
system that is not everywhere, and this needs five of its instructions.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator

from media.confined.calls import ALLOWED, ARCHITECTURES, BECOMING, Call

_LOAD, _EQUALS, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET = 0, 4
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def program(*, becoming: bool = False) -> bytes:
    """Return the filter; `becoming` allows the process to become another program. Raises OSError where there is none."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in ARCHITECTURES:
        raise OSError(f"no filter of system calls for {sys.platform} on {machine}")
    calls = (*ALLOWED, BECOMING) if becoming else ALLOWED
    return b"".join(_instructions(calls, machine))


def restrict(filter: bytes) -> None:
    """Leave this process the calls of a filter, for good. Raises OSError if the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    loaded = _Program(len(filter) // 8, filter)
    for call in (
        lambda: libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        lambda: libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(loaded), 0, 0),
    ):
        if call():
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _instructions(calls: Iterable[Call], machine: str) -> Iterator[bytes]:
    yield _step(_LOAD, _ARCHITECTURE_OFFSET)
    yield _step(_EQUALS, ARCHITECTURES[machine], if_not=0, if_so=1)
    yield _step(_RETURN, _KILL)
    for call in calls:
        number = getattr(call, machine)
        if number is not None:
            yield from _allow(number, call)
    yield _step(_RETURN, _FAIL | errno.ENOSYS)


def _allow(number: int, call: Call) -> Iterator[bytes]:
    """Yield the steps that end in allowing a call, or lead to what follows them."""
    left = 3 * len(call.conditions) + 1
    yield _step(_LOAD, _NUMBER_OFFSET)
    yield _step(_EQUALS, number, if_not=left)
    for condition in call.conditions:
        left -= 3
        yield _step(_LOAD, condition.offset)
        yield _step(_AND, condition.mask)
        yield _step(_EQUALS, condition.value, if_not=left)
    yield _step(_RETURN, _ALLOW)


def _step(code: int, value: int, *, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
