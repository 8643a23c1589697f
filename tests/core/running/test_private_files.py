"""Files for their owner alone, also while they come to be, and when two make the same one."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.running import private_files


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_of_many_who_make_a_file_the_first_wins_and_all_read_its_content(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda number: private_files.first(path, lambda: b"%d" % number), range(64)))
    assert len(set(found)) == 1
    assert found[0]
    assert mode(path) == 0o600
    assert os.listdir(tmp_path) == ["key"]


def test_a_file_is_replaced_at_once_and_a_new_one_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("open for all")
    path.chmod(0o644)
    private_files.replace(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)
    with pytest.raises(FileExistsError):
        private_files.create(path)
