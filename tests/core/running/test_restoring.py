"""Only a backup that is what its list says is put back, and never over what is there."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.running import manifest as lists
from core.running.backup import back_up
from core.running.restoring import RestoreFailed, occupied, opened, put_back, set_aside


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a small site."""
    database, media = tmp_path / "site" / "db.sqlite3", tmp_path / "site" / "media"
    (media / "documents").mkdir(parents=True)
    (media / "documents" / "a.pdf").write_text("a")
    with closing(sqlite3.connect(database)) as writer:
        writer.executescript("CREATE TABLE page (title TEXT); INSERT INTO page VALUES ('Eins');")
    return back_up(database, media, tmp_path / "backups").folder


def test_database_and_media_are_put_back_readable_for_their_owner_alone(backup: Path, tmp_path: Path) -> None:
    database, media = tmp_path / "new" / "db.sqlite3", tmp_path / "new" / "media"
    assert put_back(backup, opened(backup), database, media, (0o700, 0o600)) == 1
    with closing(sqlite3.connect(database)) as reader:
        assert reader.execute("SELECT title FROM page").fetchall() == [("Eins",)]
    assert (media / "documents" / "a.pdf").read_text() == "a"
    for path in (database, media, *media.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert sorted(path.name for path in database.parent.iterdir()) == ["db.sqlite3", "media"]


def altered(path: Path) -> None:
    path.chmod(0o600)
    path.write_text("b")


def listed(backup: Path, change: Callable[[dict[str, object]], object]) -> None:
    file = backup / lists.NAME
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda backup: altered(backup / "media" / "documents" / "a.pdf"), "a.pdf has changed"),
        (lambda backup: (backup / "media" / "documents" / "a.pdf").unlink(), "a.pdf is missing"),
        (lambda backup: (backup / "media" / "b").write_text(""), "media/b is not in the list"),
        (lambda backup: (backup / lists.NAME).unlink(), "No such file"),
        (lambda backup: (backup / lists.NAME).write_text("{}"), "cannot be read"),
        (lambda backup: listed(backup, lambda all: all.update(format=2)), "format 2 is not known"),
        (
            lambda backup: listed(backup, lambda all: all["files"].update({"../x": all["files"]["db.sqlite3"]})),
            "outside",
        ),  # type: ignore[attr-defined]
    ],
)
def test_a_backup_that_is_not_what_its_list_says_is_refused(
    backup: Path, harm: Callable[[Path], object], message: str
) -> None:
    opened(backup)
    harm(backup)
    with pytest.raises(RestoreFailed, match=message):
        opened(backup)


def test_what_is_there_is_set_aside_and_never_written_over(backup: Path, tmp_path: Path) -> None:
    database, media = tmp_path / "site" / "db.sqlite3", tmp_path / "site" / "media"
    (tmp_path / "site" / "db.sqlite3-wal").write_text("new")
    assert occupied(tmp_path / "none", tmp_path / "no-media") is None
    assert occupied(database, media) == database
    assert occupied(None, media) == media
    aside = set_aside(database, media)
    assert occupied(database, media) is None
    put_back(backup, opened(backup), database, media, (0o755, 0o644))
    assert sorted(path.name for path in aside.iterdir()) == ["db.sqlite3", "db.sqlite3-wal", "media"]
    assert not (tmp_path / "site" / "db.sqlite3-wal").exists(), "it belongs to the other database"
    assert stat.S_IMODE((media / "documents").stat().st_mode) == 0o755, "for a proxy that sends them"


def test_digests_of_linked_files_are_taken_over_and_those_of_others_made(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    digest_of = lists.digest_of
    monkeypatch.setattr(lists, "digest_of", lambda path: made.append(path.name) or digest_of(path))
    second = back_up(tmp_path / "site" / "db.sqlite3", tmp_path / "site" / "media", backup.parent).folder
    assert made == ["db.sqlite3"]
    assert lists.read_manifest(second).files.keys() == {"db.sqlite3", "media/documents/a.pdf"}
    os.utime(tmp_path / "site" / "media" / "documents" / "a.pdf", (1, 1))
    back_up(tmp_path / "site" / "db.sqlite3", tmp_path / "site" / "media", backup.parent)
    assert made.count("a.pdf") == 1
