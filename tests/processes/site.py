"""A scratch site whose processes are killed: what the tests start there and ask it afterwards."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from search.engines.embedded.engine import EmbeddedEngine
from tests import scratch, states

PUBLISH = "import sys; from tests.processes.publisher import publish; publish(sys.argv[1], int(sys.argv[2]))"


_started: list[subprocess.Popen[str]] = []


def _remembered(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
    _started.append(process)
    return process


def kill_all() -> None:
    """Kill what a test that failed has left running."""
    while _started:
        process = _started.pop()
        if process.poll() is None:
            process.kill()
        with process:
            pass


class KillableSite(scratch.ScratchSite):
    """A scratch site with short words for what the tests do; what is started here never outlives its test."""

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `manage.py` with arguments and return the process."""
        return _remembered(super().start(*arguments, **environment))

    def python(self, code: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a Python process with Django set up on this site, running `code`."""
        return _remembered(super().python(code, *arguments))

    @property
    def engine(self) -> EmbeddedEngine:
        """The site's index, opened in this process."""
        return EmbeddedEngine(self.path / "index")

    @property
    def generations(self) -> list[str]:
        """Names of the index generations in the folder."""
        return sorted(path.name for path in (self.path / "index").glob("g-*"))

    def publisher(self, name: str, pages: int) -> subprocess.Popen[str]:
        """Start a process that publishes, edits, withdraws and deletes; it prints a line after each page."""
        return self.python(PUBLISH, name, str(pages))

    def count(self, condition: str = "1") -> int:
        """Return how many rows wait in the outbox."""
        with closing(sqlite3.connect(self.path / "db.sqlite3", timeout=20)) as database:
            found: int = database.execute(f"SELECT count(*) FROM search_outboxentry WHERE {condition}").fetchone()[0]
        return found

    def let_pass(self, seconds: int) -> None:
        """Do to the claims on rows of the outbox what so many seconds do."""
        with closing(sqlite3.connect(self.path / "db.sqlite3", timeout=20)) as database, database:
            earlier = f"strftime('%Y-%m-%d %H:%M:%f', claimed_until, '-{seconds} seconds')"
            database.execute(f"UPDATE search_outboxentry SET claimed_until = {earlier} WHERE claimed_until IS NOT NULL")

    def assert_no_difference(self) -> None:
        """Drain, then compare index and database."""
        # The checks of settings and models are a fifth of a short command, and looked at by others.
        done = self.run("search_verify", "--skip-checks")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "no difference" in done.stdout
        assert self.count() == 0


def fresh_site(path: Path, state: str = states.DEMO) -> KillableSite:
    """Return a sample site of its own below `path`."""
    return KillableSite(scratch.sample_site(path / "site", state).path)


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str] | None = None, seconds: float = 90) -> None:
    """Wait until `condition` holds; a process that ends before that is a failure."""
    deadline = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            pytest.fail(f"the process ended with code {process.returncode}:\n{process.communicate()[0]}")
        if time.monotonic() > deadline:
            pytest.fail(f"nothing happened within {seconds} s")
        time.sleep(0.01)


def worked(process: subprocess.Popen[str]) -> float:
    """Return how many seconds of the processor a running process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kill(process: subprocess.Popen[str]) -> str:
    """Kill a process as the system does when memory is short; return what it had printed."""
    process.kill()
    return process.communicate()[0]


def finish(process: subprocess.Popen[str], seconds: float = 600) -> str:
    """Wait for a process that must end well; return what it printed."""
    output = process.communicate(timeout=seconds)[0]
    assert process.returncode == 0, output
    return output
