"""What turns texts into vectors: the protocol that each way implements, and the values it returns.

numpy is loaded by whoever computes: it takes a fifth of a second, and most commands never see a vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Vector: TypeAlias = "npt.NDArray[np.float32]"
"""Shape (dimensions,), unit length."""

Matrix: TypeAlias = "npt.NDArray[np.float32]"
"""Shape (texts, dimensions), each row of unit length."""


class EmbeddingUnavailable(Exception):
    """Raised when no vector can be had now; the message says why."""


class Embedder(Protocol):
    """Turns texts into vectors whose products are high where the texts mean alike."""

    @property
    def name(self) -> str:
        """Short name of all that its vectors depend on; vectors of different names cannot be compared."""

    @property
    def label(self) -> str:
        """What people call it."""

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""

    def ready(self) -> bool:
        """Return whether it answers at once; if not, begin in the background what takes time."""

    def question(self, text: str) -> Vector:
        """Return the vector of a question, cut to its first pieces. Raises EmbeddingUnavailable."""

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of passages, each cut to what the model reads. Raises EmbeddingUnavailable."""
