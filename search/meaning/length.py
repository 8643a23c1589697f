"""Vectors at unit length: their product is then how near they are."""

from __future__ import annotations

import numpy as np

from search.meaning.embedder import EmbeddingUnavailable, Vector


def unit(vector: Vector) -> Vector:
    """Return the vector at unit length. Raises EmbeddingUnavailable if it has no direction."""
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or not length:
        raise EmbeddingUnavailable("the model answers with a vector that has no direction")
    scaled: Vector = (vector / length).astype(np.float32)
    return scaled
