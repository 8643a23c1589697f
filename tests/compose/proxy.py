"""The proxy of docker-compose.yml alone, in front of whatever a test puts behind it: its command, its template, real nginx."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.compose import compose_file
from tests.compose.stack import VALUES, _free_ports, _nobody, _proxy_folders

CLIENT_HEADER = "X-Test-Client"
"""Names the address that a request is to come from."""

_TRUSTED = f"""http {{
    set_real_ip_from 127.0.0.1;
    real_ip_header {CLIENT_HEADER};
"""


@dataclass(frozen=True)
class Answer:
    """What a visitor gets; names of headers in small letters, each with all its values."""

    status: int
    headers: dict[str, list[str]]
    body: str


@dataclass(frozen=True)
class Proxy:
    """A running proxy."""

    folder: Path
    ports: dict[str, int]
    process: subprocess.Popen[bytes]

    @property
    def trust(self) -> ssl.SSLContext:
        """TLS that trusts its certificate."""
        return ssl.create_default_context(cafile=self.folder / "certificates" / "fullchain.pem")

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, client: str = "127.0.0.1", **headers: str
    ) -> Answer:
        """Ask as a client of some address."""
        connection = http.client.HTTPSConnection("localhost", self.ports["https"], context=self.trust, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {CLIENT_HEADER: client, **named})
            response = connection.getresponse()
            found: dict[str, list[str]] = {}
            for name, value in response.getheaders():
                found.setdefault(name.lower(), []).append(value)
            return Answer(response.status, found, response.read().decode(errors="replace"))
        finally:
            connection.close()

    def log(self) -> str:
        """Return what it has written so far."""
        return (self.folder / "proxy.log").read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running(application: str, **values: Any) -> Iterator[Proxy]:
    """Run it before an application; `values` are variables of its environment. Raises RuntimeError when it does not start."""
    folder = Path(tempfile.mkdtemp(prefix="fundus-proxy-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    folder.chmod(0o755)
    ports = _free_ports("http", "https")
    try:
        _proxy_folders(folder)
        template = folder / "nginx.conf.template"
        template.write_text(template.read_text().replace("http {\n", _TRUSTED, 1))
        address = {**VALUES, "BASE_URL": f"https://localhost:{ports['https']}"}
        service = compose_file.load(address)["services"]["proxy"]
        environment = {name: str(value) for name, value in service["environment"].items()} | {
            "TEMPLATE": str(template),
            "APPLICATION": application,
            "CERTIFICATE_DIR": str(folder / "certificates"),
            "HTTP_PORT": str(ports["http"]),
            "HTTPS_PORT": str(ports["https"]),
            "MEDIA_DIR": str(folder / "media"),
            "PAGES_DIR": str(folder / "pages"),
            "RUN_DIR": str(folder / "run"),
            "STATIC_DIR": str(folder / "static"),
            **values,
        }
        yield from _run(folder, ports, service["command"], environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, ports: dict[str, int], command: list[str], environment: dict[str, str]) -> Iterator[Proxy]:
    log = folder / "proxy.log"
    log.touch()
    options: dict[str, Any] = {}
    if (user := _nobody()) is not None:
        os.chown(log, user.pw_uid, user.pw_gid)
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with log.open("ab") as file:
        process = subprocess.Popen(
            command,
            cwd=folder, env={**environment, "PATH": os.environ["PATH"]}, stdout=file, stderr=subprocess.STDOUT, **options,
        )  # fmt: skip
    proxy = Proxy(folder, ports, process)
    try:
        deadline = time.monotonic() + 20
        while not _answers(ports["http"]):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the proxy did not start:\n{proxy.log()[-2000:]}")
            time.sleep(0.02)
        yield proxy
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/proxy/live")
        return connection.getresponse().status == 204
    except OSError:
        return False
    finally:
        connection.close()
