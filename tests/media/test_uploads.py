"""Pictures and documents as editors upload them: what is broken or too large is refused and leaves nothing behind."""

from __future__ import annotations

import gc
import hashlib
import io
import json
import re
import resource
import warnings
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from PIL import Image as Picture
from PIL import ImageFile
from wagtail.models import Collection, UploadedFile

from core.models import User
from media import reading
from media.extraction.outcome import Reason
from media.models import Document, Image
from tests.attachments import add_file, pages
from tests.media.pictures import telling, told


def picture(format: str, size: tuple[int, int] = (200, 200)) -> bytes:
    file = io.BytesIO()
    image = Picture.effect_noise(size, 80).convert("RGB")
    image.save(file, format)
    return file.getvalue()


def add_many(client: Client, kind: str, name: str, content: bytes, **values: str) -> dict[str, object]:
    file = SimpleUploadedFile(name, content)
    response = client.post(f"/admin/{kind}/multiple/add/", {"title": "Neu", "files[]": file, **values})
    assert response.status_code == 200, response.content
    answer: dict[str, object] = json.loads(response.content)
    return answer


@pytest.mark.parametrize("format", ["gif", "jpeg", "png", "webp", "avif"])
def test_a_picture_that_ends_too_early_is_refused(admin_client: Client, format: str) -> None:
    content = picture(format)
    root = str(Collection.get_first_root_node().pk)
    for cut in (200, len(content) // 2):
        name = f"bild.{format}"
        answer = add_many(admin_client, "images", name, content[:cut], collection=root)
        assert answer == {"success": False, "error_message": answer["error_message"]}
        assert "gültiges Bild" in str(answer["error_message"])
        form = {"title": "Bild", "file": SimpleUploadedFile(name, content[:cut]), "collection": root}
        response = admin_client.post("/admin/images/add/", form)
        assert "gültiges Bild" in response.content.decode()
    assert not Image.objects.exists()
    assert not UploadedFile.objects.exists()
    assert add_many(admin_client, "images", f"bild.{format}", content, collection=root)["success"]
    assert Image.objects.get().width == 200


def _check_stored(image: Image) -> None:
    with image.file.open("rb") as file:
        content = file.read()
    assert told(content) == []
    assert image.file_hash == hashlib.sha1(content).hexdigest()
    assert image.file_size == len(content)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("kind", ["gif", "jpeg", "png", "webp", "avif"])
def test_a_picture_is_stored_without_its_metadata_whichever_way_it_comes(admin_client: Client, kind: str) -> None:
    content, root = telling(kind), str(Collection.get_first_root_node().pk)
    # With a choice of collections one must be named, or the upload waits for it.
    Collection.get_first_root_node().add_child(name="Intern")

    def upload() -> SimpleUploadedFile:
        return SimpleUploadedFile(f"bild.{kind}", content)

    assert add_many(admin_client, "images", f"bild.{kind}", content, collection=root)["success"]
    _check_stored(Image.objects.latest("pk"))
    first = Image.objects.latest("pk")
    # Replaced by another of its kind.
    form = {"title": "Bild", "collection": root, "description": "", "credit": "", "tags": ""}
    assert admin_client.post(f"/admin/images/{first.pk}/", {**form, "file": upload()}).status_code == 302
    first.refresh_from_db()
    _check_stored(first)
    assert admin_client.post("/admin/images/add/", {**form, "file": upload()}).status_code == 302
    _check_stored(Image.objects.latest("pk"))
    chosen = {f"image-chooser-upload-{name}": value for name, value in form.items()}
    response = admin_client.post("/admin/images/chooser/create/", {**chosen, "image-chooser-upload-file": upload()})
    assert response.status_code == 200
    _check_stored(Image.objects.latest("pk"))
    # Completed by a second form, which puts the file in place itself.
    later = add_many(admin_client, "images", f"spaeter.{kind}", content)["uploaded_file_id"]
    names = {f"uploaded-image-{later}-{name}": value for name, value in form.items()}
    path = f"/admin/images/multiple/create_from_uploaded_image/{later}/"
    assert json.loads(admin_client.post(path, names).content)["success"]
    _check_stored(Image.objects.latest("pk"))
    # By a program.
    _check_stored(Image.objects.create(title="Bild", file=ContentFile(content, name=f"bild.{kind}")))
    assert Image.objects.count() == 5
    gc.collect()


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_picture_as_a_file_is_stored_without_its_metadata_whichever_way_it_comes(admin_client: Client) -> None:
    content, root = telling("jpeg"), str(Collection.get_first_root_node().pk)
    Collection.get_first_root_node().add_child(name="Intern")
    form = {"title": "Karte", "collection": root, "description": "", "tags": ""}

    def check(number: int) -> None:
        assert Document.objects.count() == number
        document = Document.objects.latest("pk")
        with document.file.open("rb") as file:
            stored = file.read()
        assert told(stored) == []
        hashes = (hashlib.sha256(stored).hexdigest(), hashlib.sha1(stored).hexdigest(), len(stored))
        assert (document.sha256, document.file_hash, document.file_size) == hashes

    assert add_many(admin_client, "documents", "karte.jpg", content, collection=root)["success"]
    check(1)
    upload = SimpleUploadedFile("karte.jpg", content)
    address = f"/admin/documents/edit/{Document.objects.get().pk}/"
    assert admin_client.post(address, {**form, "file": upload}).status_code == 302
    check(1)
    upload = SimpleUploadedFile("karte.jpg", content)
    chosen = {f"document-chooser-upload-{name}": value for name, value in form.items()}
    path = "/admin/documents/chooser/create/"
    assert admin_client.post(path, {**chosen, "document-chooser-upload-file": upload}).status_code == 200
    check(2)
    # Completed by a second form, which puts the file in place itself.
    later = add_many(admin_client, "documents", "karte.jpg", content)["uploaded_file_id"]
    names = {f"uploaded-document-{later}-{name}": value for name, value in form.items()}
    path = f"/admin/documents/multiple/create_from_uploaded_document/{later}/"
    assert json.loads(admin_client.post(path, names).content)["success"]
    check(3)
    # Called something else, it is a picture all the same.
    Document.objects.create(title="Karte", file=ContentFile(content, name="karte.pdf"))
    check(4)
    gc.collect()


def test_a_picture_of_too_many_pixels_is_refused_unread(admin_client: Client) -> None:
    side = int(settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS**0.5)
    file = io.BytesIO()
    Picture.new("1", (side + 1, side + 1)).save(file, "PNG")
    assert len(file.getvalue()) < 20_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Picture.DecompressionBombWarning)
        answer = add_many(admin_client, "images", "gross.png", file.getvalue())
    assert not answer["success"]
    assert "40000000" in str(answer["error_message"]).replace(".", "")
    assert not Image.objects.exists()


