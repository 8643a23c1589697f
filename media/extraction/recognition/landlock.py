"""Take away a process's sight of the file system but for what it is given, by Landlock (Linux 5.13 and later).

The calls are made by number: no library has them yet, and the numbers are the same on every architecture.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3

_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""By version of Landlock: how many rights on files there are; all are taken away."""

_NETWORK_FROM, _NETWORK_RIGHTS = 4, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64)]


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """Return the version of Landlock; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))), 0)


def restrict(readable: Iterable[Path]) -> None:
    """Leave this process only the reading of these files and folders, and no connections. Raises OSError if it cannot."""
    found = version()
    if not found:
        raise OSError("no Landlock on this system")
    libc = _libc()
    rights = (1 << max(count for since, count in _FILE_RIGHTS.items() if since <= found)) - 1
    network = _NETWORK_RIGHTS if found >= _NETWORK_FROM else 0
    attributes = _Ruleset(rights, network)
    size = ctypes.sizeof(attributes) if network else 8
    rules = _checked(libc.syscall(_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0)))
    for path in readable:
        with contextlib.suppress(FileNotFoundError):
            _allow(libc, rules, path)
    _checked(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.syscall(_RESTRICT, rules, ctypes.c_uint32(0)))
    os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _EXECUTE | _READ_FILE | (_READ_FOLDER if path.is_dir() else 0)
        rule = _Rule(rights, folder)
        _checked(libc.syscall(_ADD, rules, _BENEATH, ctypes.byref(rule), ctypes.c_uint32(0)))
    finally:
        os.close(folder)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
