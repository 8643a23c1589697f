"""Sites of their own for tests that start processes: a folder with database, media, index and sample library.

The first test of a run that needs one builds the template (about a minute) behind a file lock; all
others, in every test process, get a copy of it, which takes a moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

COMMANDS = (
    ["migrate", "--verbosity", "0"],
    ["load_vocabularies"],
    ["load_synonyms"],
    ["setup_roles"],
    ["setup_site"],
    ["load_sample_library"],
    ["demo_login"],
)


@dataclass(frozen=True)
class ScratchSite:
    """A site in a folder of its own."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the project's commands work on this site."""
        clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BASE_URL"}}
        return {
            **clean,
            "FUNDUS_DATA_DIR": str(self.path),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LOG_LEVEL": "WARNING",
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `manage.py` with arguments and return the process."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` to its end; output and exit code are in the result."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=600,
        )

    def python(self, code: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a Python process with Django set up on this site, running `code`."""
        preface = "import django; django.setup()\n"
        return subprocess.Popen(
            [sys.executable, "-c", preface + code, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def login(self) -> tuple[str, str]:
        """User name and password of the demo's editor."""
        return "redaktion", (self.path / "demo-login").read_text().strip()

    @contextlib.contextmanager
    def serve(self) -> Iterator[str]:
        """Serve the site as `make serve` does, without the worker; yields its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "gunicorn"),
                *("--workers", "1", "--threads", "4", "--log-level", "warning", "--no-control-socket"),
                *("--bind", f"127.0.0.1:{port}", "config.wsgi"),
            ],
            cwd=ROOT,
            env={**self.environment, "BASE_URL": address},
            start_new_session=True,
        )
        try:
            _wait_for(address, server)
            yield address
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with code {server.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/robots.txt", timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not answer within 60 s")


def template(shared: Path) -> ScratchSite:
    """Return the template site below `shared`, building it when this is the first call of the run."""
    site = ScratchSite(shared / "template-site")
    with _locked(shared / "template-site.lock"):
        if not (site.path / "ready").exists():
            shutil.rmtree(site.path, ignore_errors=True)
            site.path.mkdir(parents=True)
            for command in COMMANDS:
                done = site.run(*command)
                if done.returncode:
                    raise RuntimeError(f"manage.py {' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
            (site.path / "ready").touch()
    return site


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock between test processes; it frees itself when its holder dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def copy(of: ScratchSite, to: Path) -> ScratchSite:
    """Return a copy of a site that nobody is writing to."""
    shutil.copytree(of.path, to, ignore=shutil.ignore_patterns("*.lock", "secret-key"), dirs_exist_ok=True)
    return ScratchSite(to)