def _moving(format: str, frames: int, side: int) -> bytes:
    """A small file of many large frames."""
    file = io.BytesIO()
    if format == "WEBP":
        # Copies of one frame, which the encoder would join.
        Picture.new("L", (side, side)).save(file, format, lossless=True, method=0)
        frame = file.getvalue()[12:]
        frame = bytes(6) + 2 * (side - 1).to_bytes(3, "little") + b"\x64\0\0\0" + frame
        chunks = b"VP8X\x0a\0\0\0\x02\0\0\0" + 2 * (side - 1).to_bytes(3, "little") + b"ANIM\6\0\0\0" + bytes(6)
        chunks += frames * (b"ANMF" + len(frame).to_bytes(4, "little") + frame)
        return b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WEBP" + chunks
    two = [Picture.new("P", (side, side), number) for number in range(2)]
    pictures = [two[number % 2] for number in range(frames)]
    pictures[0].save(file, format, save_all=True, append_images=pictures[1:])
    return file.getvalue()


@pytest.mark.parametrize("format", ["WEBP", "GIF", "PNG"])
def test_a_moving_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(
    admin_client: Client, format: str
) -> None:
    side = 5000
    content = _moving(format, 7, side)
    assert side * side < settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    used, memory = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = add_many(admin_client, "images", f"bild.{format.lower()}", content)
    assert not answer["success"]
    assert "160000000" in str(answer["error_message"])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - used.ru_utime < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 50_000
    document = add_file("Bild", f"bild.{format.lower()}", content)
    reading.settle(document)
    document.refresh_from_db()
    assert document.extraction_reason == Reason.TOO_LARGE


