"""The index folder: which generation is live, which is being built, and the lock of the single writer."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import tantivy

from core.running.locks import LockTimeout, file_lock
from search.engines.base import EngineBusy, IndexLost, SearchUnavailable, patience
from search.engines.embedded.generation import Generation
from search.engines.embedded.schema import FORMAT
from search.engines.embedded.vectors import Opened
from search.engines.notes import check_format

WRITE_LOCK_SECONDS = 10.0
"""Maximum wait for another writer; a batch takes about 50 ms."""


Opens = TypeVar("Opens")


class Folder:
    """The folder and, once opened, its live generation; one object per process, used by its threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: tuple[tuple[int, int], Generation] | None = None
        self._open_lock = threading.Lock()

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Hold the lock of the single writer.

        Raises SearchUnavailable when another holds it too long, EngineBusy when only `patience` ran out.
        """
        longest = patience.get()
        wait = WRITE_LOCK_SECONDS if longest is None else min(longest, WRITE_LOCK_SECONDS)
        try:
            with file_lock(self.path / "write.lock", wait):
                yield
        except LockTimeout as error:
            raise (EngineBusy if wait < WRITE_LOCK_SECONDS else SearchUnavailable)(str(error)) from error

    def pointer(self, name: str) -> str | None:
        """Return the name of the "current" or the "building" generation."""
        try:
            return (self.path / name).read_text().strip() or None
        except FileNotFoundError:
            return None

    def point(self, name: str, generation: str) -> None:
        """Set which generation is "current" or "building", atomically and durably."""
        temporary = self.path / f"{name}.new"
        with temporary.open("w") as file:
            file.write(generation)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path / name)

    def live(self) -> Generation:
        """Return the live generation; open it once per process and again after each swap.

        Raises IndexLost when there is none.
        """
        for attempt in (1, 2, 3):
            try:
                stat = os.stat(self.path / "current")
            except FileNotFoundError:
                raise IndexLost("there is no index: run manage.py search_rebuild") from None
            key = (stat.st_mtime_ns, stat.st_ino)
            opened = self._opened
            if opened is not None and opened[0] == key:
                return opened[1]
            with self._open_lock:
                try:
                    generation = self._open(self.pointer("current") or "")
                except (ValueError, OSError) as error:
                    # The generation was swapped and removed between reading its name and opening it.
                    if attempt == 3:
                        message = f"the index cannot be opened, run manage.py search_rebuild: {error}"
                        raise IndexLost(message) from error
                    continue
                self._opened = (key, generation)
                return generation
        raise SearchUnavailable("the index cannot be opened")

    def _open(self, name: str) -> Generation:
        path = self.path / name
        check_format(Generation.meta(path), FORMAT)
        return Generation(path)

    def searcher(self) -> tantivy.Searcher:
        """Return a searcher over the live pages."""
        return self._newest(Generation.searcher)

    def passage_searcher(self) -> tantivy.Searcher:
        """Return a searcher over the live passages."""
        return self._newest(Generation.passage_searcher)

    def vectors(self) -> Opened:
        """Return the live vectors."""
        return self._newest(lambda generation: generation.vectors.opened())

    def _newest(self, search: Callable[[Generation], Opens]) -> Opens:
        """Return a part of the live generation, even if a swap removes it at this very moment."""
        try:
            return search(self.live())
        except (OSError, ValueError):
            self._opened = None
        try:
            return search(self.live())
        except (OSError, ValueError) as error:
            raise IndexLost(f"the index cannot be read, run manage.py search_rebuild: {error}") from error
