"""Write batches to the live generation and to one being built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.running.locks import is_locked
from search.document import SearchDocument
from search.engines.base import SearchUnavailable
from search.engines.embedded.documents import Prepared
from search.engines.embedded.folder import Folder
from search.engines.embedded.generation import HEAP_BYTES, Generation


def write(folder: Folder, documents: Sequence[SearchDocument], deletions: Mapping[int, int]) -> None:
    """Write documents and deletions (id to version), unless the stored version is newer."""
    prepared = [Prepared.of(document) for document in documents]
    folder.live()  # before the lock, which would create the folder
    try:
        with folder.write_lock():
            # Reread under the lock: a rebuild may have swapped while we waited.
            folder.live().write(prepared, deletions, heap=HEAP_BYTES, purge=True)
            building = _building(folder)
            if building is not None:
                building.write(prepared, deletions, heap=HEAP_BYTES, purge=False)
    except (OSError, ValueError) as error:
        raise SearchUnavailable(f"the index cannot be written: {error}") from error


def _building(folder: Folder) -> Generation | None:
    """Return the generation that a running rebuild is filling; forget one whose rebuild died."""
    name = folder.pointer("building")
    if name is None:
        return None
    if not is_locked(folder.path / "rebuild.lock"):
        (folder.path / "building").unlink(missing_ok=True)
        return None
    return Generation(folder.path / name)
