"""Read the packed weights of `multilingual-e5-small`: a file of 4-bit blocks with its pieces and its map of signs.

The program that comes with the file is never run: it writes past its buffers. The layout is told in
docs/decisions/0025-model-of-meaning.md.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from search.meaning.blocks import BLOCK, BLOCK_BYTES, Bytes, Floats, unpacked

MAGIC = b"E5S1"
PACKED = 1
"""Type of a tensor of blocks; 0 is that of plain 32-bit numbers."""


@dataclass(frozen=True)
class Shape:
    """Measures of the encoder, in the order of the file."""

    width: int
    layers: int
    heads: int
    inner: int
    rows: int
    positions: int
    types: int


@dataclass(frozen=True)
class Pieces:
    """The vocabulary: each piece with its log probability, and the pieces with a role."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True)
class PackedModel:
    """The file, read as far as its directory; tensors are read when asked for."""

    shape: Shape
    epsilon: float
    pieces: Pieces
    signs: dict[int, str]
    """What each sign that is not itself becomes; empty: it is dropped."""
    _data: Bytes = field(repr=False)
    _directory: dict[str, tuple[int, int, int]] = field(repr=False)

    def numbers(self, name: str) -> Floats:
        """Return a plain tensor, flat."""
        kind, start, size = self._directory[name]
        if kind == PACKED:
            raise ValueError(f"{name} is packed")
        return self._data[start : start + size].view(np.float32)

    def blocks(self, name: str) -> Bytes:
        """Return a packed tensor as it is: blocks × 18 bytes."""
        kind, start, size = self._directory[name]
        if kind != PACKED:
            raise ValueError(f"{name} is not packed")
        return self._data[start : start + size].reshape(-1, BLOCK_BYTES)

    def matrix(self, name: str, columns: int) -> Floats:
        """Return a packed tensor unpacked, as rows of `columns` numbers."""
        return unpacked(self.blocks(name)).reshape(-1, columns)


class _Reader:
    """Takes values off the head of the file."""

    def __init__(self, data: Bytes) -> None:
        self.data = data
        self._bytes = memoryview(data)  # type: ignore[arg-type] # an array is a buffer only from Python 3.12 on
        self.at = 0

    def take(self, form: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + form, self._bytes, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def whole(self, form: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self.take(form))

    def raw(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at].tobytes()


def read(path: Path) -> PackedModel:
    """Read the file. Raises ValueError when it is not of this kind."""
    reader = _Reader(np.memmap(path, dtype=np.uint8, mode="r"))
    if reader.raw(4) != MAGIC:
        raise ValueError(f"{path.name} holds no packed model")
    reader.whole("I")
    shape = Shape(*reader.whole("7i"))
    (epsilon,) = reader.take("f")
    if reader.whole("i") != (BLOCK,):
        raise ValueError(f"{path.name} has blocks of another size")
    pieces = _pieces(reader)
    signs = _signs(reader)
    return PackedModel(shape, epsilon, pieces, signs, reader.data, _directory(reader))


def _pieces(reader: _Reader) -> Pieces:
    count, begin, end, padding, unknown = reader.whole("5i")
    (size,) = reader.whole("Q")
    bounds = np.frombuffer(reader.raw(4 * (count + 1)), np.uint32)
    scores = np.frombuffer(reader.raw(4 * count), np.float32)
    blob = reader.raw(size)
    texts = tuple(blob[start:stop].decode() for start, stop in itertools.pairwise(bounds.tolist()))
    return Pieces(texts, tuple(scores.tolist()), begin, end, padding, unknown)


def _signs(reader: _Reader) -> dict[int, str]:
    count, size = reader.whole("iI")
    stop = reader.at + size
    signs: dict[int, str] = {}
    for _ in range(count):
        sign, length = reader.whole("IB")
        signs[sign] = "".join(map(chr, reader.whole(f"{length}I")))
    if reader.at != stop:
        raise ValueError("the map of signs does not end where it should")
    return signs


def _directory(reader: _Reader) -> dict[str, tuple[int, int, int]]:
    (count,) = reader.whole("i")
    directory: dict[str, tuple[int, int, int]] = {}
    for _ in range(count):
        (length,) = reader.whole("H")
        name = reader.raw(length).decode()
        kind, _elements, start, size = reader.whole("BIQQ")
        directory[name] = (kind, start, size)
    return directory
