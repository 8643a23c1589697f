"""The services of docker-compose.yml without Docker: their commands as plain processes, their environment as the file says.

PostgreSQL and Elasticsearch are those of the other tests, the latter with indices of its own; nginx is Debian's, run by an
unprivileged user. What a container has and this machine has not (names of other services, ports, mounted folders) is put in
place of what the file says, and nothing else: see `Stack.here`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.compose import compose_file
from tests.elasticsearch import node
from tests.postgresql import migrated, server
from tests.states import ROOT

TEMPLATE = ROOT / "deploy" / "nginx" / "nginx.conf.template"
PAGES = TEMPLATE.parent / "pages"
CERTIFICATE = ROOT / "deploy" / "self-signed-certificate"
SECRETS = ROOT / "deploy" / "make-secrets"
START_SECONDS = 90

VALUES = {
    "ALLOWED_HOSTS": "localhost",
    "LOG_FORMAT": "json",
    # Nothing listens there: what is to be sent fails, as with any server that is down.
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "WEB_CONCURRENCY": "1",
    # By words only: the image has a model, this machine may have none.
    "EMBEDDINGS": "",
}
"""What an operator writes into .env."""


def missing() -> str | None:
    """Return why the services cannot run here, or None."""
    programs = [name for name in ("nginx", "envsubst", "openssl", "wget") if shutil.which(name) is None]
    if server.programs() is None:
        programs.append("postgresql")
    return f"not installed: {', '.join(programs)}" if programs else node.missing()


def _nobody() -> pwd.struct_passwd | None:
    """Return whom nginx is to be: never root."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


@dataclass
class Stack:
    """Running services."""

    folder: Path
    ports: dict[str, int]
    replaced: dict[str, str]
    services: dict[str, Any]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The volume `data`, with `media` and `static` in it."""
        return self.folder / "data"

    def here(self, text: str) -> str:
        """Return a value of the file with what is elsewhere on this machine."""
        if text in self.replaced:
            return self.replaced[text]
        for there, place in self.replaced.items():
            # Parts of addresses; whole values only of what could be part of something else.
            if ":" in there:
                text = text.replace(there, place)
        return text

    def environment(self, service: str) -> dict[str, str]:
        """Return the environment of a service: what image and file say, and where programs are."""
        image = compose_file.image_environment() if service != "proxy" else {}
        given = {name: str(value) for name, value in self.services[service]["environment"].items()}
        found = {name: self.here(value) for name, value in (image | given).items()}
        return {**found, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "LANG": "C.UTF-8"}

    def _arguments(self, command: list[str]) -> list[str]:
        return [self.here(argument) for argument in command]

    def log(self, service: str) -> str:
        """Return what a service has written so far."""
        return (self.folder / f"{service}.log").read_text(encoding="utf-8", errors="replace")

    def start(self, service: str) -> None:
        """Start the command of a service."""
        path = self.folder / f"{service}.log"
        path.touch()
        options: dict[str, Any] = {}
        user = _nobody() if service == "proxy" else None
        if user is not None:
            # It opens its log by name.
            os.chown(path, user.pw_uid, user.pw_gid)
            options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        with path.open("ab") as log:
            self.processes[service] = subprocess.Popen(
                self._arguments(self.services[service]["command"]),
                cwd=self.folder if service == "proxy" else ROOT,
                env=self.environment(service),
                stdout=log,
                stderr=subprocess.STDOUT,
                **options,
            )

    def is_healthy(self, service: str) -> bool:
        """Return what the health check of a service says."""
        kind, *command = self.services[service]["healthcheck"]["test"]
        assert kind == "CMD"
        done = subprocess.run(
            self._arguments(command), cwd=ROOT, env=self.environment(service), capture_output=True, check=False
        )
        return done.returncode == 0

    def wait(self, service: str, is_ready: Callable[[], bool] | None = None) -> None:
        """Wait until a service is healthy, or ready as the caller sees it. Raises RuntimeError when it is not in time."""
        is_ready = is_ready or (lambda: self.is_healthy(service))
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if self.processes[service].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{service} did not start:\n{self.log(service)[-4000:]}")
            time.sleep(0.1)

    def run(self, service: str) -> None:
        """Run a service that ends. Raises RuntimeError when it fails."""
        self.start(service)
        if self.processes.pop(service).wait(300):
            raise RuntimeError(f"{service} failed:\n{self.log(service)[-4000:]}")

    def stop(self, service: str) -> int:
        """Tell a service to end as Docker does; return its exit code."""
        process = self.processes.pop(service)
        process.terminate()
        try:
            return process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def step(self, name: str) -> str:
        """Run a function of tests/compose/steps.py in the environment of `web`; return what it printed."""
        return self._python("-c", f"import django; django.setup(); from tests.compose import steps; steps.{name}()")

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` in the environment of `web`; return what it printed."""
        return self._python("manage.py", *arguments)

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT, env=self.environment("web"), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{arguments[-1]} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout


