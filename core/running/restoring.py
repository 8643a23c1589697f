"""Put a backup back: checked before anything is touched, then copied under other names and renamed.

What is there is never written over: the target is empty, or what was in it is set aside.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.db.models import Model

from core.running import private_files
from core.running.backup import DATABASE, MEDIA
from core.running.manifest import DUMP, BrokenBackup, Manifest, check, digest_of, read_manifest

SIDES = ("-wal", "-shm", "-journal")


_GONE: list[type[Model]] = []


def never_put_back(*models: type[Model]) -> None:
    """Let the rows of models be deleted from a restored database."""
    _GONE.extend(model for model in models if model not in _GONE)


def let_go() -> None:
    """Delete what must not come back: logins that have ended since, counts that nobody can check, mails that were sent.

    Whoever has logged out or lost their account since would be in again, and the worker would send every mail that waited
    at the moment of the backup a second time.
    """
    for model in _GONE:
        model._default_manager.all().delete()


class RestoreFailed(Exception):
    """Raised if a backup was not put back; what was there is unchanged, or set aside."""


def opened(backup: Path, progress: Callable[[int], object] = id) -> Manifest:
    """Return the list of a backup that is what its list says. Raises RestoreFailed."""
    try:
        manifest = read_manifest(backup)
        check(backup, manifest, progress)
    except BrokenBackup as error:
        raise RestoreFailed(str(error)) from error
    except OSError as error:
        raise RestoreFailed(f"{error.strerror}: {error.filename or backup}") from error
    if not manifest.files.keys() & {DATABASE, DUMP}:
        raise RestoreFailed("the backup holds no database")
    return manifest


def occupied(database: Path | None, media: Path) -> Path | None:
    """Return what is already there where a backup would go, if anything."""
    if database is not None and database.exists():
        return database
    return media if media.is_dir() and any(media.iterdir()) else None


def set_aside(database: Path | None, media: Path) -> Path:
    """Move database and media into a new folder beside them and return it. Raises RestoreFailed."""
    aside = media.parent / f"before-restore-{time.strftime('%Y%m%d-%H%M%S')}"
    try:
        aside.mkdir(mode=0o700)
        sides = [Path(f"{database}{side}") for side in ("", *SIDES)] if database is not None else []
        for path in (*sides, media):
            if path.exists():
                os.rename(path, aside / path.name)
    except OSError as error:
        raise RestoreFailed(f"{error.strerror}: {error.filename or aside}") from error
    return aside


def put_back(backup: Path, manifest: Manifest, database: Path | None, media: Path, modes: tuple[int, int]) -> int:
    """Copy media and database (None: another way loads it) into place; return how many files were copied.

    `modes` are those of media folders and files. Raises RestoreFailed.
    """
    folder_mode, file_mode = modes
    half = media.with_name(f".{media.name}.restoring")
    try:
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True, mode=folder_mode)
        count = 0
        for name in manifest.files:
            if name.startswith(f"{MEDIA}/"):
                target = half / name.removeprefix(f"{MEDIA}/")
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy(backup / name, target, manifest, name, file_mode)
                count += 1
        for path in (half, *half.rglob("*")):
            if path.is_dir():
                path.chmod(folder_mode)
        if media.exists():
            media.rmdir()
        os.rename(half, media)
        if database is not None:
            fresh = database.with_name(f".{database.name}.restoring")
            _copy(backup / DATABASE, fresh, manifest, DATABASE, 0o600)
            for side in SIDES:
                Path(f"{database}{side}").unlink(missing_ok=True)
            os.rename(fresh, database)
    except OSError as error:
        raise RestoreFailed(f"{error.strerror}: {error.filename or media}") from error
    return count


def _copy(source: Path, target: Path, manifest: Manifest, name: str, mode: int) -> None:
    """Copy a file and check the copy: a disk may have failed in between. Raises RestoreFailed."""
    target.unlink(missing_ok=True)
    with private_files.create(target) as out, source.open("rb") as read:
        shutil.copyfileobj(read, out)
    if digest_of(target) != manifest.files[name][1]:
        raise RestoreFailed(f"{name} changed while it was copied")
    status = source.stat()
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    target.chmod(mode)
