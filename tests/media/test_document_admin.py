"""What editors see and do about the text of a file."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection

from core.models import User
from core.running.locks import file_lock
from library.models import LibraryIndexPage, MaterialFile, MaterialPage
from media import reading
from media.models import Document, ExtractionStatus, Image
from tests.attachments import add_file, archive, pages, pdf, written
from tests.published import add_image, add_page


@pytest.fixture
def editor(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("redaktion"))
    return client


@pytest.fixture
def document(db: None) -> Document:
    return add_file("Das Blatt", "blatt.pdf", pages("Eins", "Zwei"))


@pytest.fixture
def page(library: LibraryIndexPage, document: Document) -> MaterialPage:
    page = add_page(library, "seite", title="Die Seite", files=[MaterialFile(document=document)])
    reading.read_pending()
    return page


def form(client: Client, document: Document) -> str:
    return client.get(f"/admin/documents/edit/{document.pk}/").content.decode()


def first_page(document: Document, page: MaterialPage) -> str:
    return f"/admin/documents/{document.pk}/first-page/{page.pk}/"


def test_form_and_list_say_what_was_read(editor: Client, page: MaterialPage, document: Document) -> None:
    html = form(editor, document)
    for fact in ("PDF", "gelesen", "2", "Deutsch"):
        assert f"<dd>{fact}</dd>" in html
    assert "getaggtes PDF, Titel gesetzt, Sprache gesetzt" in html
    listed = editor.get("/admin/documents/").content.decode()
    assert "Textauszug" in listed
    assert "gelesen" in listed
    assert editor.get("/admin/documents/results/?ordering=-extraction_status").status_code == 200


def test_form_says_why_a_file_cannot_be_read(editor: Client) -> None:
    document = add_file("Kaputt", "kaputt.pdf", b"%PDF-1.7 kaputt")
    reading.read_pending()
    html = form(editor, document)
    assert "nicht lesbar" in html
    assert "Die Datei ist beschädigt oder unvollständig." in html
    assert 'id="titelbild"' not in html


def test_a_file_is_read_again_on_request(editor: Client, page: MaterialPage, document: Document) -> None:
    Document.objects.update(extraction_status=ExtractionStatus.FAILED)
    answer = editor.post(f"/admin/documents/{document.pk}/read-again/", follow=True)
    assert "wird in den nächsten Sekunden noch einmal gelesen" in answer.content.decode()
    document.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.PENDING
    assert reading.read_pending() == 1
    document.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.DONE
    assert editor.get(f"/admin/documents/{document.pk}/read-again/").status_code == 405


def test_first_page_becomes_the_cover_of_the_draft(editor: Client, page: MaterialPage, document: Document) -> None:
    assert "Für „Die Seite“ übernehmen" in form(editor, document)
    header = editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert f"/admin/documents/edit/{document.pk}/#titelbild" in header
    answer = editor.post(first_page(document, page))
    assert answer["Location"] == f"/admin/pages/{page.pk}/edit/"
    draft = MaterialPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.cover.width == 1280
    assert draft.cover.credit == "Erste Seite von „Das Blatt“"
    assert draft.cover_alt == "Erste Seite der Datei „Das Blatt“"
    page.refresh_from_db()
    assert page.cover is None
    assert "Für „Die Seite“ übernehmen" not in form(editor, document)
    assert "#titelbild" not in editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    draft.save_revision().publish()
    assert MaterialPage.objects.get(pk=page.pk).cover_image() is not None


def test_a_cover_that_is_there_stays(editor: Client, page: MaterialPage, document: Document) -> None:
    draft = page.get_latest_revision_as_object()
    draft.cover = add_image("Schon da")
    draft.save_revision(clean=False)
    answer = editor.post(first_page(document, page), follow=True)
    assert "hat schon ein Titelbild" in answer.content.decode()
    assert Image.objects.count() == 1


def test_one_page_is_drawn_at_once(editor: Client, page: MaterialPage, document: Document) -> None:
    with file_lock(settings.DATA_DIR / "drawing.lock", 0):
        answer = editor.post(first_page(document, page), follow=True)
    assert "Gerade wird schon eine Seite gezeichnet" in answer.text
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().cover is None


def test_only_a_pdf_has_a_first_page(editor: Client, library: LibraryIndexPage) -> None:
    document = add_file("Text", "text.odt", written("odt"))
    page = add_page(library, "seite", files=[MaterialFile(document=document)])
    reading.read_pending()
    assert 'id="titelbild"' not in form(editor, document)
    editor.post(first_page(document, page))
    assert Image.objects.count() == 0


def test_who_may_not_change_documents_is_refused(page: MaterialPage, document: Document) -> None:
    user = User.objects.create_user("gast")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(user)
    for path in (f"/admin/documents/{document.pk}/read-again/", first_page(document, page)):
        client.post(path)
    document.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.DONE
    assert Image.objects.count() == 0


def test_visitors_are_told_what_a_file_may_do_before_they_open_it(library: LibraryIndexPage) -> None:
    starts = pdf([b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>", *_PAGE])
    macros = archive({"word/vbaProject.bin": b"x"}, of=written("docx"))
    files = [add_file("Start", "start.pdf", starts), add_file("Makro", "makro.docx", macros)]
    files += [
        add_file("Netz", "netz.pdf", b"<html><script>1</script></html>"),
        add_file("Gut", "gut.pdf", pages("Eins")),
    ]
    page = add_page(library, "seite", files=[MaterialFile(document=document) for document in files])
    reading.read_pending()
    html = Client().get(page.get_url()).content.decode()
    for words in ("startet Skripte oder Programme", "enthält Makros", "Inhalt und Endung passen nicht zusammen"):
        assert html.count(words) == 1, words
    assert "konnte hier nicht gelesen werden" not in html


_PAGE = [b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"]


def test_a_file_larger_than_allowed_is_refused(editor: Client, settings: Any) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1000
    upload = {"title": "Groß", "file": ContentFile(b"%PDF-" + bytes(1000), name="gross.pdf")}
    html = editor.post(
        "/admin/documents/add/", {**upload, "collection": str(Collection.get_first_root_node().pk)}
    ).content.decode()
    assert "zu groß" in html
    assert not Document.objects.exists()
