"""One abuser of each kind, from one address, in a process of its own: what a single machine can do to a site.

Run as `python -m tests.endurance.abusers KIND PORT SECONDS`; prints what it got as JSON. Certificates are not checked.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import re
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

SLOW, IDLE = 300, 3000
"""Connections of those who send slowly, and of those who send nothing."""

MEGABYTES_A_SECOND = 100
"""What the line of one machine carries."""

WAY_SECONDS = 0.02
"""How long a question and its answer are on their way; without it, abusers would mostly take the processors of this machine."""

_trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_trust.check_hostname, _trust.verify_mode = False, ssl.CERT_NONE


class Abuser:
    """What one kind does until its time is over."""

    def __init__(self, port: int, seconds: float, address: str) -> None:
        self.port, self.address = port, address
        self.ends = time.monotonic() + seconds
        self.got: Counter[str] = Counter()

    def is_over(self) -> bool:
        """Return whether it is time to stop."""
        return time.monotonic() > self.ends

    def connect(self) -> ssl.SSLSocket:
        """Return a connection with TLS."""
        plain = socket.create_connection(("127.0.0.1", self.port), 10)
        return _trust.wrap_socket(plain, server_hostname="localhost")

    def head(self, method: str, path: str, *lines: str) -> bytes:
        """Return the head of a request."""
        named = [f"{method} {path} HTTP/1.1", "Host: localhost", f"X-Test-Client: {self.address}", *lines]
        return ("\r\n".join(named) + "\r\n\r\n").encode()

    def ask(
        self, connection: http.client.HTTPSConnection, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> int:
        """Ask and read the answer; return its status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, {"X-Test-Client": self.address, **named})
        response = connection.getresponse()
        response.read()
        return response.status

    def form(self, path: str) -> tuple[str, str]:
        """Return the page of a form and the cookie that comes with it."""
        connection = http.client.HTTPSConnection("localhost", self.port, context=_trust, timeout=30)
        connection.request("GET", path, headers={"X-Test-Client": self.address})
        response = connection.getresponse()
        return response.read().decode(), (response.headers["Set-Cookie"] or "").split(";")[0]

    def many(self, count: int, ask: Callable[[http.client.HTTPSConnection, int], int]) -> None:
        """Let threads ask again and again, each on its connection, and count the statuses."""

        def run(number: int) -> None:
            connection = http.client.HTTPSConnection("localhost", self.port, context=_trust, timeout=30)
            for turn in itertools.count(number, count):
                if self.is_over():
                    return
                time.sleep(WAY_SECONDS)
                try:
                    self.got[str(ask(connection, turn))] += 1
                except (OSError, http.client.HTTPException) as error:
                    self.got[type(error).__name__] += 1
                    connection.close()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def slowly(self, count: int, begin: bytes, go_on: bytes, is_plain: bool = False) -> None:
        """Hold connections open that say a byte a second, or nothing; open each anew when it is closed."""
        held: list[socket.socket] = []
        while not self.is_over():
            with contextlib.suppress(OSError):
                while len(held) < count and not self.is_over():
                    one = socket.create_connection(("127.0.0.1", self.port), 10) if is_plain else self.connect()
                    one.settimeout(5)
                    one.sendall(begin)
                    held.append(one)
                    self.got["opened"] += 1
            time.sleep(1)
            for one in list(held):
                try:
                    if go_on:
                        one.sendall(go_on)
                    one.setblocking(False)
                    if one.recv(1) == b"":
                        raise ConnectionError
                except (BlockingIOError, ssl.SSLWantReadError):
                    continue
                except OSError:
                    self.got["closed"] += 1
                    held.remove(one)
                    one.close()
        self.got["held at the end"] = len(held)


