"""Files that only the site's own user may read: whatever process makes them, and those that an earlier version made."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

UMASK = 0o077

NAMES = ("db.sqlite3*", "secret-key", "demo-login", "deletions.jsonl*", "query-counts")
"""What was readable for everybody before, by name in the data folder."""


def keep_private(folder: Path, *, is_passed_by_proxy: bool) -> None:
    """Let new files be the owner's alone, and close the data folder.

    A proxy of another user that sends the media must pass through the folder; it cannot list it.
    """
    os.umask(UMASK)
    _chmod(folder, 0o711 if is_passed_by_proxy else 0o700)
    for name in NAMES:
        for path in folder.glob(name):
            _chmod(path, 0o700 if path.is_dir() else 0o600)


def _chmod(path: Path, mode: int) -> None:
    """Set the mode of a file if it differs. A folder that belongs to somebody else stays as its owner made it."""
    with suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) != mode:
            path.chmod(mode)
