"""What the site is made of: images pinned by digest at a registry of the test's own, and the bill of the lock file."""

from __future__ import annotations

import hashlib
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from deploy import pin_images, sbom
from deploy.pin_images import Image, NotPinned, pins
from tests.compose import compose_file
from tests.states import ROOT

COMPOSE, DOCKERFILE = ((ROOT / name).read_text() for name in ("docker-compose.yml", "Dockerfile"))


class Registry(http.server.BaseHTTPRequestHandler):
    """A registry that gives a token to everybody and knows all images but those it is told not to."""

    lacking: ClassVar[set[str]] = set()
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self._send(200, {}, json.dumps({"token": "given"}).encode())

    def do_HEAD(self) -> None:
        if self.headers["Authorization"] != "Bearer given":
            address = f"http://127.0.0.1:{self.server.server_port}/token"
            self._send(401, {"WWW-Authenticate": f'Bearer realm="{address}",service="here",scope="pull"'})
            return
        self.asked.append(self.path)
        assert "application/vnd.oci.image.index.v1+json" in self.headers["Accept"]
        known = not any(name in self.path for name in self.lacking)
        self._send(200 if known else 404, {"Docker-Content-Digest": meant(self.path)} if known else {})

    def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def meant(path: str) -> str:
    return f"sha256:{hashlib.sha256(path.encode()).hexdigest()}"


@pytest.fixture
def addresses() -> Iterator[dict[str, str]]:
    """Where to ask: a registry of this test for all names."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield dict.fromkeys((pin_images.DEFAULT, "docker.elastic.co"), f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()
    Registry.lacking.clear()
    Registry.asked.clear()


def test_every_image_is_pinned_to_what_its_tag_means_now(addresses: dict[str, str], tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    path = tmp_path / "compose.pins.yml"
    path.write_text(pins(COMPOSE, DOCKERFILE, addresses))
    pinned = YAML(typ="safe").load(path)["services"]
    services = compose_file.load({"ALLOWED_HOSTS": "x", "BASE_URL": "https://x"})["services"]
    assert set(pinned) == set(services)
    for name, service in services.items():
        if "build" in service:
            found, written = pinned[name]["build"]["args"]["PYTHON_IMAGE"], service["build"]["args"]["PYTHON_IMAGE"]
        else:
            found, written = pinned[name]["image"], service["image"]
        assert re.fullmatch(rf"{re.escape(written)}@sha256:[0-9a-f]{{64}}", found), name
    assert pinned["db"]["image"] == f"postgres:17@{meant('/v2/library/postgres/manifests/17')}"
    assert sorted(Registry.asked) == sorted({*Registry.asked}), "each is asked once"


def test_an_image_that_a_registry_does_not_know_stops_it(addresses: dict[str, str]) -> None:
    Registry.lacking.add("postgres")
    with pytest.raises(NotPinned, match=r"^postgres:17: .*404"):
        pins(COMPOSE, DOCKERFILE, addresses)
    with pytest.raises(NotPinned, match=r"refused"):
        pins(COMPOSE, DOCKERFILE, dict.fromkeys(addresses, "http://127.0.0.1:9"))


def test_names_of_images_are_read_as_docker_reads_them() -> None:
    for text, registry, name, tag in (
        ("postgres:17", "docker.io", "library/postgres", "17"),
        ("grafana/grafana", "docker.io", "grafana/grafana", "latest"),
        ("localhost:5000/a/b:1", "localhost:5000", "a/b", "1"),
        (
            "docker.elastic.co/elasticsearch/elasticsearch:9.5.3",
            "docker.elastic.co",
            "elasticsearch/elasticsearch",
            "9.5.3",
        ),
    ):
        assert Image.read(text) == Image(registry, name, tag, text)


def test_the_bill_names_every_package_of_the_lock_with_its_hashes() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    bill = sbom.bill(lock, "fundus", "1")
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    versions = dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", lock, re.M))
    assert {component["name"]: component["version"] for component in bill["components"]} == versions
    hashes = [
        entry["content"]
        for part in bill["components"]
        for file in part["externalReferences"]
        for entry in file["hashes"]
    ]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert all(component["licenses"] for component in bill["components"] if component["name"].lower() == "django")
    assert bill == sbom.bill(lock, "fundus", "1"), "the same lock has the same bill"