def big_bodies(abuser: Abuser) -> None:
    """Twelve connections that send 100 MB each, as fast as they are taken."""

    def run() -> None:
        chunk = b"x" * 65_536
        while not abuser.is_over():
            try:
                with abuser.connect() as one:
                    one.sendall(abuser.head("POST", "/suche/", "Content-Length: 100000000"))
                    for _ in range(1500):
                        one.sendall(chunk)
                        abuser.got["pieces of 64 kB"] += 1
                        time.sleep(12 / 16 / MEGABYTES_A_SECOND)
            except OSError:
                abuser.got["cut off"] += 1
                # It is another machine's processor that would be busy.
                time.sleep(0.2)

    threads = [threading.Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def slow_headers(abuser: Abuser) -> None:
    """Requests whose head never ends."""
    abuser.slowly(SLOW, abuser.head("GET", "/").removesuffix(b"\r\n") + b"X-Long: ", b"x")


def slow_bodies(abuser: Abuser) -> None:
    """Forms of which a byte arrives each second."""
    abuser.slowly(SLOW, abuser.head("POST", "/barriere-melden/", "Content-Length: 60000"), b"x")


def idle_connections(abuser: Abuser) -> None:
    """Connections that stop in the middle of a greeting."""
    abuser.slowly(IDLE, b"\x16", b"", is_plain=True)


def slow_readers(abuser: Abuser) -> None:
    """Readers of large answers who take a byte of them a second."""
    path = "/api/v2/pages/?type=library.MaterialPage&limit=100"
    abuser.slowly(SLOW, abuser.head("GET", path), b"")


def login_guessing(abuser: Abuser) -> None:
    """Passwords, with the token that the form has."""
    page, cookie = abuser.form("/admin/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None, page[:300]
    headers = {
        "Cookie": cookie,
        "Content_Type": "application/x-www-form-urlencoded",
        "Referer": f"https://localhost:{abuser.port}/admin/login/",
        "Host": f"localhost:{abuser.port}",
    }

    def guess(connection: http.client.HTTPSConnection, turn: int) -> int:
        body = f"csrfmiddlewaretoken={token[1]}&username=redaktion&password=falsch{turn}".encode()
        return abuser.ask(connection, "/admin/login/", "POST", body, **headers)

    abuser.many(8, guess)


def barrier_form(abuser: Abuser) -> None:
    """Reports of barriers, each another, with a token old enough."""
    token = re.search(r'name="token" value="([^"]+)"', abuser.form("/barriere-melden/")[0])
    assert token is not None
    time.sleep(2.5)

    def report(connection: http.client.HTTPSConnection, turn: int) -> int:
        body = f"token={quote(token[1])}&text=Es+geht+nicht+{turn}".encode()
        return abuser.ask(
            connection, "/barriere-melden/", "POST", body, Content_Type="application/x-www-form-urlencoded"
        )

    abuser.many(8, report)


def expensive_api(abuser: Abuser) -> None:
    """Everything about a hundred pages, again and again."""
    path = "/api/v2/pages/?type=library.MaterialPage&limit=100&fields=*&order=title"
    abuser.many(8, lambda connection, turn: abuser.ask(connection, path))


def expensive_searches(abuser: Abuser) -> None:
    """Questions of fifty words, each another."""
    words = [
        "lesen",
        "schreiben",
        "rechnen",
        "sprache",
        "hören",
        "sehen",
        "lernen",
        "schule",
        "kinder",
        "eltern",
        "förderung",
        "diagnose",
        "material",
        "spiel",
    ]

    def search(connection: http.client.HTTPSConnection, turn: int) -> int:
        asked = " ".join(f"{words[(turn + number) % len(words)]}{'en' * (number % 3)}" for number in range(40))
        return abuser.ask(connection, f"/suche/?q={quote(asked)}&page={turn % 3 + 1}")

    abuser.many(16, search)


def uploads(abuser: Abuser) -> None:
    """Files of five megabytes to a form of visitors and to the admin, without a login."""
    head = b'--grenze\r\nContent-Disposition: form-data; name="file"; filename="gross.pdf"\r\n\r\n'
    body = head + b"%PDF-1.7 " + b"x" * 5_000_000 + b"\r\n--grenze--\r\n"
    paths = ("/barriere-melden/", "/admin/images/add/", "/admin/documents/multiple/add/")

    def upload(connection: http.client.HTTPSConnection, turn: int) -> int:
        headers = {"Content_Type": "multipart/form-data; boundary=grenze", "Cookie": "sessionid=" + "x" * 32}
        return abuser.ask(connection, paths[turn % len(paths)], "POST", body, **headers)

    abuser.many(8, upload)


def crawling(abuser: Abuser) -> None:
    """Pages without a pause, by sixteen at once."""
    paths = ("/", "/bibliothek/", "/termine/", "/koopv/", "/neuigkeiten/", "/merkliste/")
    abuser.many(16, lambda connection, turn: abuser.ask(connection, f"{paths[turn % len(paths)]}?x={turn}"))


KINDS: dict[str, Callable[[Abuser], None]] = {
    kind.__name__.replace("_", "-"): kind
    for kind in (
        *(big_bodies, slow_headers, slow_bodies, idle_connections, slow_readers, login_guessing, barrier_form),
        *(expensive_api, expensive_searches, uploads, crawling),
    )
}


if __name__ == "__main__":
    found = Abuser(int(sys.argv[2]), float(sys.argv[3]), f"192.0.2.{list(KINDS).index(sys.argv[1]) + 1}")
    KINDS[sys.argv[1]](found)
    print(json.dumps(found.got))
