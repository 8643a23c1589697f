"""Sites of their own for tests that start processes: a folder with database, media, index and sample library."""

from __future__ import annotations

import contextlib
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

from tests import states
from tests.states import ROOT


@dataclass(frozen=True)
class ScratchSite:
    """A site in a folder of its own."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the project's commands work on this site."""
        return states.environment(self.path)

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
    def serve(self, **environment: str) -> Iterator[str]:
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
            env={**self.environment, "BASE_URL": address, **environment},
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


def sample_site(path: Path, state: str = states.DEMO) -> ScratchSite:
    """Return a site with sample library, roles, login and index in the folder `path`."""
    states.copy(state, path)
    return ScratchSite(path)


def copy(of: ScratchSite, to: Path) -> ScratchSite:
    """Return a copy of a site that nobody is writing to."""
    shutil.copytree(of.path, to, ignore=shutil.ignore_patterns("*.lock", "secret-key"))
    return ScratchSite(to)
