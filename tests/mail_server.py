"""A mail server for tests: it speaks as much SMTP as Django does, over TLS if asked, and says what it was told to say."""

from __future__ import annotations

import base64
import contextlib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class MailServer:
    """What the server offers and answers, and what it got."""

    tls: ssl.SSLContext | None = None
    is_tls_from_start: bool = False
    answers: dict[str, bytes] = field(default_factory=dict)
    """What it says to an addressee or to DATA instead of accepting: 550 No."""
    port: int = 0
    messages: list[Message] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)


@contextlib.contextmanager
def mail_server(server: MailServer) -> Iterator[MailServer]:
    """Run a server on a free port for the block."""

    class Handler(_Conversation):
        state = server

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join(5)


class _Conversation(socketserver.BaseRequestHandler):
    state: MailServer

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            if self.state.is_tls_from_start:
                self._encrypt()
            self._talk()
        self.request.close()

    def _encrypt(self) -> None:
        assert self.state.tls is not None
        # Closes the socket when the client does not like the certificate.
        self.request = self.state.tls.wrap_socket(self.request, server_side=True)

    def _talk(self) -> None:
        file = self.request.makefile("rb")
        self.request.sendall(b"220 here\r\n")
        while line := file.readline():
            word, _, rest = line.strip().partition(b" ")
            command = word.upper()
            if command == b"EHLO":
                offers = [b"here", b"AUTH PLAIN"]
                if self.state.tls and not isinstance(self.request, ssl.SSLSocket):
                    offers.append(b"STARTTLS")
                *first, last = offers
                answer = b"".join(b"250-%s\r\n" % offer for offer in first) + b"250 " + last
            elif command == b"STARTTLS":
                self.request.sendall(b"220 go\r\n")
                self._encrypt()
                file = self.request.makefile("rb")
                continue
            elif command == b"AUTH":
                self.state.passwords.append(base64.b64decode(rest.split()[-1]).decode().split("\0")[-1])
                answer = b"235 welcome"
            elif command == b"RCPT":
                address = rest.partition(b"<")[2].partition(b">")[0].decode()
                answer = self.state.answers.get(address, b"250 ok")
            elif command == b"DATA":
                self.request.sendall(b"354 go\r\n")
                lines = []
                while (line := file.readline()) not in {b".\r\n", b""}:
                    lines.append(line)
                answer = self.state.answers.get("DATA", b"250 ok")
                if answer.startswith(b"250"):
                    self.state.messages.append(message_from_bytes(b"".join(lines)))
                    self.state.encrypted.append(isinstance(self.request, ssl.SSLSocket))
            elif command == b"QUIT":
                self.request.sendall(b"221 bye\r\n")
                return
            else:
                answer = b"250 ok"
            self.request.sendall(answer + b"\r\n")
