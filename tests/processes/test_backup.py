"""`backup` as the operator runs it, and the site put up again from what it made, by the documented steps."""

from __future__ import annotations

import shutil
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from tests.processes.site import PUBLISH, KillableSite, finish

WITHDRAWN = "Weg vom Fingerrechnen: neun Wochen mit Zwanzigerfeld"
WITHDRAW = """
from people.due import withdraw
from people.models import Consent
withdraw(Consent.objects.filter(pages__page__slug="weg-vom-fingerrechnen").first())
"""


UPLOAD = """
from tests.published import add_document
add_document("Nachtrag", "nachtrag.pdf")
"""
LOG_IN = """
from accounts.models import Brake
from core.mails.mailing import notify
from core.models import User
from django.conf import settings
from django.test import Client
from django.utils import timezone
settings.ALLOWED_HOSTS, settings.SENDS_MAIL = ["testserver"], True
account = User.objects.get(username="redaktion")
Client().force_login(account)
Brake.objects.create(key="x", until=timezone.now())
notify(account, "Nachts", "Ein Text")
"""
GONE = ("accounts_accountsession", "accounts_brake", "core_outgoingmail")
"""Tables of what must not come back."""


def counts(site: Path) -> list[int]:
    """Return how many rows these tables have."""
    with closing(sqlite3.connect(site / "db.sqlite3")) as database:
        return [int(database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in GONE]


def ask(address: str) -> int:
    """Return the status of an answer."""
    try:
        with urllib.request.urlopen(address) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


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
    site = KillableSite(path)
    done = site.run("restore", str(backup))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the site may be started" in done.stdout
    site.assert_no_difference()
    return site


def test_a_site_comes_back_as_it_was_in_the_night(site: KillableSite, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    before = live_titles(site.path)
    assert site.run("backup", str(folder), "--keep", "2").returncode == 0
    finish(site.python(f"{PUBLISH}{UPLOAD}{LOG_IN}", "nachts", "2"))
    publisher = site.publisher("meanwhile", 4)
    second = site.run("backup", str(folder), "--keep", "2")
    finish(publisher)
    assert second.returncode == 0, second.stderr
    nights = sorted(path for path in folder.iterdir() if path.is_dir())
    assert second.stdout.startswith(str(nights[1]))
    after = live_titles(nights[1])
    assert after != before
    assert live_titles(nights[0]) == before
    # Somebody withdraws after the last backup: the name is in it, and the site put up from it shows nobody.
    finish(site.python(WITHDRAW))
    shutil.copy(site.path / "deletions.jsonl", folder)
    back = restored(nights[1], tmp_path / "back")
    assert all(counts(nights[1]))
    assert counts(back.path) == [0, 0, 0]
    with back.serve() as address:
        assert ask(f"{address}/bibliothek/weg-vom-fingerrechnen/") == 404
        assert ask(f"{address}/bibliothek/das-tafelbild-kommt-aufs-tablet/") == 200
    assert set(after) - set(live_titles(back.path)) == {WITHDRAWN}
    assert len(back.engine.ids()) > 30
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
