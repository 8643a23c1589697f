"""`backup` as the operator runs it, and the site put up again from what it made, by the documented steps."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.processes.site import KillableSite, finish


def live_titles(site: Path) -> list[str]:
    """Return the titles of all public pages in a folder with a database."""
    with closing(sqlite3.connect(site / "db.sqlite3")) as database:
        rows = database.execute("SELECT title FROM wagtailcore_page WHERE live ORDER BY id")
        return [title for (title,) in rows]


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restored(backup: Path, path: Path) -> KillableSite:
    """Put a site up from a backup in an empty folder."""
    path.mkdir()
    shutil.copy(backup / "db.sqlite3", path)
    shutil.copytree(backup / "media", path / "media")
    site = KillableSite(path)
    for command in ("migrate", "search_rebuild"):
        done = site.run(command)
        assert done.returncode == 0, done.stderr
    site.assert_no_difference()
    return site


def test_a_site_comes_back_as_it_was_in_the_night(site: KillableSite, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    before = live_titles(site.path)
    assert site.run("backup", str(folder), "--keep", "2").returncode == 0
    finish(site.publisher("nachts", 2))
    finish(site.python("from tests.published import add_document; add_document('Nachtrag', 'nachtrag.pdf')"))
    publisher = site.publisher("meanwhile", 4)
    second = site.run("backup", str(folder), "--keep", "2")
    finish(publisher)
    assert second.returncode == 0, second.stderr
    nights = sorted(folder.iterdir())
    assert second.stdout.startswith(str(nights[1]))
    after = live_titles(nights[1])
    assert after != before
    assert live_titles(nights[0]) == before
    back = restored(nights[1], tmp_path / "back")
    assert live_titles(back.path) == after
    assert len(back.engine.ids()) > 100
    assert [any("nachtrag" in name for name in files(place / "media")) for place in (nights[0], back.path)] == [
        False,
        True,
    ]


def test_what_cannot_be_done_ends_with_one_line(site: KillableSite, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments, reason in ((["file"], "File exists"), (["x", "--keep", "0"], "at least 1")):
        done = site.run("backup", str(tmp_path / arguments[0]), *arguments[1:])
        assert done.returncode != 0
        assert done.stderr.strip().splitlines()[-1].startswith("CommandError")
        assert reason in done.stderr
        assert "Traceback" not in done.stderr
