"""Files are read from editors only: what a stranger sends is refused at its first byte and kept nowhere."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.test import Client

from core.models import User
from library.models import LibraryIndexPage
from media.models import Document
from tests.attachments import pages
from visitors.models import BarrierReport
from visitors.sending import tokens


class Kept(AssertionError):
    """Something of a stranger's file was kept."""


@pytest.fixture
def keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail as soon as anybody keeps a part of a file."""

    def keep(self: object, raw_data: bytes, start: int) -> None:
        raise Kept

    for handler in (MemoryFileUploadHandler, TemporaryFileUploadHandler):
        monkeypatch.setattr(handler, "receive_data_chunk", keep)


@pytest.mark.parametrize("path", ["/barriere-melden/", "/admin/login/", "/admin/password_reset/"])
def test_a_strangers_file_is_refused(library: LibraryIndexPage, keeps_nothing: None, path: str) -> None:
    file = SimpleUploadedFile("gross.bin", b"x" * 60_000)
    response = Client().post(path, {"text": "Etwas geht nicht.", "datei": file})
    assert response.status_code == 400
    assert not BarrierReport.objects.exists()


@pytest.mark.parametrize("path", ["/barriere-melden/", "/admin/images/add/", "/suche/", "/"])
def test_no_part_of_a_strangers_file_is_kept_for_the_check_of_its_token(
    library: LibraryIndexPage, keeps_nothing: None, path: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    # With this cookie the body is looked through for the token that belongs to it.
    client.cookies["csrftoken"] = "x" * 32
    file = SimpleUploadedFile("gross.bin", b"x" * 60_000)
    assert client.post(path, {"text": "Etwas geht nicht.", "datei": file}).status_code == 400


def test_a_guest_with_a_login_sends_files_to_the_admin_only(library: LibraryIndexPage, keeps_nothing: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("gast"))
    file = SimpleUploadedFile("gross.bin", b"x" * 60_000)
    assert client.post("/barriere-melden/", {"text": "Etwas geht nicht.", "datei": file}).status_code == 400


def test_a_form_without_a_file_is_taken_in_either_encoding(library: LibraryIndexPage) -> None:
    fields = {"text": "Etwas geht nicht.", "token": tokens.issue("barrier", 60)}
    assert Client().post("/barriere-melden/", fields).status_code == 303
    assert BarrierReport.objects.count() == 1


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_an_editors_file_is_kept_small_or_large(admin_client: Client) -> None:
    for size in (1, 3_000_000):
        content = pages("Eins") + b"\n" * size
        file = SimpleUploadedFile("blatt.pdf", content)
        response = admin_client.post("/admin/documents/multiple/add/", {"title": "Blatt", "files[]": file})
        assert response.json()["success"]
        document = Document.objects.latest("pk")
        assert document.file_size == len(content)
