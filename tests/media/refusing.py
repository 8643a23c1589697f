"""Become a program in a process like one of a container by default: no capabilities, no new ones, and `unshare` is refused."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from media.confined import seccomp

_UNSHARE = {"x86_64": 272, "aarch64": 97}
_DROP_FROM_BOUNDING_SET, _CAPABILITIES = 24, 41


def refuse_unshare() -> None:
    """Refuse `unshare` to this process and all that come from it."""
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, _UNSHARE[os.uname().machine]), (0x06, 0, 0, 0x50000 | errno.EPERM)]
    seccomp.restrict(b"".join(struct.pack("=HBBI", *step) for step in (*steps, (0x06, 0, 0, 0x7FFF0000))))


if __name__ == "__main__":
    libc = ctypes.CDLL(None)
    for capability in range(_CAPABILITIES):
        libc.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    refuse_unshare()
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
