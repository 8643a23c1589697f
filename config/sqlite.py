"""SQLite on a volume that is full or became read-only: what is in the database can still be read.

A database in WAL mode needs two files beside it while it is open, which nobody can make there; it is then opened as one
that cannot change. That is decided at each connection, so nothing has to be restarted when there is room again.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

NEEDED_BYTES = 256 * 1024
"""More than the two files take at first."""


class Connection(sqlite3.Connection):
    """A connection that reads at least, where nothing can be written."""

    def __init__(self, database: str, **options: Any) -> None:
        super().__init__(database, **options)
        try:
            self.execute("PRAGMA schema_version")
        except sqlite3.OperationalError:
            path = Path(database)
            if takes_files(path.parent) or not path.is_file() or _holds_changes(Path(f"{database}-wal")):
                raise
            super().__init__(f"{path.resolve().as_uri()}?immutable=1", **options)


def takes_files(folder: Path) -> bool:
    """Return whether a volume has room for two small files, and is not mounted read-only."""
    volume = os.statvfs(folder)
    return not volume.f_flag & os.ST_RDONLY and volume.f_bavail * volume.f_frsize >= NEEDED_BYTES


def _holds_changes(log: Path) -> bool:
    """Return whether there are changes beside the file, which would be missed; an attempt to open it leaves an empty log."""
    try:
        return log.stat().st_size > 0
    except FileNotFoundError:
        return False
