"""A backup is whole or not there, private, cheap to repeat; and a site can be put up again from it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.running import backup as module
from core.running.backup import BackupFailed, back_up, backups


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """A database in the way the site keeps it, with a writer that has not put everything into the file yet."""
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as writer:
        writer.executescript("PRAGMA journal_mode = WAL; CREATE TABLE page (title TEXT);")
        add(path, "Eins")
        yield path


def add(database: Path, title: str) -> None:
    with closing(sqlite3.connect(database)) as writer, writer:
        writer.execute("INSERT INTO page VALUES (?)", [title])


def titles(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as reader:
        return [title for (title,) in reader.execute("SELECT title FROM page ORDER BY rowid")]


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A media folder with a file in a folder."""
    folder = tmp_path / "media"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "a.pdf").write_text("a")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the backups go; not there yet."""
    return tmp_path / "nightly" / "backups"


def test_a_backup_holds_database_and_media_as_they_are(database: Path, media: Path, folder: Path) -> None:
    copied = back_up(database, media, folder)
    assert titles(copied.folder / "db.sqlite3") == ["Eins"]
    assert (copied.folder / "media" / "documents" / "a.pdf").read_text() == "a"
    assert (copied.files, copied.new_files) == (1, 1)
    assert sorted(path.name for path in copied.folder.iterdir()) == ["db.sqlite3", "manifest.json", "media"]
    assert [path.name for path in folder.iterdir()] == [copied.folder.name]


def test_nobody_else_may_read_it_whatever_the_umask(database: Path, media: Path, folder: Path) -> None:
    before = os.umask(0)
    try:
        copied = back_up(database, media, folder)
    finally:
        os.umask(before)
    for path in (folder, copied.folder, *copied.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_each_night_is_one_more_and_the_one_before_stays(database: Path, media: Path, folder: Path) -> None:
    first = back_up(database, media, folder).folder
    add(database, "Zwei")
    (media / "b.png").write_text("b")
    (media / "documents" / "a.pdf").unlink()
    second = back_up(database, media, folder).folder
    assert backups(folder) == [first, second]
    assert (titles(first / "db.sqlite3"), titles(second / "db.sqlite3")) == (["Eins"], ["Eins", "Zwei"])
    assert not (first / "media" / "b.png").exists()
    assert not (second / "media" / "documents" / "a.pdf").exists()


def test_what_did_not_change_takes_no_room_and_what_did_changes_one_backup_alone(
    database: Path, media: Path, folder: Path
) -> None:
    (media / "b.png").write_text("b")
    first = back_up(database, media, folder).folder / "media"
    (media / "b.png").write_text("besser")
    copied = back_up(database, media, folder)
    second = copied.folder / "media"
    assert (copied.files, copied.new_files) == (2, 1)
    assert (second / "documents" / "a.pdf").samefile(first / "documents" / "a.pdf")
    assert ((first / "b.png").read_text(), (second / "b.png").read_text()) == ("b", "besser")


def test_only_the_newest_are_kept_and_nothing_else_is_touched(database: Path, media: Path, folder: Path) -> None:
    (folder / "20200101-000000").mkdir(parents=True)
    (folder / "20200101-000000" / "db.sqlite3").write_text("old")
    (folder / "notes").mkdir()
    made = [back_up(database, media, folder, keep=2).folder for _ in range(3)]
    assert backups(folder) == made[1:]
    assert {path.name for path in folder.iterdir()} == {"notes", *(path.name for path in made[1:])}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_stops_a_backup_leaves_those_before_it_and_nothing_else(
    database: Path, media: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    first = back_up(database, media, folder).folder

    def stop(*arguments: object) -> int:
        raise error

    monkeypatch.setattr(module, "_copy_database", stop)
    with pytest.raises(BackupFailed if isinstance(error, OSError) else KeyboardInterrupt):
        back_up(database, media, folder, keep=1)
    assert list(folder.iterdir()) == [first]


def test_what_a_killed_backup_left_is_removed_by_the_next(database: Path, media: Path, folder: Path) -> None:
    (folder / ".partial" / "media").mkdir(parents=True)
    (folder / ".partial" / "media" / "half").write_text("half")
    copied = back_up(database, media, folder)
    assert [path.name for path in folder.iterdir()] == [copied.folder.name]
    assert not (copied.folder / "media" / "half").exists()


def test_a_damaged_database_is_no_backup(database: Path, media: Path, folder: Path) -> None:
    with closing(sqlite3.connect(database)) as writer:
        writer.executescript("INSERT INTO page SELECT hex(randomblob(5000)) FROM (VALUES (1), (2), (3), (4), (5));")
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    content[2 * 4096 : 3 * 4096] = b"\xff" * 4096
    database.write_bytes(content)
    with pytest.raises(BackupFailed, match="database"):
        back_up(database, media, folder)
    assert list(folder.iterdir()) == []


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, media: Path, folder: Path) -> None:
    with pytest.raises(BackupFailed, match="unable to open"):
        back_up(tmp_path / "nothing.sqlite3", media, folder)
    assert not (tmp_path / "nothing.sqlite3").exists()


def test_a_site_without_media_has_a_backup(database: Path, tmp_path: Path, folder: Path) -> None:
    assert back_up(database, tmp_path / "nothing", folder).files == 0


def test_two_at_once_do_not_meet(database: Path, media: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    other = os.open(folder, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    with pytest.raises(BackupFailed, match="another backup"):
        back_up(database, media, folder)
    os.close(other)
    back_up(database, media, folder)


def test_a_backup_within_the_media_is_refused(database: Path, media: Path) -> None:
    with pytest.raises(BackupFailed, match="hold itself"):
        back_up(database, media, media / "backup")


def test_a_file_that_is_written_or_deleted_meanwhile_fits_the_database(
    database: Path, media: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (media / "upload").write_text("hal")
    real = module._copy_database

    def meanwhile(source: Path, target: Path) -> int:
        (media / "upload").write_text("halb und ganz")
        (media / "new").write_text("new")
        size = real(source, target)
        shutil.rmtree(media / "documents")
        return size

    monkeypatch.setattr(module, "_copy_database", meanwhile)
    copied = back_up(database, media, folder)
    found = {path.name: path.read_text() for path in (copied.folder / "media").rglob("*") if path.is_file()}
    assert found == {"upload": "halb und ganz", "new": "new", "a.pdf": "a"}


def test_the_list_of_deletions_lies_beside_the_backups_and_only_grows(
    database: Path, media: Path, folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "deletions.jsonl"
    own.write_text("eins\nhalb")
    first = back_up(database, media, folder, beside=own).folder
    own.write_text("zwei\n")
    second = back_up(database, media, folder, beside=own).folder
    kept = folder / "deletions.jsonl"
    assert kept.read_text() == "eins\nzwei\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert backups(folder) == [first, second]
    assert not (second / "deletions.jsonl").exists()
