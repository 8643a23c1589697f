"""The system calls that a confined process may make, by number and architecture: to read what is open, compute, end.

A list of what is allowed, because nobody can list what harms. Threads and processes are not in it: no reader needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

_FIRST, _SECOND, _THIRD = 16, 24, 32
"""Where the arguments of a call lie in what the filter sees; each has eight bytes, the lower four first."""

_WRITING = 0o3 | 0o100 | 0o1000 | 0o10000000 | 0o20000000
"""Flags of opening a file: to write, create, empty it, hold it by its path, make one without a name."""


class Must(NamedTuple):
    """A condition: the four bytes at `offset`, as far as `mask` looks, are `value`."""

    offset: int
    value: int
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: its numbers on both architectures (None: there is none) and what its arguments must be."""

    x86_64: int
    aarch64: int | None
    conditions: tuple[Must, ...] = ()


ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""By the names that `platform.machine()` gives."""

_PLAIN: dict[str, tuple[int, int | None]] = {
    "access": (21, None),
    "arch_prctl": (158, None),
    "brk": (12, 214),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getcwd": (79, 17),
    "getdents64": (217, 61),
    "getegid": (108, 177),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getpid": (39, 172),
    "getrandom": (318, 278),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "getuid": (102, 174),
    "lseek": (8, 62),
    "lstat": (6, None),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "newfstatat": (262, 79),
    "pread64": (17, 67),
    "read": (0, 63),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "readv": (19, 65),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "sigaltstack": (131, 132),
    "stat": (4, None),
    "statx": (332, 291),
    "sysinfo": (99, 179),
    "time": (201, None),
    "times": (100, 153),
    "uname": (63, 160),
    "write": (1, 64),
    "writev": (20, 66),
}

ALLOWED: tuple[Call, ...] = (
    *(Call(x86_64, aarch64) for x86_64, aarch64 in _PLAIN.values()),
    # openat: to read.
    Call(257, 56, (Must(_THIRD, 0, _WRITING),)),
    # fcntl: F_GETFD, F_SETFD, F_GETFL and F_DUPFD_CLOEXEC, thus no locks and leases.
    *(Call(72, 25, (Must(_SECOND, command),)) for command in (1, 2, 3, 1030)),
    # ioctl: FIOCLEX and FIONCLEX.
    *(Call(16, 29, (Must(_SECOND, command),)) for command in (0x5451, 0x5450)),
    # prlimit64: to ask for one's own.
    Call(302, 261, (Must(_FIRST, 0), Must(_THIRD, 0), Must(_THIRD + 4, 0))),
)

BECOMING = Call(59, 221)
"""execve, for a process that is to become another program."""