def _free_ports(*names: str) -> dict[str, int]:
    with contextlib.ExitStack() as opened:
        probes = {name: opened.enter_context(socket.socket()) for name in names}
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in probes.items()}


def _proxy_folders(folder: Path) -> None:
    """Make what the proxy has mounted: template, pages, certificate, a folder to write to."""
    shutil.copy(TEMPLATE, folder)
    shutil.copytree(PAGES, folder / PAGES.name)
    subprocess.run([CERTIFICATE, "localhost", folder / "certificates"], check=True, capture_output=True)
    (folder / "run").mkdir()
    (folder / "reader").mkdir()
    user = _nobody()
    if user is not None:
        for path in (folder / "run", folder / "certificates", folder / "certificates" / "privkey.pem"):
            os.chown(path, user.pw_uid, user.pw_gid)


def _make_user(stack: Stack, database: str) -> None:
    """Have the site's own user made as the image of PostgreSQL has it done. Raises RuntimeError when that fails."""
    programs = server.programs()
    assert programs is not None
    address = urlsplit(database)
    done = subprocess.run(
        [ROOT / "deploy" / "postgresql" / "10-user.sh"],
        env={
            **stack.environment("db"),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": str(address.hostname),
            "PGPORT": str(address.port),
            "DATABASE_PASSWORD_FILE": str(stack.folder / "secrets" / "database-password"),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the site's user could not be made:\n{done.stderr}")


@contextlib.contextmanager
def running(search: str) -> Iterator[Stack]:
    """Run the database and yield the stack, none of its own services started yet.

    `search` is the address of Elasticsearch and the prefix of the site's indices there.
    """
    folder = Path(tempfile.mkdtemp(prefix="fundus-compose-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    # The proxy's user passes through.
    folder.chmod(0o755)
    ports = _free_ports("web", "http", "https")
    with contextlib.ExitStack() as opened:
        opened.callback(shutil.rmtree, folder, ignore_errors=True)
        database = opened.enter_context(server.running(superuser="postgres"))
        _proxy_folders(folder)
        subprocess.run([SECRETS, folder / "secrets"], check=True, capture_output=True)
        values = {**VALUES, "BASE_URL": f"https://localhost:{ports['https']}"}
        replaced = {
            "@db:5432/": f"@{database.partition('@')[2].partition('/')[0]}/",
            "@search:9200/fundus": f"@{search}",
            "http://web:8000": f"http://127.0.0.1:{ports['web']}",
            "--bind=0.0.0.0:8000": f"--bind=127.0.0.1:{ports['web']}",
            "http://127.0.0.1:8000/": f"http://127.0.0.1:{ports['web']}/",
            "http://127.0.0.1:8080/": f"http://127.0.0.1:{ports['http']}/",
            "--beat=/tmp/worker": f"--beat={folder}/run/worker",
            'test -n "$(find /tmp/worker -mmin -15)"': f'test -n "$(find {folder}/run/worker -mmin -15)"',
            "8080": str(ports["http"]),
            "8443": str(ports["https"]),
            "/etc/fundus/nginx.conf.template": str(folder / TEMPLATE.name),
            "/etc/fundus/pages": str(folder / PAGES.name),
            "/certificates": str(folder / "certificates"),
            "unix:/reader/socket": f"unix:{folder / 'reader' / 'socket'}",
            "/reader/socket": str(folder / "reader" / "socket"),
            "/data": str(folder / "data"),
            "/media": str(folder / "data" / "media"),
            "/static": str(folder / "data" / "static"),
            "/tmp": str(folder / "run"),
        }
        secrets = compose_file.load(values)["secrets"]
        replaced |= {f"/run/secrets/{name}": str(folder / "secrets" / name) for name in secrets}
        stack = Stack(folder, ports, replaced, compose_file.load(values)["services"])
        try:
            _make_user(stack, database)
            # As that user: what it may not do was refused when the state was made.
            migrated.load(database.replace("//postgres@", "//fundus@"))
            yield stack
        finally:
            for service in list(stack.processes):
                stack.stop(service)
