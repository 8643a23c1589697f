"""A fixed sample of vectors: how near a question lies to texts that have nothing to do with it."""

from __future__ import annotations

import time
from functools import lru_cache

import numpy as np

from search.meaning.embedder import Matrix
from search.models import Embedding

SIZE = 256
"""Vectors of the sample: their fifth percentile is that of all within a hundredth."""

KEPT_SECONDS = 3600
"""How long a process keeps the sample: it changes only as the library does."""


def sample(model: str) -> Matrix | None:
    """Return vectors of the model as rows of unit length, always the same ones; None if there are too few."""
    return _read(model, int(time.monotonic() // KEPT_SECONDS))


@lru_cache(maxsize=2)
def _read(model: str, _hour: int) -> Matrix | None:
    # The smallest digests: a choice that has nothing to do with what texts say, and that new texts hardly change.
    stored = Embedding.objects.filter(source__model=model).order_by("source", "digest").values_list("vector", flat=True)
    vectors = [np.frombuffer(bytes(vector), np.int8).astype(np.float32) for vector in stored[:SIZE]]
    if len(vectors) < SIZE:
        return None
    matrix = np.stack(vectors)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix
