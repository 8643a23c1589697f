"""Every service of the compose file as a plain process: a site on PostgreSQL and Elasticsearch behind nginx."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from tests.compose import stack as stack_of
from tests.compose.stack import Stack
from tests.compose.steps import CONTENT, WAIT_SECONDS
from tests.processes.site import wait_for

pytestmark = [pytest.mark.elasticsearch, pytest.mark.postgresql]

PROXY_OWN = {"server", "date", "connection", "content-length", "accept-ranges", "last-modified"}
"""Headers that nginx makes itself; the last one must be equal all the same."""


@dataclass(frozen=True)
class Answer:
    """What a visitor gets; names of headers in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """The running site and what was published there."""

    stack: Stack
    addresses: dict[str, str]
    own_headers: dict[str, dict[str, str]]

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Ask the proxy, exactly for this path, with its certificate checked."""
        trusted = ssl.create_default_context(cafile=self.stack.folder / "certificates" / "fullchain.pem")
        connection = http.client.HTTPSConnection("localhost", self.stack.ports["https"], context=trusted, timeout=30)
        return _ask(connection, path, method, headers, body)


def _ask(
    connection: http.client.HTTPConnection, path: str, method: str, headers: dict[str, str], body: bytes | None = None
) -> Answer:
    try:
        connection.request(
            method, path, body, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """All services; ended as Docker would, and each ends well."""
    reason = stack_of.missing()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    elasticsearch = request.getfixturevalue("elasticsearch_module_config")
    host = elasticsearch.hosts[0].removeprefix("http://")
    with stack_of.running(f"{host}/{elasticsearch.prefix}") as stack:
        # Started in the order of `depends_on`, but not waited for one after the other.
        stack.start("reader")
        stack.run("setup")
        stack.start("web")
        stack.start("proxy")
        found = json.loads(stack.step("publish"))
        published = time.monotonic()
        time.sleep(max(0, WAIT_SECONDS - (time.monotonic() - published)))
        stack.start("worker")
        stack.wait("web")
        stack.wait("proxy")
        # A worker told to end while it still loads would not end well: its health check does not wait for that.
        stack.wait("worker", lambda: "worker: " in stack.log("worker"))
        yield Site(stack, found["addresses"], found["headers"])
        codes = {name: stack.stop(name) for name in ("proxy", "worker", "web", "reader")}
        assert codes == dict.fromkeys(codes, 0), stack.log("web")[-2000:]


def titles(site: Site, words: str) -> list[str]:
    answer = site.get(f"/api/v2/search/?q={quote(words)}")
    assert answer.status == 200, answer.body
    return [item["title"] for item in json.loads(answer.body)["items"]]


def test_the_home_page_comes_with_the_headers_of_the_application(site: Site) -> None:
    answer = site.get("/")
    assert answer.status == 200
    assert b"<h1" in answer.body
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["strict-transport-security"]
    assert "set-cookie" not in answer.headers


def test_without_tls_one_is_sent_on(site: Site) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", site.stack.ports["http"], timeout=30)
    answer = _ask(plain, "/suche/?q=a", "GET", {"Host": "other.example.org"})
    assert answer.status == 301
    assert answer.headers["location"] == f"https://localhost:{site.stack.ports['https']}/suche/?q=a"


def test_a_search_is_answered(site: Site) -> None:
    assert titles(site, "elefanten") == ["Die Elefantenhaltung"]
    answer = site.get("/suche/?q=elefanten")
    assert answer.status == 200
    assert "Elefantenhaltung" in re.sub("</?mark>", "", answer.body.decode())


def test_the_worker_publishes_on_time_and_the_page_is_found(site: Site) -> None:
    deadline = time.monotonic() + 30
    while titles(site, "nilpferde") != ["Die Nilpferdhaltung"]:
        assert time.monotonic() < deadline, site.stack.log("worker")
        time.sleep(0.2)
    site.stack.wait("worker")
    ready = site.get("/health/ready")
    assert (ready.status, json.loads(ready.body)["status"]) == (200, "ok")
    # Numbers are for those inside.
    assert {*json.loads(ready.body)["checks"]["search"]} == {"status"}


def test_an_attachment_is_read_by_the_service_for_it_and_found(site: Site) -> None:
    deadline = time.monotonic() + 30
    while titles(site, "rüsselpflege") != ["Die Elefantenhaltung"]:
        assert time.monotonic() < deadline, site.stack.log("worker") + site.stack.log("reader")
        time.sleep(0.2)


def test_static_files_are_sent_by_the_proxy(site: Site) -> None:
    path = re.search(r'href="(/static/css/[^"]+\.css)"', site.get("/").body.decode())
    assert path is not None
    stored = site.stack.data / path[1].lstrip("/")
    whole, packed = site.get(path[1]), site.get(path[1], Accept_Encoding="gzip")
    assert (whole.status, whole.body) == (200, stored.read_bytes())
    assert (packed.headers["content-encoding"], gzip.decompress(packed.body)) == ("gzip", whole.body)
    assert whole.headers["content-type"] == "text/css"
    assert whole.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert [line["application_seconds"] for line in log_lines(site, path[1], 2)] == ["", ""]
    assert site.get("/static/css/nothing.css").status == 404


@pytest.mark.parametrize("kind", ["document", "picture"])
def test_files_are_checked_by_the_application_and_sent_by_the_proxy(site: Site, kind: str) -> None:
    answer = site.get(site.addresses[kind])
    own = site.own_headers[kind]
    assert answer.status == 200
    assert (len(answer.body), answer.headers["content-length"]) == (int(own["content-length"]), own["content-length"])
    assert answer.headers["last-modified"] == own["last-modified"]
    assert answer.headers["accept-ranges"] == "bytes"
    here = {name: value for name, value in answer.headers.items() if name not in PROXY_OWN}
    there = {name: value for name, value in own.items() if name not in PROXY_OWN}
    assert here == there
    assert "x-accel-redirect" not in answer.headers


def test_a_document_comes_whole_in_parts_or_not_again(site: Site) -> None:
    path = site.addresses["document"]
    whole = site.get(path)
    assert whole.body == CONTENT
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    assert site.get(path, "HEAD").headers["content-length"] == str(len(CONTENT))
    assert (site.get(path, If_None_Match=tag).status, site.get(path, If_Modified_Since=date).status) == (304, 304)
    assert site.get(path, If_None_Match='"another"').body == CONTENT
    assert site.get(path, If_Match=tag).body == CONTENT
    assert site.get(path, If_Match='"another"').status == 412
    for headers in ({"Range": "bytes=9-18"}, {"Range": "bytes=9-18", "If_Range": tag}):
        part = site.get(path, **headers)
        assert (part.status, part.body) == (206, CONTENT[9:19])
        assert part.headers["content-range"] == f"bytes 9-18/{len(CONTENT)}"
        assert part.headers["content-security-policy"] == "default-src 'none'"
    assert site.get(path, Range="bytes=9-18", If_Range='"another"').body == CONTENT
    assert site.get(path, Range="bytes=99999-").status == 416


def test_what_is_not_public_is_refused(site: Site) -> None:
    for kind, status in (("draft", 404), ("locked", 302), ("draft_picture", 404)):
        for headers in ({}, {"Range": "bytes=0-3"}, {"If_None_Match": "*"}):
            answer = site.get(site.addresses[kind], **headers)
            assert (kind, answer.status) == (kind, status)
            assert b"%PDF" not in answer.body
            assert "no-store" in answer.headers.get("cache-control", "no-store")


def test_no_address_leads_into_the_folders(site: Site) -> None:
    name = site.addresses["document_file"]
    assert (site.stack.data / "media" / name).is_file()
    name = quote(name)
    for path in (
        f"/_protected/{name}",
        "/_protected/",
        f"/media/{name}",
        f"/media/images/../{name}",
        f"/media/images/..%2f{name}",
        f"/static/../media/{name}",
        f"/static../media/{name}",
        f"/static/..%2fmedia/{name}",
        f"/static/%2e%2e/media/{name}",
        f"/documents/../_protected/{name}",
        "/static/staticfiles.json/../../query-counts/",
        "/static/",
    ):
        answer = site.get(path, X_Accel_Redirect=f"/_protected/{name}")
        assert answer.status in (400, 403, 404), path
        assert b"%PDF" not in answer.body, path


def test_who_tries_passwords_and_then_who_sends_forms_is_slowed_down_and_nobody_else_is(site: Site) -> None:
    tried = [site.get(path, "POST") for path in ["/admin/login/", "/_util/authenticate_with_password/1/2/"] * 6]
    # Without a token the application refuses; it is asked only a few times.
    assert [answer.status for answer in tried[:3]] == [403, 403, 403]
    assert [answer.status for answer in tried[-3:]] == [429, 429, 429]
    refused = tried[-1]
    assert (refused.headers["content-type"], refused.headers["retry-after"]) == ("text/html; charset=utf-8", "60")
    assert "Bitte warten Sie" in refused.body.decode()
    assert site.get("//admin/%6Cogin/", "POST").status in (404, 429)
    assert site.get("/admin/login/").status == 200
    assert site.get("/barriere-melden/", "POST", Origin="https://elsewhere.example").status == 403
    assert titles(site, "elefanten") == ["Die Elefantenhaltung"]
    elsewhere = {"Origin": "https://elsewhere.example"}
    sent = [site.get(path, "POST", **elsewhere).status for path in ["/suche/fehlt/", "/barriere-melden/"] * 8]
    assert (sent[0], sent[-1]) == (403, 429)
    assert site.get("/barriere-melden/").status == 200


@pytest.mark.parametrize("path", ["/suche/", "/barriere-melden/", "/admin/login/", "/admin/password_reset/"])
def test_strangers_cannot_send_much(site: Site, path: str) -> None:
    refused = site.get(path, "POST", b"x" * 65_537)
    assert refused.status == 413
    assert "Das ist zu viel auf einmal" in refused.body.decode()


def test_an_editor_can(site: Site) -> None:
    cookie = f"__Host-sessionid={json.loads(site.stack.step('log_in'))}"
    origin = f"https://localhost:{site.stack.ports['https']}"
    form = site.get("/admin/documents/multiple/add/", Cookie=cookie)
    token = re.search(r"__Host-csrftoken=(\w+)", form.headers["set-cookie"])
    assert token is not None
    content = b"%PDF-1.7\n" + b"x" * 5_000_000
    head = '--grenze\r\nContent-Disposition: form-data; name="files[]"; filename="gross.pdf"\r\n\r\n'
    headers = {
        "Cookie": f"{cookie}; __Host-csrftoken={token[1]}",
        "X_CSRFToken": token[1],
        "Referer": origin,
        "Content_Type": "multipart/form-data; boundary=grenze",
    }
    answer = site.get(
        "/admin/documents/multiple/add/", "POST", head.encode() + content + b"\r\n--grenze--\r\n", **headers
    )
    assert (answer.status, json.loads(answer.body)["success"]) == (200, True)
    # The same from somebody without a login.
    headers["Cookie"] = f"__Host-csrftoken={token[1]}"
    assert site.get("/admin/documents/multiple/add/", "POST", head.encode() + content, **headers).status == 413


def log_lines(site: Site, path: str, count: int) -> list[dict[str, Any]]:
    """The lines of the proxy about `path`, once `count` are there: it writes them after the answer."""
    wait_for(lambda: len(written_lines(site, path)) >= count, seconds=10)
    return written_lines(site, path)


def written_lines(site: Site, path: str) -> list[dict[str, Any]]:
    # Beside them are nginx's own words, such as that a certificate names nobody who says whether it still holds.
    lines = [json.loads(line) for line in site.stack.log("proxy").splitlines() if line.startswith("{")]
    return [line for line in lines if line["path"] == path]


def test_no_log_holds_the_link_to_a_new_password_or_a_signed_link(site: Site) -> None:
    for path in (
        "/link/withdraw/geheim-token/",
        "/admin/password_reset/confirm/MQ/geheim-token/",
        "//admin/password%5Freset/confirm/MQ/geheim-token/",
    ):
        site.get(path)
    log_lines(site, "/admin/password_reset/confirm/***", 2)
    log_lines(site, "/link/withdraw/***", 1)
    for service in ("proxy", "web"):
        assert "geheim-token" not in site.stack.log(service)


def test_logs_name_no_visitor_and_no_search(site: Site) -> None:
    earlier = len(written_lines(site, "/suche/"))
    site.get("/suche/?q=vertraulich", User_Agent="Vertraulicher Browser", Referer="https://vertraulich.example.org/")
    line = log_lines(site, "/suche/", earlier + 1)[-1]
    assert line.keys() == {
        "time",
        "logger",
        "method",
        "path",
        "status",
        "bytes",
        "seconds",
        "application_seconds",
    }
    assert line["status"] == 200
    for service in ("proxy", "web"):
        log = site.stack.log(service)
        assert "127.0.0.1" not in log.replace(f"http://127.0.0.1:{site.stack.ports['web']}", "")
        assert "vertraulich" not in log.lower()
