"""The process that reads files of strangers: what it could do if its reader were taken over, with `unshare` and without."""

from __future__ import annotations

import json
import os
import platform
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test.utils import override_settings

from media.confined import landlock, run, seccomp, server, walls
from media.confined.run import Failure, Limits, UnavailableError
from tests.media import attacking
from tests.states import ROOT

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock"),
]

SHORT = Limits(cpu=5, wall=10)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service as in a container by default: of the same user, without capabilities, `unshare` refused."""
    path = tmp_path_factory.mktemp("reader") / "socket"
    command = [sys.executable, "-m", "tests.media.refusing", "-E", "-s", "-B", "-m", "media.confined.server", str(path)]
    with subprocess.Popen(command, cwd=ROOT, env={"LANG": "C.UTF-8"}) as process:
        while not path.exists():
            assert process.poll() is None
            time.sleep(0.01)
        yield f"unix:{path}"
        process.terminate()
        assert process.wait(10) == 0


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


def done(function: str, content: bytes = b"", *arguments: str, limits: Limits = SHORT) -> bytes | Failure:
    with TemporaryFile() as file:
        file.write(content)
        return run.run(f"tests.media.attacking:{function}", file, *arguments, limits=limits)


def attacked(folder: Path, port: int) -> dict[str, Any]:
    answer = done("attack", b"x", str(folder), str(os.getpid()), str(port))
    assert isinstance(answer, bytes), answer
    found: dict[str, Any] = json.loads(answer)
    return found


def test_a_reader_that_was_taken_over_reads_writes_and_reaches_nothing(mode: str, site: tuple[Path, int]) -> None:
    folder, port = site
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    found = attacked(folder, port)
    assert found["tried"] > 80
    assert found["worked"] == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_without_walls_the_same_attack_succeeds(site: tuple[Path, int]) -> None:
    """What is tried does harm where nothing stands in its way: else the test above would show nothing."""
    folder, port = site
    with override_settings(READER="unconfined:"):
        worked = attacked(folder, port)["worked"]
    for path in ("/tmp/new", "/dev/shm/new"):
        Path(path).unlink(missing_ok=True)
    assert {"read /etc/passwd", "memory as a file", "a pipe", "write /tmp/new", "a pair of sockets", "list /"} <= {
        *worked
    }
    assert len(worked) > 20


@pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of system calls are those of x86_64")
def test_no_other_system_call_exists(mode: str) -> None:
    assert json.loads(done("call_everything")) == []
    # ptrace, io_uring_setup, bpf, process_vm_readv, keyctl: here they exist, and are not there.
    dangerous = [101, 425, 321, 310, 250]
    assert [number for number in dangerous if attacking.exists(number)]
    assert json.loads(done("calls", b"", *map(str, dangerous))) == []


def test_limits_end_what_takes_too_much(mode: str) -> None:
    assert done("run_code", b"x = b'x' * 900_000_000", limits=Limits(memory=500_000_000)) is Failure.OUT_OF_MEMORY
    assert done("run_code", b"while True: pass", limits=Limits(cpu=1)) is Failure.TOO_SLOW
    assert done("run_code", b"import time; time.sleep(9)", limits=Limits(wall=0.1)) is Failure.TOO_SLOW
    assert done("say", b"x" * 2_000, limits=Limits(written=1_000)) is Failure.CRASHED
    assert done("run_code", b"import os; os._exit(0)") == b""
    assert done("run_code", b"import os; os.abort()") is Failure.CRASHED
    assert done("say", b"whole") == b"whole"


def test_the_file_is_passed_from_its_beginning_and_to_be_read_only(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one two")
    with path.open("r+b") as file:
        file.read(4)
        assert run.run("tests.media.attacking:say", file) == b"one two"
        assert run.run("tests.media.attacking:run_code", file) is Failure.CRASHED
        assert file.tell() == 4
    assert path.read_bytes() == b"one two"


def test_what_cannot_be_confined_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither wall may be missing; only in a container of its own Landlock may be, never seccomp."""

    def exit_code(prepared: walls.Walls) -> int:
        with TemporaryFile() as file:
            read, write = socket.socketpair()
            with read, write:
                order = server.Order(SHORT, "tests.media.attacking:say")
                pid = server._begun(order, [file.fileno()] * 3, write, prepared)
                os.waitpid(pid, 0)
                write.close()
                return int(json.loads(read.recv(100))["code"])

    filter = seccomp.program()
    assert exit_code(walls.Walls(None, filter)) == server.UNCONFINED
    assert exit_code(walls.Walls(landlock.rules([]), None)) == server.UNCONFINED
    assert exit_code(walls.Walls(None, None, contained=True)) == server.UNCONFINED
    assert exit_code(walls.Walls(None, filter, contained=True)) == 0
    assert exit_code(walls.Walls(landlock.rules([]), filter)) == 0


def test_a_server_that_was_killed_is_started_again() -> None:
    assert done("say", b"one") == b"one"
    process = run._OWN._process
    assert process is not None
    process.kill()
    assert done("say", b"two") == b"two"


def test_processes_of_a_reader_end_with_who_asked(mode: str) -> None:
    code = "import time; time.sleep(60)"
    asking = (
        "import os, django; from django.conf import settings; from tempfile import TemporaryFile; django.setup()\n"
        "from media.confined import run\nfile = TemporaryFile(); file.write(%r)\nprint('asks', flush=True)\n"
        "run.run('tests.media.attacking:run_code', file)" % code.encode()
    )
    from django.conf import settings

    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "READER": settings.READER}
    with subprocess.Popen([sys.executable, "-c", asking], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as asker:
        assert asker.stdout is not None
        asker.stdout.readline()
        deadline = time.monotonic() + 10
        while not _at_work() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert _at_work()
        asker.kill()
    while _at_work() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _at_work()


def _at_work() -> bool:
    """Return whether there is a confined process on this machine that reads for us: it may have no others."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            limits = (path / "limits").read_text()
            if b"media.confined.server" in (path / "cmdline").read_bytes() and _NO_PROCESSES.search(limits):
                return True
        except OSError:
            continue
    return False


_NO_PROCESSES = re.compile(r"^Max processes +0 ", re.M)


def test_nobody_there_is_not_the_fault_of_the_file(tmp_path: Path) -> None:
    with override_settings(READER=f"unix:{tmp_path / 'nobody'}"), pytest.raises(UnavailableError):
        done("say")


def test_operators_learn_that_files_cannot_be_read_confined(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> set[str]:
        found = {str(message.id) for message in run_checks(include_deployment_checks=True)}
        return {name for name in found if name.startswith("media.E")}

    assert told() == set()
    monkeypatch.setattr("media.checks.run", lambda *args: Failure.UNCONFINED)
    assert told() == {"media.E001"}
    monkeypatch.undo()
    with override_settings(READER="unix:/nobody/is/there"):
        assert told() == {"media.E002"}
    with override_settings(READER="unconfined:"):
        assert told() == {"media.E003"}
    run.end()
