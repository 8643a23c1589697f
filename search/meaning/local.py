"""A model in a folder, run in this process by onnxruntime.

What processes share is loaded before they fork: pieces, and the word embeddings, mapped from their file. The session is made
after, and in the background, so no reader waits for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as state

from search.meaning.blocks import BLOCK, BLOCK_BYTES, Bytes, unpacked
from search.meaning.embedder import EmbeddingUnavailable, Matrix, Vector
from search.meaning.folder import ModelFolder, open_folder
from search.meaning.length import unit
from search.meaning.tokenizer import tokenizer

logger = logging.getLogger(__name__)

QUESTION_PIECES = 64
"""Questions are cut to this: 300 letters that unfold to thousands must not cost more than a long sentence."""

_FAILURES = (
    state.EPFail, state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf, state.NoModel,
    state.NoSuchFile, state.NotImplemented, state.RuntimeException, OSError, ValueError,
)  # fmt: skip
"""The runtime's exceptions have no common base below Exception."""


class LocalEmbedder:
    """The model of a folder. One thread computes a text: a server has its processes, and a worker should leave room."""

    def __init__(self, path: Path) -> None:
        """Open the folder; checks its files. Raises EmbeddingUnavailable."""
        self._folder = open_folder(path)
        self._tokenizer = tokenizer(self._folder)
        self._words = _word_rows(self._folder) if self._folder.embeddings else None
        self._session: Any = None
        self._failure = ""
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        """Digest of the folder."""
        return self._folder.digest

    @property
    def label(self) -> str:
        """Name and digest of the model."""
        return f"{self._folder.name} ({self._folder.digest})"

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._folder.dimensions

    def ready(self) -> bool:
        """Return whether the session is there, or cannot be had; begin to make it if not."""
        if self._session is None and not self._failure and not self._loading.locked():
            threading.Thread(target=self._load_quietly, name="meaning-load", daemon=True).start()
        return self._session is not None or bool(self._failure)

    def question(self, text: str) -> Vector:
        """Return the vector of a question."""
        return self._vector(self._folder.question_prefix + text, min(QUESTION_PIECES, self._folder.length))

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of passages.

        Each runs alone: the scale of its numbers is that of what runs together, and the vector of a text must not depend
        on its neighbours.
        """
        vectors = [self._vector(self._folder.passage_prefix + text, self._folder.length) for text in texts]
        return np.stack(vectors) if vectors else np.empty((0, self.dimensions), np.float32)

    def _vector(self, text: str, most: int) -> Vector:
        session = self._loaded()
        pieces = np.array([self._tokenizer.pieces(text, most)], np.int64)
        try:
            states = session.run(None, self._feed(session, pieces))[0]
            pooled = self._pooled(np.asarray(states)[0])
        except (*_FAILURES, IndexError) as error:
            raise EmbeddingUnavailable(f"the model fails: {error}") from error
        if pooled.shape != (self.dimensions,):
            raise EmbeddingUnavailable(f"the model answers with {pooled.shape} numbers, not {self.dimensions}")
        return unit(pooled)

    def _feed(self, session: Any, pieces: Any) -> dict[str, Any]:
        """Return the inputs that the encoder asks for, by the names that exporters give them."""
        wanted = {value.name for value in session.get_inputs()}
        feed: dict[str, Any] = {}
        if self._words is None:
            feed["input_ids"] = pieces
        else:
            feed["inputs_embeds"] = unpacked(self._words[pieces])
        if "attention_mask" in wanted:
            feed["attention_mask"] = np.ones_like(pieces)
        if "token_type_ids" in wanted:
            feed["token_type_ids"] = np.zeros_like(pieces)
        return feed

    def _pooled(self, states: Any) -> Vector:
        if self._folder.pooling == "none":
            pooled: Vector = states
        else:
            pooled = states[0] if self._folder.pooling == "first" else states.mean(axis=0, dtype=np.float32)
        return pooled

    def _loaded(self) -> Any:
        """Return the session; make it first if need be."""
        with self._loading:
            if self._session is None:
                if self._failure:
                    raise EmbeddingUnavailable(self._failure)
                try:
                    self._session = _session(self._folder)
                except _FAILURES as error:
                    self._failure = f"the model cannot be loaded: {error}"
                    raise EmbeddingUnavailable(self._failure) from error
        return self._session

    def _load_quietly(self) -> None:
        try:
            self._loaded()
        except EmbeddingUnavailable as error:
            logger.warning("searching by words only: %s", error)


def _session(folder: ModelFolder) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Memory of the longest text so far would stay with each process.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    path = str(folder.file(folder.encoder))
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _word_rows(folder: ModelFolder) -> Bytes:
    """Map the word embeddings: pieces × blocks × bytes. What no text uses is never read."""
    row = folder.dimensions // BLOCK * BLOCK_BYTES
    path = folder.file(folder.embeddings)
    if not row or path.stat().st_size % row:
        raise EmbeddingUnavailable(f"the model is broken: {path} does not hold rows of {folder.dimensions} numbers")
    return np.memmap(path, dtype=np.uint8, mode="r").reshape(-1, folder.dimensions // BLOCK, BLOCK_BYTES)
