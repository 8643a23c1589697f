"""Create a generation next to the live one, fill it, swap it in, and remove leftovers of others."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.running.locks import LockTimeout, file_lock
from search.document import SearchDocument
from search.engines.base import SearchUnavailable
from search.engines.embedded.documents import Prepared
from search.engines.embedded.folder import Folder
from search.engines.embedded.generation import REBUILD_HEAP_BYTES, Generation


class EmbeddedRebuild:
    """The generation a rebuild is filling."""

    def __init__(self, folder: Folder, generation: Generation) -> None:
        self._folder = folder
        self._generation = generation

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents, except those of which a newer version has arrived."""
        prepared = [Prepared.of(document) for document in documents]
        try:
            with self._folder.write_lock():
                self._generation.write(prepared, {}, heap=REBUILD_HEAP_BYTES, purge=False)
        except (OSError, ValueError) as error:
            raise SearchUnavailable(f"the new index cannot be written: {error}") from error

    def count(self) -> int:
        """Return the number of ids in the new index, deletions included."""
        return int(self._generation.searcher().num_docs)


@contextmanager
def rebuild(folder: Folder, owner: str, analysis: str) -> Iterator[EmbeddedRebuild]:
    """Build next to the live index; swap when the block succeeds, otherwise leave everything unchanged.

    Raises SearchUnavailable when another rebuild is running.
    """
    try:
        # Long enough to outlast a writer's brief check whether a rebuild is alive.
        with file_lock(folder.path / "rebuild.lock", 2.0):
            yield from _rebuild(folder, owner, analysis)
    except LockTimeout as error:
        raise SearchUnavailable("another rebuild is running") from error


def _rebuild(folder: Folder, owner: str, analysis: str) -> Iterator[EmbeddedRebuild]:
    _remove_generations(folder)
    generation = new_generation(folder, owner, analysis)
    with folder.write_lock():
        folder.point("building", generation.path.name)
    try:
        yield EmbeddedRebuild(folder, generation)
        _swap(folder, generation)
    except BaseException:
        with folder.write_lock():
            (folder.path / "building").unlink(missing_ok=True)
        shutil.rmtree(generation.path, ignore_errors=True)
        raise
    _remove_generations(folder)


def new_generation(folder: Folder, owner: str, analysis: str) -> Generation:
    """Return a new generation, neither live nor being built yet."""
    name = f"g-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    return Generation.create(folder.path / name, owner, analysis)


def _swap(folder: Folder, generation: Generation) -> None:
    """Replace the live generation. Raises SearchUnavailable when the new one was removed meanwhile."""
    try:
        with folder.write_lock():
            Generation.meta(generation.path)
            folder.point("current", generation.path.name)
            (folder.path / "building").unlink()
    except (OSError, ValueError) as error:
        raise SearchUnavailable(f"the new index cannot be put in place: {error}") from error


def _remove_generations(folder: Folder) -> None:
    """Remove every generation except the live one, such as a killed rebuild's."""
    with folder.write_lock():
        (folder.path / "building").unlink(missing_ok=True)
        current = folder.pointer("current")
        for path in folder.path.glob("g-*"):
            if path.name != current:
                shutil.rmtree(path, ignore_errors=True)
