"""Readers as an exploited one would act: whoever runs in the confined process tries what it must not be able to do.

Loaded by the program that forks that process, so nothing of the site and of the tests is imported here.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import glob
import json
import mmap
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from typing import BinaryIO

from media.confined.calls import ALLOWED

LAST_CALL = 480
"""Numbers of system calls that are tried; Linux 6.18 has fewer."""

_PROBES = {335, 336}
"""Calls of the kernel's own probes, which pass every filter and end whoever makes them without being a probe."""


def attack(file: BinaryIO, folder: str, site: str, port: str) -> bytes:
    """Try everything against a data folder, the process of the site and a server at a port; return what worked."""
    server = os.getppid()
    open_files = _open_files()
    secret, other = f"{folder}/secret-key", f"{folder}/media/other.pdf"
    reads = [f"{folder}/db.sqlite3", secret, other, "/etc/passwd", "/etc/hostname", *_of_processes(site, server)]
    attempts: dict[str, Callable[[], object]] = {
        **{f"read {path}": _reading(path) for path in reads},
        **{f"list {path}": _listing(path) for path in (folder, f"{folder}/media", "/", "/etc", "/proc", "/tmp")},
        **{f"write {path}": _writing(path) for path in (other, f"{folder}/new", "/tmp/new", "/dev/shm/new", "new")},
        "read by a path from a folder": lambda: os.open("passwd", os.O_RDONLY, dir_fd=os.open("/etc", os.O_PATH)),
        "write to the file itself": lambda: os.pwrite(0, b"x", 0),
        "open the file again to write": lambda: os.open("/proc/self/fd/0", os.O_RDWR),
        "open the file again to read": lambda: os.open("/proc/self/fd/0", os.O_RDONLY),
        "map the file to write": lambda: mmap.mmap(0, 1, mmap.MAP_SHARED, mmap.PROT_WRITE),
        "change the mode of the file": lambda: os.fchmod(0, 0o777),
        "give the file away": lambda: os.fchown(0, os.getuid(), os.getgid()),
        "empty the file": lambda: os.ftruncate(0, 0),
        "lock the file": lambda: fcntl.flock(0, fcntl.LOCK_SH),
        "lock a part of the file": lambda: fcntl.lockf(0, fcntl.LOCK_SH),
        "lease the file": lambda: fcntl.fcntl(0, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        "touch the file": lambda: os.utime(0),
        "mark the file": lambda: os.setxattr(0, "user.x", b"x"),
        "delete": lambda: os.unlink(other),
        "rename": lambda: os.rename(other, f"{other}.old"),
        "link": lambda: os.link(other, f"{folder}/media/link.pdf"),
        "link by name": lambda: os.symlink("/etc/passwd", f"{folder}/media/link.pdf"),
        "make a folder": lambda: os.mkdir(f"{folder}/media/new"),
        "change the mode": lambda: os.chmod(other, 0o777),
        "change the root": lambda: os.chroot("/tmp"),
        "go elsewhere": lambda: os.chdir(folder),
        "connect": lambda: socket.create_connection(("127.0.0.1", int(port)), 1),
        "connect outside": lambda: socket.create_connection(("192.0.2.1", 80), 1),
        "connect to a path": lambda: socket.socket(socket.AF_UNIX).connect(f"{folder}/socket"),
        "connect to a name": lambda: socket.socket(socket.AF_UNIX).connect("\0fundus"),
        "send a datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53)),
        "ask the kernel about networks": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "a pair of sockets": socket.socketpair,
        "fork": _forking,
        "start a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "become a program": _executing,
        "start a thread": lambda: threading.Thread(target=int).start(),
        "signal the parent": lambda: os.kill(server, 0),
        "signal the site": lambda: os.kill(int(site), 0),
        "signal all": lambda: os.killpg(0, 0),
        "hold the parent": lambda: os.pidfd_open(server),
        "memory as a file": lambda: os.memfd_create("x"),
        "a pipe": os.pipe,
        "slow down the parent": lambda: os.setpriority(os.PRIO_PROCESS, server, 19),
        "move the parent": lambda: os.sched_setaffinity(server, {0}),
        "be root": lambda: os.setresuid(0, 0, 0),
        "be in a new world": lambda: _called(272, 0x10000000),
        "trace the parent": lambda: _called(101, 0x4206, server, 0, 0),
        "limit the parent": lambda: _called(302, server, 7, ctypes.byref(ctypes.create_string_buffer(16)), 0),
        "lower its own limits": lambda: _called(302, 0, 7, ctypes.byref(ctypes.create_string_buffer(16)), 0),
        "outlive the parent": lambda: _called(157, 1, 0, 0, 0, 0),
        "speak to the terminal": lambda: fcntl.ioctl(0, 0x5412, b"x"),
        "open by another call": lambda: _called(437, -100, b"/etc/passwd", struct.pack("QQQ", 0, 0, 0), 24),
    }
    worked = [name for name, attempt in attempts.items() if _works(attempt)]
    worked += [f"file {number} is open" for number in open_files]
    worked += [f"environment: {name}" for name in os.environ if name not in {"LANG", "LC_CTYPE"}]
    return json.dumps({"tried": len(attempts), "worked": worked}).encode()


def call_everything(file: BinaryIO) -> bytes:
    """Make every system call that is not allowed, by its number and without sense; return those that exist."""
    allowed = {call.x86_64 for call in ALLOWED} | _PROBES
    return json.dumps([number for number in range(LAST_CALL) if number not in allowed and exists(number)]).encode()


def calls(file: BinaryIO, *numbers: str) -> bytes:
    """Make these calls without sense; return those that exist."""
    return json.dumps([int(number) for number in numbers if exists(int(number))]).encode()


def say(file: BinaryIO) -> bytes:
    """Return what is in the file."""
    return file.read()


def run_code(file: BinaryIO) -> bytes:
    """Run the code in the file."""
    exec(compile(file.read(), "code", "exec"), {})
    return b"done"


def exists(number: int) -> bool:
    """Return whether the kernel knows a call, whatever it says of these arguments."""
    libc = ctypes.CDLL(None, use_errno=True)
    ctypes.set_errno(0)
    nowhere = ctypes.c_void_p(-1)
    result = libc.syscall(ctypes.c_long(number), *[nowhere] * 6)
    return not (result == -1 and ctypes.get_errno() == 38)


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, RuntimeError, ValueError):
        return False
    return True


def _called(number: int, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(number), *arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")


def _of_processes(site: str, server: int) -> Iterable[str]:
    for process in (site, server, "self", 1):
        for name in ("environ", "mem", "maps", "cmdline", "fd/0"):
            yield f"/proc/{process}/{name}"


def _reading(path: str) -> Callable[[], object]:
    return lambda: os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 1)


def _listing(path: str) -> Callable[[], object]:
    def listing() -> None:
        os.listdir(path)
        if not glob.glob(f"{path}/*"):
            raise OSError("nothing to be seen")

    return listing


def _writing(path: str) -> Callable[[], object]:
    return lambda: os.open(path, os.O_WRONLY | os.O_CREAT)


def _forking() -> None:
    if os.fork() == 0:
        os._exit(0)


def _executing() -> None:
    """Become what is no program: whoever is told so could have become one."""
    try:
        os.execv("/etc/passwd", ["passwd"])
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.ENOEXEC}:
            raise


def _open_files() -> list[int]:
    found = []
    for number in range(3, 1024):
        try:
            fcntl.fcntl(number, fcntl.F_GETFD)
        except OSError:
            continue
        found.append(number)
    return found
