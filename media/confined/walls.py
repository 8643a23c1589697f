"""The walls around one process: raised by itself, before it reads a byte of what others wrote, and never taken down.

Landlock takes the file system but for the libraries, seccomp all calls but for reading what is open and computing. Another user
and a network of its own come where the system gives them, and nothing depends on them. If a wall does not stand, nothing is read.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from media.confined import landlock, seccomp
from media.confined.limits import Limits, forbid_processes, limit

NOBODY = 65534
"""The user of a confined process where its parent is root."""

LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")

_LOADERS = "lib*/ld-*.so*"
"""What the kernel starts first to start a program."""

_PARENT_DEATH_SIGNAL = 1
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_CAPABILITY_VERSION = 0x20080522


@dataclass(frozen=True, slots=True)
class Walls:
    """What is prepared once for many processes: rules of Landlock, a filter of seccomp; None: not to be had here.

    `contained` says that all of this runs in a container of its own without network, where there is nothing to see.
    `are_wanted` is false for developers on systems that have neither.
    """

    rules: int | None
    filter: bytes | None
    contained: bool = False
    are_wanted: bool = True


def prepared(*, in_container: bool, are_wanted: bool) -> Walls:
    """Leave the network, as far as the system lets go of it, and return the walls for the processes to come."""
    if sys.platform == "linux":
        # Who may not make a network may as its own master; refused in many containers.
        network = _NEW_NETWORK if os.geteuid() == 0 else _NEW_USER | _NEW_NETWORK
        ctypes.CDLL(None).unshare(network)
    rules = filter = None
    with contextlib.suppress(OSError):
        rules = landlock.rules(map(Path, _readable()))
    with contextlib.suppress(OSError):
        filter = seccomp.program()
    return Walls(rules, filter, in_container and not _has_network(), are_wanted)


def enclose(walls: Walls, limits: Limits) -> None:
    """Raise the walls around this process. Raises OSError if one that is needed does not stand."""
    _restrict(limits)
    if not walls.are_wanted:
        return
    if walls.rules is not None:
        landlock.restrict(walls.rules)
    elif not walls.contained:
        raise OSError("no Landlock on this system, and no container of its own")
    if walls.filter is None:
        raise OSError("no seccomp on this system")
    seccomp.restrict(walls.filter)


def enclose_program(walls: Walls, limits: Limits, program: str, readable: Iterable[str]) -> None:
    """Raise the walls around this process, which is to become a program that reads these files and folders.

    Raises OSError as `enclose`, and where there is no Landlock: what others compiled gets no less.
    """
    _restrict(limits)
    if walls.are_wanted:
        programs = [Path(program), *Path("/").glob(_LOADERS)]
        landlock.restrict(landlock.rules(map(Path, (*LIBRARIES, *readable)), programs))
        seccomp.restrict(seccomp.program(becoming=True))


def die_with_parent(parent: int) -> None:
    """Have this process killed when its parent ends, if it has not ended yet."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _restrict(limits: Limits) -> None:
    parent = os.getppid()
    limit(limits)
    with contextlib.suppress(OSError):
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
    if sys.platform == "linux":
        # Those over its own namespace, if it has one.
        ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)())
        forbid_processes()
    # A change of user ends it.
    die_with_parent(parent)


def _readable() -> set[str]:
    """Return the folders of libraries and fonts: code and data that are the same on every machine."""
    code = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return {*code, *LIBRARIES, *FONTS}


def _has_network() -> bool:
    return any(name != "lo" for _index, name in socket.if_nameindex())
