"""SQLite on a volume that became read-only: what is in the database can still be read.

A database in WAL mode needs two files beside it, which nobody can make there; it is opened as one that cannot change.
That is asked at each connection, so nothing has to be restarted when the volume can be written to again.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any


class Connection(sqlite3.Connection):
    """A connection that asks first whether its file lies on a volume that cannot be written to."""

    def __init__(self, database: str, **options: Any) -> None:
        path = Path(database)
        if is_readonly(path.parent) and path.is_file() and not Path(f"{database}-wal").exists():
            database = f"{path.resolve().as_uri()}?immutable=1"
        super().__init__(database, **options)


def is_readonly(folder: Path) -> bool:
    """Return whether a folder lies on a volume mounted read-only."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False
