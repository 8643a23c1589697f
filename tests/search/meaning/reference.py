"""The model in numpy alone, read from the packed weights anew: what vectors ought to be.

    python -m tests.search.meaning.reference WEIGHTS

prints the file `expected.json` from its own texts and pieces. The pieces were computed once by the library `tokenizers`
with the vocabulary of the same weights, so neither our reader nor our tokenizer has a part in them.
"""

from __future__ import annotations

import json
import math
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np

EXPECTED = Path(__file__).with_name("expected.json")


class Reference:
    """Post-norm BERT, one text at a time."""

    def __init__(self, weights: Path) -> None:
        self.data = np.memmap(weights, dtype=np.uint8, mode="r")
        raw = memoryview(self.data)
        self.width, self.layers, self.heads, self.inner = struct.unpack_from("<4i", raw, 8)
        (self.epsilon,) = struct.unpack_from("<f", raw, 36)
        pieces, size = struct.unpack_from("<i", raw, 44)[0], struct.unpack_from("<Q", raw, 64)[0]
        at = 72 + 4 * (pieces + 1) + 4 * pieces + size
        at += 8 + struct.unpack_from("<iI", raw, at)[1]
        (entries,) = struct.unpack_from("<i", raw, at)
        at += 4
        self.places = {}
        for _ in range(entries):
            (length,) = struct.unpack_from("<H", raw, at)
            name = bytes(raw[at + 2 : at + 2 + length]).decode()
            self.places[name] = struct.unpack_from("<BIQQ", raw, at + 2 + length)
            at += 2 + length + 21

    def plain(self, name: str) -> Any:
        kind, count, start, _size = self.places[name]
        assert kind == 0
        return np.frombuffer(self.data, np.float32, count, start)

    def packed(self, name: str, columns: int, rows: Any = slice(None)) -> Any:
        kind, _count, start, size = self.places[name]
        assert kind == 1
        blocks = np.frombuffer(self.data, np.uint8, size, start).reshape(-1, columns // 32, 18)[rows]
        scales = blocks[..., :2].copy().view(np.float16).astype(np.float32)
        low, high = (blocks[..., 2:] & 15).astype(np.float32) - 8, (blocks[..., 2:] >> 4).astype(np.float32) - 8
        return (np.concatenate([low, high], -1) * scales).reshape(-1, columns)

    def linear(self, x: Any, name: str, columns: int) -> Any:
        return x @ self.packed(f"{name}.w", columns).T + self.plain(f"{name}.b")

    def norm(self, x: Any, name: str) -> Any:
        x = x - x.mean(-1, keepdims=True)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.epsilon) * self.plain(f"{name}.w") + self.plain(
            f"{name}.b"
        )

    def vector(self, ids: list[int]) -> Any:
        count, width, head = len(ids), self.width, self.width // self.heads
        x = self.packed("emb.word", width, np.array(ids)) + self.plain("emb.pos").reshape(-1, width)[:count]
        x = self.norm(x + self.plain("emb.type")[:width], "emb.ln")
        for number in range(self.layers):
            name = f"l{number}."
            q, k, v = (
                self.linear(x, name + part, width).reshape(count, self.heads, head).swapaxes(0, 1) for part in "qkv"
            )
            scores = q @ k.swapaxes(1, 2) / math.sqrt(head)
            weights = np.exp(scores - scores.max(-1, keepdims=True))
            seen = (weights / weights.sum(-1, keepdims=True) @ v).swapaxes(0, 1).reshape(count, width)
            x = self.norm(x + self.linear(seen, name + "ao", width), name + "aln")
            inner = self.linear(x, name + "fi", width)
            gelu = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
            x = self.norm(x + self.linear(gelu.astype(np.float32), name + "fo", self.inner), name + "oln")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


def main() -> None:
    """Print the expected vectors of the texts in the file."""
    reference = Reference(Path(sys.argv[1]))
    rows = json.loads(EXPECTED.read_text(encoding="utf-8"))
    lines = []
    for row in rows:
        vector = [round(float(number), 5) for number in reference.vector(row["ids"])]
        lines.append(json.dumps({**row, "vector": vector}, ensure_ascii=False))
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
