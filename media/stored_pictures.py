"""Strip pictures that were stored with metadata, in place: same name, same pixels, another hash."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from media.metadata.strip import UnreadableError, stripped
from media.models import Image, Rendition


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one file; `before` and `after` are its sizes in bytes, `problem` is empty on success."""

    name: str
    before: int = 0
    after: int = 0
    is_changed: bool = False
    problem: str = ""


def count() -> int:
    """Return the number of files: originals and scaled copies."""
    number: int = Image.objects.count() + Rendition.objects.count()
    return number


def make_bare() -> Iterator[Outcome]:
    """Strip every stored picture and yield the outcome of each; may be stopped after any of them and started again."""
    for kind in (Image, Rendition):
        for key, name in kind.objects.order_by("pk").values_list("pk", "file"):
            yield _make_bare(kind.objects.filter(pk=key), name)


def _make_bare(row: QuerySet[Any], name: str) -> Outcome:
    path = Path(default_storage.path(name))
    try:
        content = path.read_bytes()
        bare = stripped(content)
        if bare != content:
            _replace(path, bare)
    except OSError as error:
        return Outcome(name, problem=error.strerror or "cannot be read")
    except UnreadableError as error:
        return Outcome(name, len(content), problem=str(error))
    if row.model is Image:
        # Also if an earlier run stopped between the file and its row.
        digest = hashlib.sha1(bare, usedforsecurity=False).hexdigest()
        row.exclude(file_hash=digest, file_size=len(bare)).update(file_hash=digest, file_size=len(bare))
    return Outcome(name, len(content), len(bare), bare != content)


def _replace(path: Path, content: bytes) -> None:
    """Replace a file's content atomically; a killed run leaves the old content, and nothing after the next run."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(path, beside)
    beside.replace(path)
