"""A rebuild whose pages are read by several processes: the same index, and none of them outlives it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.processes.site import KillableSite, finish, kill, wait_for


def children(pid: int) -> list[int]:
    """Return the processes started by a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def readers(pid: int) -> list[int]:
    """Return the processes that read pages for a rebuild."""
    return [child for child in children(pid) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_running(pid: int) -> bool:
    """Return whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_reader_ends_the_rebuild_with_one_line_and_several_alive_build_the_same_index(
    site: KillableSite,
) -> None:
    before = dict(site.engine.fingerprints())
    rebuild = site.start("search_rebuild", "--processes", "2")
    wait_for(lambda: bool(readers(rebuild.pid)), rebuild)
    os.kill(readers(rebuild.pid)[0], signal.SIGKILL)
    output = rebuild.communicate(timeout=60)[0]
    assert rebuild.returncode != 0
    assert output.splitlines()[-1].startswith("CommandError: a process that read pages was ended from outside")
    assert dict(site.engine.fingerprints()) == before
    live = site.generations
    finish(site.start("search_rebuild", "--processes", "2"))
    assert not set(live) & set(site.generations)
    assert dict(site.engine.fingerprints()) == before
    site.assert_no_difference()


def test_readers_end_with_a_killed_rebuild(site: KillableSite) -> None:
    rebuild = site.start("search_rebuild", "--processes", "2")
    wait_for(lambda: bool(readers(rebuild.pid)), rebuild)
    left = readers(rebuild.pid)
    kill(rebuild)
    wait_for(lambda: not any(is_running(pid) for pid in left), seconds=30)
