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

_SCOPES_FROM, _SCOPES = 6, 0b11
"""Sockets without a path, and signals: none leave the processes that were confined together."""

_SIZES = {1: 8, _NETWORK_FROM: 16, _SCOPES_FROM: 24}


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """Return the version of Landlock; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))), 0)


def rules(readable: Iterable[Path], programs: Iterable[Path] = ()) -> int:
    """Return an open descriptor of rules: only these files and folders can be read, only these run as programs.

    Nothing can be written, no connection opened. Raises OSError where there is no Landlock.
    """
    found = version()
    if not found:
        raise OSError("no Landlock on this system")
    libc = _libc()
    rights = (1 << max(count for since, count in _FILE_RIGHTS.items() if since <= found)) - 1
    network = _NETWORK_RIGHTS if found >= _NETWORK_FROM else 0
    attributes = _Ruleset(rights, network, _SCOPES if found >= _SCOPES_FROM else 0)
    size = max(size for since, size in _SIZES.items() if since <= found)
    made = _checked(libc.syscall(_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0)))
    for path in readable:
        _allow(libc, made, path, _READ_FILE | _READ_FOLDER)
    for path in programs:
        _allow(libc, made, path, _EXECUTE | _READ_FILE | _READ_FOLDER)
    return made


def restrict(rules: int) -> None:
    """Hold this process to the rules, for good, and close them. Raises OSError if the kernel refuses."""
    libc = _libc()
    _checked(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.syscall(_RESTRICT, rules, ctypes.c_uint32(0)))
    os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    """Add a rule for a file or folder; one that is not there needs none."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = _Rule(rights if path.is_dir() else rights & ~_READ_FOLDER, folder)
            _checked(libc.syscall(_ADD, rules, _BENEATH, ctypes.byref(rule), ctypes.c_uint32(0)))
        finally:
            os.close(folder)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
