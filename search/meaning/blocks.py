"""Numbers of four bits: rows of blocks that share a scale, unpacked only for the rows at hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

BLOCK = 32
"""Numbers in a block."""

BLOCK_BYTES = 2 + BLOCK // 2
"""A block is a 16-bit scale, then two numbers a byte."""


def unpacked(blocks: Bytes) -> Floats:
    """Return the numbers of blocks; the last two axes (blocks, bytes) become one.

    Byte j holds number j in its low and number j + 16 in its high half, each plus 8.
    """
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
    numbers: Floats = (halves.astype(np.float32) - 8) * scales
    return numbers.reshape(*blocks.shape[:-2], -1)
