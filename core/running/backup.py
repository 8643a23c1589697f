"""A copy of database and media from which the site can be restored, taken while it runs.

Each backup is a separate folder that gets its name when it is complete: an interrupted one leaves earlier ones
unchanged. Unchanged files are linked to the previous backup, so many backups take little more space than one. A list
of digests shows later whether a backup is still what it was.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from core.running.manifest import DUMP, write_manifest

DATABASE = "db.sqlite3"
MEDIA = "media"

Dump = Callable[[Path], int]
"""Writes a database into a new file and returns its size. Raises BackupFailed."""

_NAME = re.compile(r"\d{8}-\d{6}(-\d+)?")
_PARTIAL = ".partial"
_OLD = ".old"
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class BackupFailed(Exception):
    """Raised if no backup was made; earlier ones are unchanged."""


@dataclass(slots=True)
class Copied:
    """The contents of a backup: folder, size of the database in bytes, files and how many of them were copied anew."""

    folder: Path
    database_bytes: int = 0
    files: int = 0
    new_files: int = 0


def back_up(
    database: Path | Dump,
    media: Path,
    folder: Path,
    keep: int | None = None,
    progress: Callable[[int], object] = id,
    beside: Path | None = None,
) -> Copied:
    """Copy a database (the file of SQLite, or what a tool dumps) and its media into a new folder below `folder`.

    Keeps only the newest `keep` backups. `beside` is a list that must never be as old as a backup: it is copied next to
    them. Calls `progress` for each file. Raises BackupFailed.
    """
    if folder.resolve().is_relative_to(media.resolve()):
        raise BackupFailed("the folder lies within the media: a backup would hold itself")
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        with _alone(folder):
            copied = _back_up(database, media, folder, keep, progress)
            if beside is not None and beside.exists():
                join_lines(beside, folder / beside.name)
            return copied
    except sqlite3.Error as error:
        raise BackupFailed(f"the database cannot be copied: {error}") from error
    except OSError as error:
        raise BackupFailed(f"{error.strerror}: {error.filename or folder}") from error


def _back_up(
    database: Path | Dump, media: Path, folder: Path, keep: int | None, progress: Callable[[int], object]
) -> Copied:
    partial = folder / _PARTIAL
    for left in (partial, folder / _OLD):
        shutil.rmtree(left, ignore_errors=True)
    partial.mkdir(mode=_PRIVATE_FOLDER)
    try:
        before = backups(folder)
        known = before[-1] / MEDIA if before else None
        copied = Copied(folder / _new_name(folder))
        # Before and after the database: files deleted meanwhile still have their row, new ones have theirs already.
        _copy_media(media, partial / MEDIA, known, copied, progress)
        if isinstance(database, Path):
            copied.database_bytes = _copy_database(database, partial / DATABASE)
        else:
            copied.database_bytes = database(partial / DUMP)
        _copy_media(media, partial / MEDIA, known, copied, progress)
        write_manifest(partial, before[-1] if before else None)
        os.rename(partial, copied.folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    for old in backups(folder)[: -keep if keep else 0]:
        # Rename first: a backup is complete or it has no name.
        os.rename(old, folder / _OLD)
        shutil.rmtree(folder / _OLD)
    return copied


def backups(folder: Path) -> list[Path]:
    """Return the complete backups in a folder, oldest first."""
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lock the folder for the block; the lock ends with its process. Raises BackupFailed if another one holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupFailed("another backup into this folder is running") from None
    finally:
        os.close(descriptor)


def _new_name(folder: Path) -> str:
    now = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    taken = sum(path.name.startswith(now) for path in backups(folder))
    return f"{now}-{taken}" if taken else now


def join_lines(source: Path, target: Path) -> None:
    """Add the lines of a file that another one lacks, as a whole or not at all."""
    lines = target.read_text(encoding="utf-8").splitlines(keepends=True) if target.exists() else []
    whole = [line for line in source.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    joined = "".join(dict.fromkeys([*lines, *whole]))
    fresh = target.with_name(f".{target.name}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(joined)
        out.flush()
        os.fsync(out.fileno())
    os.rename(fresh, target)


def _copy_database(source: Path, target: Path) -> int:
    """Copy a live database as of one moment; return its size. Raises BackupFailed if it is damaged."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, _PRIVATE_FILE))
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, timeout=20)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        # One file, nothing next to it.
        copy.execute("PRAGMA journal_mode = DELETE")
        verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise BackupFailed(f"the database is damaged: {verdict}")
    return target.stat().st_size


def _copy_media(
    source: Path, target: Path, known: Path | None, copied: Copied, progress: Callable[[int], object]
) -> None:
    """Copy the files that are missing or outdated in `target`, linking those that are in `known`.

    Ignores files that vanish meanwhile.
    """
    target.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
    for folder, folders, files in os.walk(source, followlinks=True, onerror=_unreadable):
        place = Path(folder).relative_to(source)
        for name in folders:
            (target / place / name).mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        for name in files:
            copy_path = target / place / name
            try:
                seen = (Path(folder) / name).stat()
                if _is_copy(copy_path, seen):
                    continue
                # A copy taken while the file was being written.
                half = copy_path.exists()
                copy_path.unlink(missing_ok=True)
                is_new = _copy_file(Path(folder) / name, seen, copy_path, known / place / name if known else None)
            except FileNotFoundError:
                continue
            if not half:
                copied.files += 1
                copied.new_files += is_new
                progress(1)


def _unreadable(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _is_copy(path: Path, seen: os.stat_result) -> bool:
    """Return whether a file is the copy of one with this status."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    return (status.st_size, status.st_mtime_ns) == (seen.st_size, seen.st_mtime_ns)


def _copy_file(source: Path, seen: os.stat_result, target: Path, known: Path | None) -> bool:
    """Copy a file, or link its existing copy; return whether it was copied."""
    if known is not None and _is_copy(known, seen):
        # Without support for links, or with too many, copy it like any other.
        with suppress(OSError):
            os.link(known, target)
            return False
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file, source.open("rb") as read:
        shutil.copyfileobj(read, file)
    os.utime(target, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    return True
