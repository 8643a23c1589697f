"""A disk that is full or read-only: what is read is answered, what is sent is not said to be kept, uploads stop in time."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from wagtail.models import Collection

from config.sqlite import Connection
from config.storage import Media
from core.running import room
from core.running.room import is_out_of_room
from library.models import LibraryIndexPage
from tests.states import ROOT

pytestmark = pytest.mark.django_db


@contextmanager
def pragma(name: str, during: object, after: object) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name} = {during}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA {name} = {after}")


def test_a_readonly_database_answers_readers_and_refuses_editors_in_german(
    library: LibraryIndexPage, admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with pragma("query_only", 1, 0):
        assert Client().get("/bibliothek/").status_code == 200
        refused = admin_client.post(
            "/admin/collections/add/", {"name": "Neu", "parent": Collection.get_first_root_node().pk}
        )
    assert (refused.status_code, refused["Retry-After"]) == (503, "300")
    assert "nicht gespeichert" in refused.content.decode()
    assert [(record.message, record.exc_info) for record in caplog.records if record.name == "config.http.storing"] == [
        ("nothing can be stored: attempt to write a readonly database", None)
    ]


def test_what_sqlite_and_the_system_say_of_a_full_disk_is_known() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
    with pragma("max_page_count", pages, 2**31), pytest.raises(OperationalError) as database:
        connection.cursor().execute("CREATE TABLE large AS SELECT zeroblob(1000000)")
    with pytest.raises(OSError, match="No space") as system:
        Path("/dev/full").write_bytes(b"x")
    assert is_out_of_room(database.value)
    assert is_out_of_room(system.value)
    assert not is_out_of_room(OperationalError("no such table: x"))
    assert not is_out_of_room(FileNotFoundError(errno.ENOENT, "gone"))


def test_uploads_stop_while_there_is_room_for_the_database(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(room, "LEAST_BYTES", 2**60)
    with pytest.raises(OSError, match="no room"):
        Media(location=tmp_path / "media").save("blatt.pdf", ContentFile(b"x"))
    assert list((tmp_path / "media").iterdir()) == []
    file = SimpleUploadedFile("voll.pdf", b"%PDF-1.7 voll")
    response = admin_client.post("/admin/documents/multiple/add/", {"title": "Voll", "files[]": file})
    assert response.status_code == 503


READ = """
import os, sys
import django
from django.conf import settings
django.setup()
from django.test import Client
from wagtail.models import Collection
print([Client(headers={"host": "localhost"}).get(path).status_code for path in ("/health/live", "/robots.txt")])
from vocabularies.models import Concept
print(Concept.objects.exists(), Client(headers={"host": "localhost"}).get("/health/ready").json()["checks"]["disk"])
"""


@pytest.mark.services
def test_a_database_on_a_volume_that_is_full_to_the_last_byte_is_read(tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", volume], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        with closing(sqlite3.connect(volume / "db")) as database:
            database.executescript("PRAGMA journal_mode = WAL; CREATE TABLE page (title); INSERT INTO page VALUES (1);")
        with (volume / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(b"x" * 4096)
        for _ in range(2):
            with closing(Connection(str(volume / "db"), uri=True)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                assert database.execute("SELECT count(*) FROM page").fetchone() == (1,)
                with pytest.raises(sqlite3.OperationalError, match="readonly database"):
                    database.execute("DELETE FROM page")
        (volume / "filler").unlink()
        with closing(Connection(str(volume / "db"), uri=True)) as database, database:
            database.execute("DELETE FROM page")
    finally:
        subprocess.run(["umount", "--lazy", volume], check=False)


@pytest.mark.services
def test_a_database_on_a_readonly_volume_is_read(tmp_path: Path) -> None:
    from tests import states

    states.copy(states.BASE, tmp_path / "site")
    script = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path} && exec {sys.executable} -c '{READ}'"
    environment = {**states.environment(tmp_path / "site"), "SECRET_KEY": "x" * 50}
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", script],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-2:] == ["[200, 200]", "True {'status': 'read-only'}"], done.stderr
