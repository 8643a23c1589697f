"""The real proxy in front of an application of few lines: TLS, its own answers, who is limited and who is not."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from config.http.security import PERMISSIONS_POLICY, PUBLIC_POLICY
from core.declared import file_forms
from tests.compose import proxy as proxy_of
from tests.compose.proxy import Proxy
from tests.compose.stack import TEMPLATE
from visitors.contributing.kinds import KINDS

OWN = {"Content-Security-Policy": "default-src 'self'", "Cache-Control": "private", "X-Frame-Options": "DENY"}
"""Headers that the application sets itself."""

HSTS = "max-age=300; includeSubDomains"


class Application(http.server.BaseHTTPRequestHandler):
    """Answers everything at once; what is sent is read."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = self.headers["X-Forwarded-Proto"].encode()
        self.send_response(200)
        for name, value in OWN.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server that more may call at once than usual."""

    request_queue_size = 512


@pytest.fixture(scope="module")
def application() -> Iterator[str]:
    """The address of the application."""
    if missing := [name for name in ("nginx", "envsubst", "openssl") if shutil.which(name) is None]:
        if os.environ.get("CI") == "true":
            pytest.fail(f"not installed: {missing}")
        pytest.skip(f"not installed: {missing}")
    with Server(("127.0.0.1", 0), Application) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def proxy(application: str) -> Iterator[Proxy]:
    """The proxy, with a static file and an RSA certificate beside, which allows more than others."""
    with proxy_of.running(application, HSTS=HSTS) as running:
        (running.folder / "static").mkdir()
        (running.folder / "static" / "eins.css").write_text("a{}")
        # As those that collectstatic makes: for all to read.
        (running.folder / "static").chmod(0o755)
        (running.folder / "static" / "eins.css").chmod(0o644)
        yield running


def at_once(proxy: Proxy, path: str, times: int, client: str) -> Counter[int]:
    with ThreadPoolExecutor(40) as threads:
        return Counter(threads.map(lambda _: proxy.get(path, client=client).status, range(times)))


def test_it_follows_what_the_program_says() -> None:
    text = TEMPLATE.read_text()
    assert f'"" "{PUBLIC_POLICY}"' in text
    assert f'"" "{PERMISSIONS_POLICY}"' in text
    pattern = file_forms.pattern(file_forms.declared())
    assert f'"~^POST {pattern.removeprefix("^")}" $client' in text
    assert f"location ~ {pattern} {{\n            client_max_body_size {file_forms.FORM_BYTES // 2**20}m;" in text
    others = "|".join(kind.path for kind in KINDS.values() if not kind.takes_files)
    assert f"(barriere-melden|neues-per-mail|partner-links|suche/fehlt|mitmachen/({others}))/$" in text
    assert f"\n    client_max_body_size {file_forms.MOST_BYTES // 1024}k;" in text


@pytest.mark.parametrize(
    ("version", "ciphers", "is_taken"),
    [
        (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES256-GCM-SHA384", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES128-GCM-SHA256", True),
        (ssl.TLSVersion.TLSv1_2, "AES128-SHA:AES256-SHA256:AES128-GCM-SHA256:CAMELLIA128-SHA", False),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA", False),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-CHACHA20-POLY1305", False),
        (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", False),
        (ssl.TLSVersion.TLSv1_3, "ALL", True),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_only_what_the_bsi_recommends_is_spoken(
    rsa_port: int, version: ssl.TLSVersion, ciphers: str, is_taken: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", rsa_port), 10) as plain:
        if not is_taken:
            with pytest.raises((ssl.SSLError, ConnectionResetError)):
                context.wrap_socket(plain)
            return
        with context.wrap_socket(plain) as secret:
            assert (secret.cipher() or ("",))[0].endswith(("-GCM-SHA384", "-GCM-SHA256", "_GCM_SHA384", "_GCM_SHA256"))


@pytest.fixture(scope="module")
def rsa_port(application: str) -> Iterator[int]:
    """The port of a proxy with an RSA certificate: with it more ciphers are possible."""
    folder = Path(tempfile.mkdtemp(prefix="fundus-rsa-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    with proxy_of.running(application, CERTIFICATE_DIR=str(folder)) as running:
        yield running.ports["https"]
    shutil.rmtree(folder)


def test_what_the_proxy_answers_itself_is_german_and_bears_the_headers_of_the_site(proxy: Proxy) -> None:
    answers = {
        413: proxy.get("/suche/", "POST", b"x" * 70_000),
        404: proxy.get("/static/nichts.css"),
        414: proxy.get("/?q=" + "x" * 17_000),
    }
    for status, answer in answers.items():
        assert answer.status == status
        assert answer.headers["content-type"] == ["text/html; charset=utf-8"]
        assert '<html lang="de">' in answer.body
        assert "<!--#" not in answer.body
        assert re.search(r"<h1>[^<]{10,}</h1>", answer.body), answer.body
        assert {name: answer.headers.get(name.lower()) for name in EXPECTED} == EXPECTED
        assert answer.headers["cache-control"] == ["no-store"]
    assert "zu viel auf einmal" in answers[413].body
    assert "nginx" not in "".join(answer.body for answer in answers.values())


EXPECTED = {
    "Content-Security-Policy": [PUBLIC_POLICY],
    "Cross-Origin-Opener-Policy": ["same-origin"],
    "Cross-Origin-Resource-Policy": ["same-origin"],
    "Permissions-Policy": [PERMISSIONS_POLICY],
    "Referrer-Policy": ["same-origin"],
    "Strict-Transport-Security": [HSTS],
    "X-Content-Type-Options": ["nosniff"],
    "X-Frame-Options": ["SAMEORIGIN"],
}


def test_a_static_file_has_them_too_and_what_the_application_sets_is_set_once(proxy: Proxy) -> None:
    static = proxy.get("/static/eins.css")
    assert {name: static.headers.get(name.lower()) for name in EXPECTED} == EXPECTED
    assert (static.status, static.headers["cache-control"]) == (200, ["max-age=60, public"])
    page = proxy.get("/")
    assert (page.status, page.body) == (200, "https")
    wanted = {name: [value] for name, value in OWN.items()}
    assert {name: page.headers.get(name.lower()) for name in {*EXPECTED, *OWN}} == EXPECTED | wanted


def test_an_application_that_is_away_is_said_in_german(proxy: Proxy) -> None:
    with proxy_of.running("http://127.0.0.1:9") as alone:
        page, api = alone.get("/bibliothek/"), alone.get("/api/v2/search/")
    assert (page.status, page.headers["retry-after"], page.headers["cache-control"]) == (502, ["30"], ["no-store"])
    assert "Gerade nicht erreichbar" in page.body
    assert 'href="/static/css/fundus.css"' in page.body
    assert (api.status, api.headers["content-type"]) == (502, ["application/json"])
    assert "Minute" in json.loads(api.body)["errors"][0]["reason"]


def test_who_speaks_plainly_to_tls_is_led_to_it(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.ports["https"]), 10) as plain:
        plain.sendall(b"GET /suche/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = plain.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 301 ")
    assert f"Location: https://localhost:{proxy.ports['https']}/suche/" in answer


def test_a_class_searches_at_once_and_one_who_never_stops_is_slowed_down(proxy: Proxy) -> None:
    for path in ("/suche/?q=lesen", "/api/v2/search/?q=lesen", "/api/v2/search/suggest/?q=le", "/bibliothek/"):
        assert at_once(proxy, path, 20, "192.0.2.1") == {200: 20}, path
    answers = flood(proxy, "/suche/?q=lesen", 120, "192.0.2.2")
    refused = [answer for answer in answers if " 429 " in answer[:15]]
    # The first are answered, the next have to wait, and what is more is refused at once.
    assert sum(" 200 " in answer[:15] for answer in answers) in range(20, 60)
    assert len(refused) in range(20, 60)
    assert "\r\nRetry-After: 60\r\n" in refused[0]
    assert "Bitte warten Sie eine Minute" in refused[0]
    # Somebody else is not.
    assert at_once(proxy, "/suche/?q=lesen", 5, "192.0.2.3") == {200: 5}


def flood(proxy: Proxy, path: str, times: int, client: str) -> list[str]:
    """Send requests, all at once, and return those answers that come within a moment."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{proxy_of.CLIENT_HEADER}: {client}\r\n\r\n".encode()
    sent: list[ssl.SSLSocket] = []
    answers: list[str] = []
    try:
        for _ in range(times):
            plain = socket.create_connection(("127.0.0.1", proxy.ports["https"]), 10)
            sent.append(proxy.trust.wrap_socket(plain, server_hostname="localhost"))
            sent[-1].sendall(request)
        time.sleep(0.5)
        for one in sent:
            one.settimeout(0.01)
            with contextlib.suppress(TimeoutError):
                answers.append(one.recv(8192).decode())
    finally:
        for one in sent:
            one.close()
    return answers


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:4::1", "2001:db8:1:3::1", False),
        ("2001:db8::1", "2001:db8::5:6:7:8", True),
        ("2001::5:6:7:8:9", "2001::5:ffff:7:8:9", True),
        ("2001::7:6:7:8:9", "2001::6:6:7:8:9", False),
        ("192.0.2.77", "192.0.2.78", False),
    ],
)
def test_half_an_address_of_ipv6_is_one_sender(proxy: Proxy, one: str, other: str, is_same: bool) -> None:
    sent = [proxy.get("/admin/login/", "POST", client=one).status for _ in range(7)]
    assert (sent[0], sent[-1]) == (200, 429)
    assert (proxy.get("/admin/login/", "POST", client=other).status == 429) is is_same
    assert "2001" not in proxy.log()


def test_idle_connections_keep_nobody_away(proxy: Proxy) -> None:
    idle: list[socket.socket] = []
    try:
        for _ in range(2500):
            idle.append(socket.create_connection(("127.0.0.1", proxy.ports["https"]), 10))
            # The first byte of a greeting: one that says nothing at all would be closed for the next.
            idle[-1].sendall(b"\x16")
        assert [proxy.get("/", client="192.0.2.9").status for _ in range(20)] == [200] * 20
    finally:
        for one in idle:
            one.close()


def test_the_admin_can_be_fenced(application: str) -> None:
    with proxy_of.running(application, ADMIN_ACCESS="allow 192.0.2.0/24; deny all;") as fenced:
        for path in ("/admin/", "/admin/login/", "/admin/password_reset/", "/_util/login/"):
            outside = fenced.get(path, client="203.0.113.5")
            assert outside.status == 403, path
            assert "von Ihrer Internetadresse aus nicht erreichbar" in outside.body
            assert fenced.get(path, client="192.0.2.20").status == 200
        assert fenced.get("/", client="203.0.113.5").status == 200
