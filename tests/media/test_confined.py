"""The process that reads files of strangers: what it could do if its reader were taken over, with `unshare` and without."""

from __future__ import annotations

import contextlib
import io
import json
import os
import platform
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test.utils import override_settings
from PIL import Image

from media import reading
from media.confined import landlock, run, seccomp, walls
from media.confined.run import Failure, Limits, UnavailableError
from media.extraction.outcome import Reason
from media.models import ExtractionStatus
from tests.attachments import add_file, pages, read
from tests.media import attacking
from tests.media.conftest import serving
from tests.states import ROOT

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock"),
]

SHORT = Limits(cpu=5, wall=10)


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


@pytest.mark.django_db
@pytest.mark.skipif({name for _, name in socket.if_nameindex()} == {"lo"}, reason="this machine has no network")
def test_what_cannot_be_confined_is_not_read_and_says_so(tmp_path: Path) -> None:
    document = add_file("Datei", "datei.pdf", pages("Ein Text"))
    with serving(tmp_path, "unshare,landlock") as reader, override_settings(READER=reader):
        assert done("say", b"whole") is Failure.UNCONFINED
        assert {"media.E001"} <= {str(message.id) for message in run_checks(include_deployment_checks=True)}
        reading.read_pending()
    document.refresh_from_db()
    assert (document.extraction_status, document.extraction_reason) == (ExtractionStatus.FAILED, Reason.UNCONFINED)
    assert "nicht abgeschirmt gelesen" in document.extraction_message
    assert document.file.storage.exists(document.file.name)
    # Where it can be confined, it is read after all.
    reading.ask_outdated()
    reading.read_pending()
    document.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.DONE


@pytest.mark.django_db
def test_a_file_waits_for_who_reads_it(tmp_path: Path) -> None:
    document = add_file("Datei", "datei.pdf", pages("Ein Text"))
    with override_settings(READER=f"unix:{tmp_path / 'nobody'}"):
        assert reading.read_pending() == 0
        assert reading.draw_first_page(document) == Reason.BUSY
    document.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.PENDING
    assert reading.read_pending() == 1


def test_in_a_container_without_landlock_nothing_is_written_and_reached(tmp_path: Path, site: tuple[Path, int]) -> None:
    """There a process can read what the container holds: the image, which anybody may have."""
    with serving(tmp_path, "landlock") as reader, override_settings(READER=reader):
        found = attacked(*site)
    assert {name.partition(" ")[0] for name in found["worked"]} <= {"read", "list"}


def test_no_wall_is_left_out() -> None:
    """Only in a container of its own Landlock may be missing; seccomp never."""
    limits = Limits()
    for prepared in (
        walls.Walls(None, seccomp.program()),
        walls.Walls(None, None, contained=True),
        walls.Walls(landlock.rules([]), None, contained=True),
    ):
        if (child := os.fork()) == 0:
            try:
                walls.enclose(prepared, limits)
            except OSError:
                os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_a_server_that_was_killed_is_started_again() -> None:
    assert done("say", b"one") == b"one"
    process = run._OWN._process
    assert process is not None
    process.kill()
    assert done("say", b"two") == b"two"


def test_processes_of_a_reader_end_with_who_asked(mode: str) -> None:
    asking = f"""
from django.conf import settings
from tempfile import TemporaryFile
settings.configure(READER={settings.READER!r})
from media.confined import run
file = TemporaryFile()
file.write(b"import time; time.sleep(60)")
run.run("tests.media.attacking:run_code", file)
"""
    before = _at_work()
    deadline = time.monotonic() + 20
    with subprocess.Popen([sys.executable, "-c", asking], cwd=ROOT, start_new_session=True) as asker:
        while not (begun := _at_work() - before) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert begun
        asker.kill()
    while begun & _at_work() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not begun & _at_work()


def _at_work() -> set[int]:
    """Return the confined processes that read on this machine: they may have no others."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            limits = (path / "limits").read_text()
            if b"media.confined.server" in (path / "cmdline").read_bytes() and _NO_PROCESSES.search(limits):
                found.add(int(path.name))
    return found


_NO_PROCESSES = re.compile(r"^Max processes +0 ", re.M)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_picture_of_every_format_is_read_without_threads(mode: str, format: str) -> None:
    packed = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 100, 50)).save(packed, format)
    found = read(packed.getvalue())
    assert (found.reason, found.facts.width, found.facts.height) == (Reason.PICTURE, 640, 480)


def test_nobody_there_is_not_the_fault_of_the_file(tmp_path: Path) -> None:
    with override_settings(READER=f"unix:{tmp_path / 'nobody'}"), pytest.raises(UnavailableError):
        done("say")


def test_operators_learn_that_files_cannot_be_read_confined(mode: str) -> None:
    def told() -> set[str]:
        found = {str(message.id) for message in run_checks(include_deployment_checks=True)}
        return {name for name in found if name.startswith("media.E")}

    assert told() == set()
    with override_settings(READER="unix:/nobody/is/there"):
        assert told() == {"media.E002"}
    with override_settings(READER="unconfined:"):
        assert told() == {"media.E003"}
    run.end()
