"""Room on the disk: whether anything can be stored, and which errors say that it cannot.

Uploads stop while there is still room, for the database has to store what editors and readers send meanwhile.
"""

from __future__ import annotations

import enum
import errno
import os
import shutil
from pathlib import Path

from django.db import DatabaseError

MEGABYTE = 1024 * 1024

LEAST_BYTES = 200 * MEGABYTE
"""Below this a disk counts as full: no more files are taken."""

LOW_BYTES = 1024 * MEGABYTE
"""Below this somebody should look."""

_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_SAYINGS = ("database or disk is full", "readonly database", "No space left on device", "read-only transaction")


class Room(enum.StrEnum):
    """What can be stored, as monitoring reads it."""

    OK = "ok"
    LOW = "low"
    FULL = "full"
    READ_ONLY = "read-only"


def room(folder: Path) -> Room:
    """Return whether a folder takes files."""
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return Room.READ_ONLY
    free = shutil.disk_usage(folder).free
    return Room.FULL if free < LEAST_BYTES else Room.LOW if free < LOW_BYTES else Room.OK


def is_out_of_room(error: BaseException) -> bool:
    """Return whether an error of the system or of a database says that the disk is full or read-only."""
    if isinstance(error, OSError):
        return error.errno in _ERRORS
    return isinstance(error, DatabaseError) and any(saying in str(error) for saying in _SAYINGS)
