"""Both ways in which files are read by confined processes, and what these must not see."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test.utils import override_settings

from tests.states import ROOT


@contextlib.contextmanager
def serving(folder: Path, refused: str) -> Iterator[str]:
    """Run the service where the system refuses something, and yield the value of READER for it."""
    path = folder / "reader"
    command = [sys.executable, "-m", "tests.media.refusing", refused, "-E", "-s", "-B", "-m", "media.confined.server"]
    with subprocess.Popen([*command, str(path)], cwd=ROOT, env={"LANG": "C.UTF-8"}) as process:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                while probe.connect_ex(str(path)):
                    assert process.poll() is None
                    time.sleep(0.01)
            yield f"unix:{path}"
        finally:
            process.terminate()
        assert process.wait(10) == 0


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service as in a container by default: of the same user, without capabilities, `unshare` refused."""
    with serving(tmp_path_factory.mktemp("reader"), "unshare") as reader:
        yield reader


@pytest.fixture(params=["with unshare", "without unshare"])
def mode(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both ways in which files are read."""
    reader = "own:" if request.param == "with unshare" else request.getfixturevalue("service")
    with override_settings(READER=reader):
        yield request.param


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A data folder with secrets, and a server at a port and a path that nobody should reach."""
    (tmp_path / "media").mkdir()
    for name in ("db.sqlite3", "secret-key", "media/other.pdf"):
        (tmp_path / name).write_text("streng geheim")
    with socket.socket() as listener, socket.socket(socket.AF_UNIX) as local:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        local.bind(str(tmp_path / "socket"))
        local.listen()
        yield tmp_path, listener.getsockname()[1]
