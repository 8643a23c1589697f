"""The vectors of a generation: files that only grow, and a manifest that says how much of them counts.

The manifest is replaced at the end of a batch, so a kill leaves at most bytes that it does not name and that the next
batch overwrites. Readers map the files and look at the manifest before each use.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from search.document import Vectors
from search.engines.embedded.matrix import ENTRY, Matrix, Part, length, rows_of

SLACK = 1_000
"""Dead rows that are never worth a compaction."""

COPIED = 10_000
"""Rows copied at a time by a compaction."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The matrices of one state of the manifest."""

    state: tuple[int, int]
    number: int
    matrices: tuple[Matrix, ...]

    def of(self, dimensions: int, model: str) -> list[Matrix]:
        """Return the matrices that a question of a model can be compared with; an empty name means any model."""
        return [
            matrix
            for matrix in self.matrices
            if matrix.part.dimensions == dimensions and model in ("", matrix.part.model)
        ]

    def of_model(self, model: str) -> list[Matrix]:
        """Return the matrices of a model."""
        return [matrix for matrix in self.matrices if matrix.part.model == model]

    def count(self, model: str) -> int:
        """Return the number of pages that have vectors of a model; an empty name means any."""
        return sum(len(matrix.pages) for matrix in self.matrices if model in ("", matrix.part.model))


class VectorFiles:
    """The folder of a generation's vectors. Whoever writes holds the write lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: Opened | None = None

    @classmethod
    def create(cls, path: Path) -> VectorFiles:
        """Create a folder without vectors."""
        path.mkdir()
        files = cls(path)
        files._point(0, ())
        return files

    def opened(self) -> Opened:
        """Return the vectors as of the last batch. Raises OSError or ValueError when they cannot be read."""
        for attempt in (1, 2, 3):
            state = self._state()
            known = self._opened
            if known is not None and known.state == state:
                return known
            noted = json.loads((self.path / "manifest.json").read_text())
            try:
                matrices = tuple(Matrix(self.path, Part(**part)) for part in noted["parts"])
            except FileNotFoundError:
                # A compaction removed a file between reading its name and opening it.
                if attempt == 3:
                    raise
                continue
            self._opened = Opened(state, noted["number"], matrices)
            return self._opened
        raise AssertionError("unreachable")

    def _state(self) -> tuple[int, int]:
        stat = os.stat(self.path / "manifest.json")
        return stat.st_ino, stat.st_mtime_ns

    def write(self, batch: Mapping[int, Vectors | None]) -> None:
        """Store the vectors of these pages, and forget those they had; nothing is written when nothing changes."""
        opened = self.opened()
        number = opened.number + 1
        parts: list[Part] = []
        kinds = {(found.model, found.dimensions) for found in batch.values() if found is not None}
        for matrix in opened.matrices:
            part = matrix.part
            kinds.discard((part.model, part.dimensions))
            parts.append(self._append(part, _changed(matrix, batch)))
        for place, (model, dimensions) in enumerate(sorted(kinds)):
            part = Part(f"{number}-{place}", model, dimensions, 0, 0)
            given = {id: found for id, found in batch.items() if found is not None and _fits(part, found)}
            parts.append(self._append(part, given))
        if parts == [matrix.part for matrix in opened.matrices]:
            return
        self._point(number, parts)
        self._compact()

    def _append(self, part: Part, changed: Mapping[int, Vectors | None]) -> Part:
        """Append rows and entries, and return what counts then."""
        if not changed:
            return part
        rows: list[bytes] = []
        entries = []
        for id, found in changed.items():
            own = [] if found is None else [found.page, *found.passages]
            entries.append((id, part.rows + len(rows), len(own)))
            rows += own
        vectors = np.frombuffer(b"".join(rows), np.int8).reshape(-1, part.dimensions)
        lengths = np.array([length(row) for row in vectors], np.float32)
        _write(part.path(self.path, "vectors"), part.rows * part.dimensions, vectors.tobytes())
        _write(part.path(self.path, "lengths"), part.rows * lengths.itemsize, lengths.tobytes())
        _write(part.path(self.path, "entries"), part.entries * ENTRY.itemsize, np.array(entries, ENTRY).tobytes())
        return replace(part, rows=part.rows + len(rows), entries=part.entries + len(entries))

    def _point(self, number: int, parts: Iterable[Part]) -> None:
        """Replace the manifest, atomically and durably."""
        temporary = self.path / "manifest.new"
        _write(temporary, 0, json.dumps({"number": number, "parts": [asdict(part) for part in parts]}).encode())
        os.replace(temporary, self.path / "manifest.json")

    def _compact(self) -> None:
        """Copy what is alive, where more than half is dead, and remove the files that no longer count."""
        opened = self.opened()
        if not any(_is_mostly_dead(matrix) for matrix in opened.matrices):
            return
        number = opened.number + 1
        parts = []
        for place, matrix in enumerate(opened.matrices):
            if not _is_mostly_dead(matrix):
                parts.append(matrix.part)
            elif matrix.alive:
                parts.append(self._copied(matrix, f"{number}-{place}"))
        self._point(number, parts)
        named = {part.stem for part in parts}
        for path in self.path.iterdir():
            if path.suffix != ".json" and path.stem not in named:
                path.unlink()

    def _copied(self, matrix: Matrix, stem: str) -> Part:
        """Copy the rows that are alive to new files."""
        part = replace(matrix.part, stem=stem, rows=0, entries=0)
        rows = rows_of(matrix.pages)
        vectors, lengths = part.path(self.path, "vectors"), part.path(self.path, "lengths")
        for start in range(0, len(rows), COPIED):
            chosen = rows[start : start + COPIED]
            _write(vectors, start * part.dimensions, matrix.rows[chosen].tobytes())
            _write(lengths, start * 4, matrix.lengths[chosen].tobytes())
        entries = matrix.pages.copy()
        entries["first"] = np.cumsum(entries["count"]) - entries["count"]
        _write(part.path(self.path, "entries"), 0, entries.tobytes())
        return replace(part, rows=len(rows), entries=len(entries))


def _fits(part: Part, vectors: Vectors) -> bool:
    return (vectors.model, vectors.dimensions) == (part.model, part.dimensions)


def _changed(matrix: Matrix, batch: Mapping[int, Vectors | None]) -> dict[int, Vectors | None]:
    """Return what to append for a batch: other vectors than the page has, or None to forget those it has."""
    known = {int(matrix.ids[place]): place for place in matrix.places_of(list(batch))}
    changed: dict[int, Vectors | None] = {}
    for id, found in batch.items():
        given = found if found is not None and _fits(matrix.part, found) else None
        stored = matrix.vectors_at(known[id]) if id in known else None
        if (None if given is None else (given.page, *given.passages)) != stored:
            changed[id] = given
    return changed


def _is_mostly_dead(matrix: Matrix) -> bool:
    part = matrix.part
    return part.rows > 2 * matrix.alive + SLACK or part.entries > 2 * len(matrix.pages) + SLACK


def _write(path: Path, start: int, data: bytes) -> None:
    """Write at a place of a file, durably, and cut off what a killed writer left behind it."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(start)
        file.seek(start)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
