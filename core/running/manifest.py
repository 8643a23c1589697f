"""The list of a backup: every file with its size and SHA-256, written last and checked before anything is restored."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.running import private_files

NAME = "manifest.json"
DUMP = "database.dump"
FORMAT = 1


class BrokenBackup(Exception):
    """Raised if a backup is not what its list says."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """When a backup was made, and its files: size and digest by their path in it."""

    made_at: datetime.datetime
    files: dict[str, tuple[int, str]]


def write_manifest(folder: Path, before: Path | None = None) -> None:
    """List the files of a folder. Digests of files linked to a backup before are taken from its list."""
    known = _known(before)
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            size = path.stat().st_size
            digest = known.get((name, path.stat().st_ino)) or digest_of(path)
            files[name] = {"bytes": size, "sha256": digest}
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    content = json.dumps({"format": FORMAT, "made_at": now, "files": files}, indent=1)
    with private_files.create(folder / NAME) as out:
        out.write(content.encode())


def read_manifest(folder: Path) -> Manifest:
    """Return the list of a backup. Raises BrokenBackup."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise BrokenBackup(f"{folder / NAME}: format {content['format']} is not known to this version")
        made_at = datetime.datetime.fromisoformat(content["made_at"])
        files = {str(name): (int(file["bytes"]), str(file["sha256"])) for name, file in content["files"].items()}
    except OSError as error:
        raise BrokenBackup(f"{folder / NAME}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenBackup(f"{folder / NAME} cannot be read") from error
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in files):
        raise BrokenBackup(f"{folder / NAME} names files outside the backup")
    return Manifest(made_at, files)


def check(folder: Path, manifest: Manifest, progress: Callable[[int], object] = id) -> None:
    """Compare a backup with its list. Raises BrokenBackup with the first difference."""
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {NAME}
    if added := sorted(present - manifest.files.keys()):
        raise BrokenBackup(f"{added[0]} is not in the list of the backup")
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise BrokenBackup(f"{name} is missing")
        if path.stat().st_size != size or digest_of(path) != digest:
            raise BrokenBackup(f"{name} has changed since the backup")
        progress(1)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _known(before: Path | None) -> dict[tuple[str, int], str]:
    """Return the digests of a backup by path and inode: a link is the same file. Empty for one without a list."""
    if before is None:
        return {}
    try:
        listed = read_manifest(before).files
        return {(name, (before / name).stat().st_ino): digest for name, (_, digest) in listed.items()}
    except (BrokenBackup, OSError):
        return {}
