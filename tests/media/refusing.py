"""Become a program in a process like one of a container by default: no capabilities, and the system refuses some calls.

`python -m tests.media.refusing unshare,landlock -m module …`
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from media.confined import seccomp

_CALLS = {"unshare": {"x86_64": 272, "aarch64": 97}, "landlock": {"x86_64": 444, "aarch64": 444}}
_DROP_FROM_BOUNDING_SET, _CAPABILITIES = 24, 41


def refuse(names: list[str]) -> None:
    """Refuse calls to this process and all that come from it, and with `unshare` the capabilities of root."""
    libc = ctypes.CDLL(None)
    for capability in range(_CAPABILITIES if "unshare" in names else 0):
        libc.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    steps = [(0x20, 0, 0, 0)]
    for name in names:
        steps += [(0x15, 0, 1, _CALLS[name][os.uname().machine]), (0x06, 0, 0, 0x50000 | errno.EPERM)]
    seccomp.restrict(b"".join(struct.pack("=HBBI", *step) for step in (*steps, (0x06, 0, 0, 0x7FFF0000))))


if __name__ == "__main__":
    refuse(sys.argv[1].split(","))
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
