"""A server with the embeddings API is asked as it expects, checked in what it says, and not waited for."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from search.meaning import current
from search.meaning.embedder import EmbeddingUnavailable
from search.meaning.questions import FAILURES
from search.meaning.remote import BATCH, RemoteEmbedder

pytestmark = pytest.mark.services

DIMENSIONS = 4


@dataclass
class Server:
    """A server on this machine that answers as the test says."""

    port: int = 0
    status: int = 200
    answer: Any = None
    """Instead of vectors."""
    seconds: float = 0.0
    """Silence before the answer."""
    drip: float = 0.0
    """Seconds between two bytes of it."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    stopped: threading.Event = field(default_factory=threading.Event)

    def embedder(self, **options: Any) -> RemoteEmbedder:
        return RemoteEmbedder(
            url=f"http://127.0.0.1:{self.port}/v1",
            model="m",
            dimensions=DIMENSIONS,
            **{"question_timeout": 5.0, **options},
        )


def vector_of(text: str) -> list[float]:
    return [float(len(text)), 1.0, 0.0, -2.0]


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.requests.append({"path": self.path, **asked})
            told.headers.append(dict(self.headers))
            told.connections.add(self.client_address)
            told.stopped.wait(told.seconds)
            # Out of order, as the API allows.
            data = [{"index": at, "embedding": vector_of(text)} for at, text in enumerate(asked["input"])][::-1]
            body = json.dumps({"data": data}).encode() if told.answer is None else told.answer
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for at in range(len(body)) if told.drip else ():
                if told.stopped.wait(told.drip):
                    return
                self.wfile.write(body[at : at + 1])
            if not told.drip:
                self.wfile.write(body)

        def handle(self) -> None:
            # Whoever asked has gone: that is what is tested.
            with contextlib.suppress(OSError):
                super().handle()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = running.server_address[1]
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield told
    told.stopped.set()
    running.shutdown()
    running.server_close()


def test_questions_and_passages_are_asked_with_their_prefixes(server: Server) -> None:
    remote = server.embedder(question_prefix="query: ", passage_prefix="passage: ", api_key="geheim")
    question = remote.question("a")
    assert question == pytest.approx(np.array(vector_of("query: a")) / np.linalg.norm(vector_of("query: a")))
    passages = remote.passages([f"{'x' * number}" for number in range(BATCH + 3)])
    assert passages.shape == (BATCH + 3, DIMENSIONS)
    assert np.linalg.norm(passages, axis=1) == pytest.approx(1)
    assert passages[:, 0].tolist() == sorted(passages[:, 0].tolist())
    assert [(row["path"], row["model"], len(row["input"])) for row in server.requests] == [
        ("/v1/embeddings", "m", 1), ("/v1/embeddings", "m", BATCH), ("/v1/embeddings", "m", 3),
    ]  # fmt: skip
    assert server.requests[1]["input"][1] == "passage: x"
    assert {headers["Authorization"] for headers in server.headers} == {"Bearer geheim"}
    assert len(server.connections) == 1


def test_no_passages_are_not_asked_for(server: Server) -> None:
    assert server.embedder().passages([]).shape == (0, DIMENSIONS)
    assert server.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"{", b"[]", b'{"data": []}', b'{"data": [{"index": 0}]}', b'{"data": [{"index": 0, "embedding": [1, 2]}]}',
        b'{"data": [{"index": 0, "embedding": ["a", "b", "c", "d"]}]}', b'{"data": [{"index": 0, "embedding": [0, 0, 0, 0]}]}',
        b'{"data": [{"index": 0, "embedding": [NaN, 0, 0, 1]}]}', b'{"data": null}', b"\xff\xfe",
    ],
)  # fmt: skip
def test_what_is_no_vector_is_refused(server: Server, answer: bytes) -> None:
    server.answer = answer
    with pytest.raises(EmbeddingUnavailable):
        server.embedder().question("a")


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500])
def test_another_status_is_told_and_no_redirect_followed(server: Server, status: int) -> None:
    server.status = status
    with pytest.raises(EmbeddingUnavailable, match=f"status {status}"):
        server.embedder().question("a")


def test_nobody_listening_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    remote = RemoteEmbedder(url=f"http://127.0.0.1:{port}", model="m", dimensions=DIMENSIONS)
    with pytest.raises(EmbeddingUnavailable, match="does not answer"):
        remote.question("a")


@pytest.mark.parametrize("how", ["seconds", "drip"])
def test_a_server_that_hangs_is_given_up(server: Server, how: str) -> None:
    setattr(server, how, 30.0 if how == "seconds" else 0.05)
    started = time.monotonic()
    with pytest.raises(EmbeddingUnavailable):
        server.embedder(question_timeout=0.3).question("a")
    assert time.monotonic() - started < 2


def test_a_search_has_its_answer_within_the_budget_and_then_at_once(server: Server, named: Any) -> None:
    server.seconds = 30.0
    url = f"http://127.0.0.1:{server.port}/v1"
    options = {"url": url, "model": "m", "dimensions": DIMENSIONS, "question_timeout": 0.3}
    named.EMBEDDINGS, named.EMBEDDINGS_BUDGET = {"NAME": "openai", "OPTIONS": options}, 0.3
    current.get_embedder()
    waited = []
    for number in range(FAILURES + 3):
        started = time.monotonic()
        assert current.question_vector(f"Frage {number}")() is None
        waited.append(time.monotonic() - started)
    assert max(waited) < 1.5
    assert max(waited[FAILURES:]) < 0.05
    assert current.state()[0] is current.State.FAILING


def test_what_its_vectors_depend_on_is_its_name(server: Server) -> None:
    same, other = server.embedder(), server.embedder(passage_prefix="passage: ")
    assert same.name == server.embedder(api_key="x").name
    assert same.name != other.name
    assert "geheim" not in server.embedder(api_key="geheim").label
