"""Documents with vectors, for measuring: as the worker would compute them, and kept from run to run.

A text is embedded once for a model and a recipe, which takes a minute for our own collection. Its vectors are kept in the
collection's folder, so that a test need not wait, those of any other in the temporary folder of this user.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search.document import SearchDocument, packed
from search.meaning.embedder import Embedder
from search.meaning.recipe import RECIPE
from search.meaning.vectors import attached, choose, current_source, missing, store
from search.models import Embedding
from tests.relevance.collection import OWN

SAVED_AFTER = 200
"""Texts after which the file is written: an interrupted run is not all for nothing."""


def with_vectors(documents: Sequence[SearchDocument], embedder: Embedder) -> list[SearchDocument]:
    """Return the documents with their vectors, which are in the table of the database then."""
    choose(embedder.name)
    source = current_source()
    texts = {key: text for of_page in missing(documents, source).values() for key, text in of_page.items()}
    kept = _Kept(embedder.name)
    for key, text in texts.items():
        if key not in kept:
            kept[key] = packed(embedder.passages([text])[0])
    kept.save()
    store({key: np.frombuffer(kept[key], np.int8).astype(np.float32) for key in texts}, source)
    return attached(documents)


def shipped(model: str) -> Path:
    """Return where the vectors of our own collection lie, made by a model and the present recipe."""
    return OWN / f"vectors-{model}-{RECIPE}.npz"


class _Kept(dict[bytes, bytes]):
    """Packed vectors of a model by the hash of their text, in a file that is written now and then."""

    def __init__(self, model: str) -> None:
        folder = Path(tempfile.gettempdir()) / f"fundus-relevance-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._path = folder / f"packed-{model}-{RECIPE}.npz"
        super().__init__(_read(shipped(model)) | _read(self._path))
        self._saved = len(self)

    def __setitem__(self, key: bytes, vector: bytes) -> None:
        super().__setitem__(key, vector)
        if len(self) >= self._saved + SAVED_AFTER:
            self.save()

    def save(self) -> None:
        """Write the file anew if there are new ones; of two processes that do so, the last one wins."""
        if len(self) > self._saved:
            _write(self._path, self)
            self._saved = len(self)


def _read(path: Path) -> dict[bytes, bytes]:
    """Return the vectors of a file; none if there is none."""
    if not path.exists():
        return {}
    with np.load(path) as file:
        return {key.tobytes(): one.tobytes() for key, one in zip(file["keys"], file["vectors"], strict=True)}


def _write(path: Path, vectors: dict[bytes, bytes]) -> None:
    """Write vectors, in the order of their keys: the same ones make the same file."""
    keys = sorted(vectors)
    draft = path.with_name(f"{os.getpid()}.npz")
    np.savez(
        draft,
        keys=np.stack([np.frombuffer(key, np.uint8) for key in keys]),
        vectors=np.stack([np.frombuffer(vectors[key], np.int8) for key in keys]),
    )
    draft.rename(path)


def ship() -> Path:
    """Put the vectors of the site, which are those of our own collection, beside it; return the file.

    It takes the place of those of another model or recipe.
    """
    source = current_source()
    rows = Embedding.objects.filter(source_id=source.key).values_list("digest", "vector")
    for path in OWN.glob("vectors-*.npz"):
        path.unlink()
    _write(shipped(source.model), {bytes(key): bytes(vector) for key, vector in rows})
    return shipped(source.model)