def test_the_web_process_unpacks_no_picture_that_the_child_has_not(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: loaded.append(self))
    content = picture("PNG")
    assert not add_many(admin_client, "images", "bild.png", content[: len(content) // 2])["success"]
    assert loaded == []


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_document_without_a_collection_is_completed_by_its_form(admin_client: Client) -> None:
    root = Collection.get_first_root_node()
    other = root.add_child(name="Intern")
    answer = add_many(admin_client, "documents", "blatt.pdf", pages("Eins"))
    upload = answer["uploaded_file_id"]
    assert not Document.objects.exists()
    path = f"/admin/documents/multiple/create_from_uploaded_document/{upload}/"
    prefix = f"uploaded-document-{upload}"
    incomplete = admin_client.post(path, {f"{prefix}-title": ""})
    assert incomplete.status_code == 200
    assert not json.loads(incomplete.content)["success"]
    completed = admin_client.post(path, {f"{prefix}-title": "Blatt", f"{prefix}-collection": str(other.pk)})
    assert json.loads(completed.content)["success"]
    document = Document.objects.get()
    assert (document.title, document.collection_id, document.file_extension) == ("Blatt", other.pk, "pdf")
    # Wagtail opens the stored file for its size and leaves it to the garbage collector.
    gc.collect()


def test_a_document_of_another_kind_is_refused(admin_client: Client) -> None:
    assert not add_many(admin_client, "documents", "blatt.exe", b"MZ")["success"]
    assert not UploadedFile.objects.exists()


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_titles_are_one_line_and_names_have_letters(admin_client: Client) -> None:
    root = str(Collection.get_first_root_node().pk)
    title = "Blatt\u202efdp\nZwei"
    assert add_many(admin_client, "documents", "😀.pdf", pages("Eins"), collection=root, title=title)["success"]
    document = Document.objects.get()
    assert (document.title, document.ending is not None) == ("Blattfdp Zwei", True)
    # One of another test may lie there already.
    assert re.fullmatch(r"datei\w*\.pdf", document.filename)
    assert add_many(admin_client, "images", "😀.png", picture("PNG"), collection=root, title=title)["success"]
    image = Image.objects.get()
    assert (image.title, image.file.name) == ("Blattfdp Zwei", "original_images/datei.png")
    gc.collect()


ZIP = b"PK\x03\x04"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("blatt.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("blatt.docx", b"%PDF-1.7"),
        ("bild.zip", b"MZ\x90\x00"),
        ("film.mp4", ZIP),
        ("ton.mp3", b"<html>"),
        ("ton.wav", b"RIFF\x00\x00\x00\x00AVI "),
        ("text.txt", b"<html><script>"),
        ("text.vtt", b"\x7fELF\x01\x00\x00"),
        ("buch.epub", b"#!/bin/sh"),
        ("text.rtf", b"plain"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(admin_client: Client, name: str, content: bytes) -> None:
    root = str(Collection.get_first_root_node().pk)
    answer = add_many(admin_client, "documents", name, content, collection=root)
    assert "passt nicht zur Endung" in str(answer["error_message"])
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_an_account_stores_no_more_than_its_share(settings: Any, client: Client) -> None:
    call_command("setup_roles", verbosity=0)
    editor = User.objects.create_user("otto", "otto@example.org")
    editor.groups.set([Group.objects.get(name="Redaktion")])
    client.force_login(editor)
    root = str(Collection.get_first_root_node().pk)
    settings.UPLOAD_FILES, settings.UPLOAD_QUOTA = 2, 5000
    assert add_many(client, "documents", "a.txt", b"a" * 2000, collection=root)["success"]
    assert "Grenze erreicht" in str(add_many(client, "documents", "b.txt", b"a" * 4000, collection=root))
    assert add_many(client, "images", "b.png", picture("png", (20, 20)), collection=root)["success"]
    assert "Grenze erreicht" in str(add_many(client, "images", "c.png", picture("png", (20, 20)), collection=root))
    assert Document.objects.count() == Image.objects.count() == 1
    # What is there can be described all the same, and administrators make room.
    document = Document.objects.get()
    values = {"title": "Anders", "collection": root, "tags": "", "description": ""}
    assert client.post(f"/admin/documents/edit/{document.pk}/", values).status_code == 302
    client.force_login(User.objects.create_superuser("eva", "eva@example.org"))
    assert add_many(client, "documents", "d.txt", b"a" * 4000, collection=root)["success"]
