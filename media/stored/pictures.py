"""Strip pictures that were stored with metadata, in place: same name, same pixels, another hash.

Pictures that are themselves the material are documents; they are done as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from media.kinds import ENDINGS, Kind
from media.metadata.strip import UnreadableError, stripped
from media.models import Document, ExtractionStatus, Image, Rendition
from media.stored.replacing import replace_file


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one file; `before` and `after` are its sizes in bytes, `problem` is empty on success."""

    name: str
    before: int = 0
    after: int = 0
    is_changed: bool = False
    problem: str = ""


def count() -> int:
    """Return the number of files: originals, scaled copies, and documents that are pictures."""
    number: int = Image.objects.count() + Rendition.objects.count() + _documents().count()
    return number


def _documents() -> QuerySet[Any]:
    endings = Q()
    for name, ending in ENDINGS.items():
        if ending.kind == Kind.PICTURE:
            endings |= Q(file__iendswith=f".{name}")
    documents: QuerySet[Any] = Document.objects.filter(endings)
    return documents


def make_bare() -> Iterator[Outcome]:
    """Strip every stored picture and yield the outcome of each; may be stopped after any of them and started again."""
    for files in (Image.objects.all(), Rendition.objects.all(), _documents()):
        for key, name in files.order_by("pk").values_list("pk", "file"):
            yield _make_bare(files.model._default_manager.filter(pk=key), name)


def _make_bare(row: QuerySet[Any], name: str) -> Outcome:
    path = Path(default_storage.path(name))
    try:
        content = path.read_bytes()
        bare = stripped(content)
        if bare != content:
            replace_file(path, bare)
    except OSError as error:
        return Outcome(name, problem=error.strerror or "cannot be read")
    except UnreadableError as error:
        return Outcome(name, len(content), problem=str(error))
    if row.model is not Rendition:
        # Also if an earlier run stopped between the file and its row.
        known = {"file_hash": hashlib.sha1(bare, usedforsecurity=False).hexdigest(), "file_size": len(bare)}
        if row.model is Document:
            known["sha256"] = hashlib.sha256(bare).hexdigest()
        changed = row.exclude(**known)
        if row.model is Document:
            # What was read is stored by the hash of the file.
            known["extraction_status"] = ExtractionStatus.PENDING
        changed.update(**known)
    return Outcome(name, len(content), len(bare), bare != content)
