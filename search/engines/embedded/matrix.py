"""The vectors of one model as a mapped matrix: every row is compared, by SIMD instructions, in one pass.

SimSIMD, because numpy has no fast product of int8; mapped, so that all processes share one copy and a restart reads none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import simsimd
from numpy.typing import NDArray

from search.document import Vector

ENTRY = np.dtype([("id", "<i8"), ("first", "<i8"), ("count", "<i4")])
"""What became of a page: its rows from `first` on, its own before its passages'; `count` is 0 when it has none."""

LAYOUT = [list(map(str, field)) for field in ENTRY.descr]
"""What the files look like, for the format of the index."""


BLOCK = 16_384
"""Rows compared at a time: what is computed of them stays in the processor's cache."""

SIDE_BY_SIDE = 8
"""Rows of a page of which the nearest is found for all pages at once; the rest of longer pages is gone through page by
page, which takes four times as long (400,000 rows of 100,000 pages: 0.4 ms and 1.9 ms)."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the manifest says of one model's files: only this many rows and entries count."""

    stem: str
    model: str
    dimensions: int
    rows: int
    entries: int

    def path(self, folder: Path, kind: str) -> Path:
        """Return the path of its "vectors", its "lengths" or its "entries"."""
        return folder / f"{self.stem}.{kind}"


