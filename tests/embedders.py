"""Embedders for tests: vectors that depend on the text alone, in this process or from a server that counts."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from search.index import embeddings
from search.management.commands import search_embed
from search.meaning.embedder import EmbeddingUnavailable, Matrix, Vector

DIMENSIONS = 8


def vector(text: str) -> Vector:
    """Return a vector of unit length that only this text has."""
    chance = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
    drawn = chance.standard_normal(DIMENSIONS)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


class CountingEmbedder:
    """Remembers every text; refuses those that contain a word of `refused`, and all while it is `away`."""

    label = "test"
    dimensions = DIMENSIONS

    def __init__(self, name: str = "first") -> None:
        self.name = name
        self.batches: list[list[str]] = []
        self.refused: set[str] = set()
        self.away = False

    @property
    def texts(self) -> Counter[str]:
        """How often each text was computed."""
        return Counter(text for batch in self.batches for text in batch)

    def ready(self) -> bool:
        """Return True."""
        return True

    def question(self, text: str) -> Vector:
        """Return the vector of a text."""
        return vector(text)

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of texts."""
        if self.away or any(word in text for word in self.refused for text in texts):
            raise EmbeddingUnavailable("away")
        self.batches.append(list(texts))
        return np.stack([vector(text) for text in texts])


def use(monkeypatch: pytest.MonkeyPatch, settings: Any, embedder: CountingEmbedder | None) -> None:
    """Make an embedder the one that worker and command use, as if the process had just begun; None: words only."""
    settings.EMBEDDINGS = {"NAME": embedder.name if embedder else "", "OPTIONS": {}}
    for module in (embeddings, search_embed):
        monkeypatch.setattr(module, "get_embedder", lambda: embedder)
    monkeypatch.setattr(embeddings, "_chosen", set())


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch, settings: Any) -> CountingEmbedder:
    """The embedder of the site in this test."""
    found = CountingEmbedder()
    use(monkeypatch, settings, found)
    return found


class EmbeddingServer(ThreadingHTTPServer):
    """A server with the embeddings API that notes what it is asked, and takes its time for each text."""

    daemon_threads = True

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds = seconds
        self.batches: list[list[str]] = []

    @property
    def texts(self) -> Counter[str]:
        """How often it was asked for each text."""
        return Counter(text for batch in self.batches for text in batch)

    @property
    def setting(self) -> str:
        """The value of EMBEDDINGS that names it."""
        return f"openai+http://127.0.0.1:{self.server_port}/v1?model=test&dimensions={DIMENSIONS}"


class _Handler(BaseHTTPRequestHandler):
    server: EmbeddingServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        self.server.batches.append(asked)
        time.sleep(self.server.seconds * len(asked))
        rows = [{"index": place, "embedding": vector(text).tolist()} for place, text in enumerate(asked)]
        body = json.dumps({"data": rows}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        """Answer; whoever was killed meanwhile does not hear it."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True


@contextmanager
def embedding_server(seconds: float = 0.0) -> Iterator[EmbeddingServer]:
    """Run a server; each text takes it some seconds."""
    server = EmbeddingServer(seconds)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
