"""A server with the embeddings API of OpenAI, such as TEI, vLLM or Ollama.

Each request has a deadline as a whole: a server that sends a byte a second must not hold a thread.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import urllib3

from search.meaning.embedder import EmbeddingUnavailable, Matrix, Vector
from search.meaning.length import unit

BATCH = 32
"""Passages in a request; servers refuse longer lists."""

MOST_BYTES = 64 * 1024 * 1024
"""An answer is no longer than this: 32 vectors of 4096 numbers in decimal are 3 MB."""

CHUNK = 65536


class RemoteEmbedder:
    """The model of a server. What it says is checked; what it is asked is cut by the server itself."""

    def __init__(
        self,
        *,
        url: str,
        model: str,
        dimensions: int,
        api_key: str = "",
        question_prefix: str = "",
        passage_prefix: str = "",
        question_timeout: float = 0.3,
        passage_timeout: float = 30.0,
    ) -> None:
        """Take the address up to its version, the model, what stands before texts, and the seconds to wait."""
        self._url = f"{url}/embeddings"
        self._model = model
        self._dimensions = dimensions
        self._prefixes = question_prefix, passage_prefix
        self._timeouts = question_timeout, passage_timeout
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        self._pool = urllib3.PoolManager(maxsize=4, headers=headers, retries=False)

    @property
    def name(self) -> str:
        """Digest of address, model, dimensions and prefixes."""
        parts = [self._url, self._model, self._dimensions, *self._prefixes]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    @property
    def label(self) -> str:
        """Model and host."""
        return f"{self._model} ({urllib3.util.parse_url(self._url).netloc})"

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._dimensions

    def ready(self) -> bool:
        """Return True: nothing is loaded here."""
        return True

    def question(self, text: str) -> Vector:
        """Return the vector of a question."""
        vector: Vector = self._ask([self._prefixes[0] + text], self._timeouts[0])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of passages, asked for in batches."""
        named = [self._prefixes[1] + text for text in texts]
        batches = [named[start : start + BATCH] for start in range(0, len(named), BATCH)]
        none = np.empty((0, self._dimensions), np.float32)
        return np.concatenate([none, *(self._ask(batch, self._timeouts[1]) for batch in batches)])

    def _ask(self, texts: list[str], timeout: float) -> Matrix:
        deadline = time.monotonic() + timeout
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"})
        try:
            response = self._pool.request("POST", self._url, body=body, timeout=timeout, preload_content=False)
            try:
                read = _read(response, deadline)
            finally:
                # What is unread is not worth waiting for.
                response.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise EmbeddingUnavailable(f"{self.label} does not answer: {type(error).__name__}") from error
        if response.status != 200:
            raise EmbeddingUnavailable(f"{self.label} answers with status {response.status}")
        return self._vectors(read, len(texts))

    def _vectors(self, body: bytes, count: int) -> Matrix:
        """Return the vectors of an answer in the order of what was asked."""
        try:
            rows = sorted(json.loads(body)["data"], key=lambda row: int(row["index"]))
            numbers: Any = np.array([row["embedding"] for row in rows], np.float32)
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise EmbeddingUnavailable(f"{self.label} answers with something else than vectors") from error
        if numbers.shape != (count, self._dimensions):
            raise EmbeddingUnavailable(f"{self.label} answers with {numbers.shape}, not {(count, self._dimensions)}")
        return np.stack([unit(row) for row in numbers])


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """Return the body. Raises EmbeddingUnavailable if it is late or too long."""
    read = bytearray()
    while chunk := response.read1(CHUNK):
        read += chunk
        if time.monotonic() > deadline:
            raise EmbeddingUnavailable("the answer takes too long")
        if len(read) > MOST_BYTES:
            raise EmbeddingUnavailable("the answer is too long")
    return bytes(read)