class Matrix:
    """The rows of one model, and which pages they belong to: those of the last entry of each."""

    def __init__(self, folder: Path, part: Part) -> None:
        """Open a part. Raises OSError or ValueError when its files are gone or too short."""
        self.part = part
        entries = np.fromfile(part.path(folder, "entries"), ENTRY, part.entries)
        if len(entries) < part.entries:
            raise ValueError(f"{part.stem}.entries is too short")
        shape = (part.rows, part.dimensions)
        self.rows: NDArray[np.int8] = _mapped(part.path(folder, "vectors"), np.int8, shape)
        self.lengths: NDArray[np.float32] = _mapped(part.path(folder, "lengths"), np.float32, (part.rows,))
        _, last = np.unique(entries["id"][::-1], return_index=True)
        known = entries[::-1][last]
        self.pages = known[known["count"] > 0]
        """The entries of the pages that have vectors, by id."""
        self.ids: NDArray[np.int64] = np.ascontiguousarray(self.pages["id"])
        self.alive = int(self.pages["count"].sum())
        self._weighed: tuple[float, NDArray[np.float32]] | None = None

    @cached_property
    def _side_by_side(self) -> list[tuple[NDArray[np.intp], NDArray[np.int64]]]:
        """For each of a page's rows after the first, up to SIDE_BY_SIDE: the places of the pages that have it, and the rows."""
        first, count = self.pages["first"], self.pages["count"]
        having = ((number, np.flatnonzero(count > number)) for number in range(1, SIDE_BY_SIDE))
        return [(places, first[places] + number) for number, places in having if len(places)]

    @cached_property
    def _long(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """The places of the pages with more rows than SIDE_BY_SIDE; where the rest begins and where it ends, in turns."""
        places = np.flatnonzero(self.pages["count"] > SIDE_BY_SIDE)
        first, count = self.pages["first"][places], self.pages["count"][places]
        return places, np.stack([first + SIDE_BY_SIDE, first + count], axis=1).ravel()

    def _weights(self, discount: float) -> NDArray[np.float32]:
        """Return what to multiply each row's product with a question by, but for the question's length."""
        known = self._weighed
        if known is None or known[0] != discount:
            weights = np.float32(discount) / self.lengths
            weights[self.pages["first"]] = 1 / self.lengths[self.pages["first"]]
            known = self._weighed = (discount, weights)
        return known[1]

    def places_of(self, ids: Sequence[int]) -> NDArray[np.intp]:
        """Return the places of those of these pages that have vectors."""
        wanted = np.unique(np.asarray(ids, np.int64))
        places: NDArray[np.intp] = np.searchsorted(self.ids, wanted)
        is_within = places < len(self.ids)
        places, wanted = places[is_within], wanted[is_within]
        found: NDArray[np.intp] = places[self.ids[places] == wanted]
        return found

    def vectors_at(self, place: int) -> tuple[bytes, ...]:
        """Return the vectors of the page at a place, its own before its passages'."""
        entry = self.pages[place]
        return tuple(row.tobytes() for row in self.rows[entry["first"] : entry["first"] + entry["count"]])

    def own(self, ids: Sequence[int]) -> Iterator[tuple[int, Vector]]:
        """Yield id and own vector, of length 1, of those of these pages that have one."""
        pages = self.pages[self.places_of(ids)]
        rows = self.rows[pages["first"]].astype(np.float32) / self.lengths[pages["first"], np.newaxis]
        yield from zip(pages["id"].tolist(), rows, strict=True)

    def nearness(self, question: NDArray[np.int8], discount: float) -> NDArray[np.float32]:
        """Return how near each page is to a question, by its place: every row is compared."""
        if not len(self.pages):
            return np.empty(0, np.float32)
        weights = self._weights(discount)
        # One more than there are rows, where the last of them ends.
        found = np.full(self.part.rows + 1, -np.inf, np.float32)
        for start in range(0, self.part.rows, BLOCK):
            block = slice(start, min(start + BLOCK, self.part.rows))
            np.multiply(_products(question, self.rows[block]), weights[block], out=found[block])
        nearness: NDArray[np.float32] = found[self.pages["first"]]
        for places, rows in self._side_by_side:
            nearness[places] = np.maximum(nearness[places], found[rows])
        places, bounds = self._long
        if len(places):
            nearness[places] = np.maximum(nearness[places], np.maximum.reduceat(found, bounds)[::2])
        nearness /= length(question)
        return nearness

    def nearness_at(self, question: NDArray[np.int8], discount: float, places: NDArray[np.intp]) -> dict[int, float]:
        """Return how near the pages at these places are to a question, by their ids."""
        pages = self.pages[places]
        if not len(pages):
            return {}
        rows = rows_of(pages)
        firsts = np.cumsum(pages["count"]) - pages["count"]
        cosines = _cosines(question, self.rows[rows], self.lengths[rows])
        found = cosines * np.float32(discount)
        found[firsts] = cosines[firsts]
        return dict(zip(pages["id"].tolist(), np.maximum.reduceat(found, firsts).tolist(), strict=True))

    def nearest_passage(self, question: NDArray[np.int8], place: int) -> int | None:
        """Return the number of the nearest passage of the page at a place, None if it has none."""
        _, first, count = self.pages[place].tolist()
        if count < 2:
            return None
        rows = slice(first + 1, first + count)
        return int(_cosines(question, self.rows[rows], self.lengths[rows]).argmax())


def rows_of(entries: NDArray[Any]) -> NDArray[np.int64]:
    """Return the rows of these entries, in their order."""
    counts = entries["count"].astype(np.int64)
    before = np.cumsum(counts) - counts
    return np.repeat(entries["first"] - before, counts) + np.arange(int(counts.sum()))


def _cosines(question: NDArray[np.int8], rows: NDArray[np.int8], lengths: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(rows):
        return np.zeros(0, np.float32)
    cosines: NDArray[np.float32] = _products(question, rows) / (lengths * length(question))
    return cosines


def _products(question: NDArray[np.int8], rows: NDArray[np.int8]) -> NDArray[np.float32]:
    # Exact: the greatest product of two vectors of a thousand numbers has 24 bits.
    products: NDArray[np.float32] = np.asarray(
        simsimd.cdist(question[np.newaxis], rows, metric="dot", out_dtype="float32")
    )[0]
    return products


def length(vector: NDArray[np.int8]) -> np.float32:
    """Return a vector's length; that of none is 1, so that nothing is near to it."""
    found = np.linalg.norm(vector.astype(np.float32))
    return np.float32(found or 1.0)


def _mapped(path: Path, kind: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return a file's beginning as an array. Raises ValueError when the file is shorter."""
    if not shape[0]:
        return np.zeros(shape, kind)
    return np.asarray(np.memmap(path, kind, "r", shape=shape))
