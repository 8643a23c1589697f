"""Documents with vectors, for measuring: as the worker would compute them, and kept from run to run.

A text is embedded once for a model and a recipe; its vector lies in the temporary folder of this user. That takes a
minute the first time.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search.document import SearchDocument, Vector
from search.meaning.embedder import Embedder
from search.meaning.recipe import RECIPE
from search.meaning.vectors import attached, choose, current_source, missing, store

SAVED_AFTER = 200
"""Texts after which the file is written: an interrupted run is not all for nothing."""


def with_vectors(documents: Sequence[SearchDocument], embedder: Embedder) -> list[SearchDocument]:
    """Return the documents with their vectors, which are in the table of the database then."""
    choose(embedder.name)
    source = current_source()
    texts = {key: text for of_page in missing(documents, source).values() for key, text in of_page.items()}
    kept = _Kept(embedder)
    store({key: kept.vector(key, text) for key, text in texts.items()}, source)
    kept.save()
    return attached(documents)


class _Kept:
    """The vectors of a model in a file, by the hash of their text."""

    def __init__(self, embedder: Embedder) -> None:
        folder = Path(tempfile.gettempdir()) / f"fundus-relevance-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._path = folder / f"{embedder.name}-{RECIPE}.npz"
        self._embedder = embedder
        self._known: dict[bytes, Vector] = {}
        self._new = 0
        if self._path.exists():
            with np.load(self._path) as file:
                keys, vectors = file["keys"], file["vectors"]
            self._known = {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}

    def vector(self, key: bytes, text: str) -> Vector:
        """Return the vector of a text; compute it if it is new."""
        if key not in self._known:
            self._known[key] = self._embedder.passages([text])[0]
            self._new += 1
            if self._new % SAVED_AFTER == 0:
                self.save()
        return self._known[key]

    def save(self) -> None:
        """Write the file anew if there are new ones; another process may write it too, then one of them wins."""
        if not self._new:
            return
        keys = np.stack([np.frombuffer(key, np.uint8) for key in self._known])
        draft = self._path.with_name(f"{os.getpid()}.npz")
        np.savez(draft, keys=keys, vectors=np.stack([*self._known.values()]))
        draft.rename(self._path)
