"""The lock between processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.running.locks import LockTimeout, file_lock, is_locked

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "some.lock"


def test_second_holder_times_out(path: Path) -> None:
    with file_lock(path, 1):
        started = time.monotonic()
        with pytest.raises(LockTimeout, match=r"some\.lock is held by another process"), file_lock(path, 0.1):
            pytest.fail("both hold it")
        assert 0.1 <= time.monotonic() - started < 2


def test_lock_is_free_after_the_block_and_after_an_error(path: Path) -> None:
    with pytest.raises(RuntimeError), file_lock(path, 1):
        raise RuntimeError
    assert not is_locked(path)


def test_asking_does_not_take_the_lock(path: Path) -> None:
    with file_lock(path, 1):
        assert is_locked(path)
        assert is_locked(path)
    assert not is_locked(path)
    with file_lock(path, 0):
        pass


def test_waiting_holder_gets_the_lock(path: Path) -> None:
    got = threading.Event()

    def wait() -> None:
        with file_lock(path, 10):
            got.set()

    with file_lock(path, 1):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not got.wait(0.1)
    assert got.wait(5)
    thread.join()


def test_killed_holder_frees_the_lock(path: Path) -> None:
    path.parent.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_locked(path)
        holder.kill()
        holder.wait()
    with file_lock(path, 1):
        pass
