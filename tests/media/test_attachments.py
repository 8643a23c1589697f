"""From an uploaded file to a hit: read by the worker, kept by the hash, found with its place."""

from __future__ import annotations

import datetime
import html
import io
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models import LibraryIndexPage, MaterialFile, MaterialPage
from media import reading
from media.models import Document, ExtractedText, ExtractionStatus
from search.index import reading as index_reading
from search.index import rebuild, verify
from search.models import OutboxEntry
from tests.attachments import add_file, pages, untagged, written
from tests.documents.content import Part
from tests.published import add_page, settle
from vocabularies.models import Concept

pytestmark = pytest.mark.django_db

PLACES = (
    Part("Vorne", ("Hier steht nichts Besonderes.",)),
    Part(
        "Kapitel Sternhimmel", ("Mit einer Zeile.",), (("Wort", "Bild"), ("Tabellenfisch", "Fisch")), notes="Notizhase."
    ),
    Part("Hinten", ("Auf der dritten steht Seitenigel.",)),
)


def found(word: str) -> list[dict[str, Any]]:
    """Return what the API shows of files for a word."""
    items = Client().get("/api/v2/search/", {"q": word}).json()["items"]
    return [file for item in items for file in item["highlights"]["files"]]


def work() -> int:
    """Do what the worker does: read, then index."""
    # A turn of the worker ends after some seconds, which a busy machine needs for one file.
    done = reading.read_pending(float("inf"))
    settle()
    return done


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("extract_documents", *arguments, stdout=out, verbosity=0)
    return out.getvalue()


def publish(library: LibraryIndexPage, document: Document, slug: str = "seite", **values: Any) -> MaterialPage:
    return add_page(library, slug, files=[MaterialFile(document=document, **values)])


@pytest.mark.parametrize(
    ("format", "word", "page", "heading", "fragment"),
    [
        ("pdf", "Seitenigel", 3, "", "#page=3"),
        ("docx", "Tabellenfisch", None, "Kapitel Sternhimmel", ""),
        ("pptx", "Notizhase", 2, "Kapitel Sternhimmel", ""),
        ("odt", "Sternhimmel", None, "Kapitel Sternhimmel", ""),
        ("epub", "Seitenigel", None, "Hinten", ""),
    ],
)
def test_a_word_is_found_with_its_place(
    library: LibraryIndexPage, format: str, word: str, page: int | None, heading: str, fragment: str
) -> None:
    document = add_file("Das Blatt", f"blatt.{format}", written(format, *PLACES))
    publish(library, document, title="Unser Blatt")
    settle()
    assert found(word) == []
    assert work() == 1
    (file,) = found(word)
    assert (file["title"], file["page"], file["heading"]) == ("Unser Blatt", page, heading)
    assert file["url"].endswith(f"{document.url}{fragment}")
    assert f"<mark>{word}</mark>" in file["text"]
    html = Client().get("/suche/", {"q": word}).content.decode()
    place = f"Seite {page}" if format == "pdf" else f"Folie {page}" if page else f"„{heading}“"
    assert f"Unser Blatt, {place}" in html
    assert f'href="{document.url}{fragment}"' in html


def test_a_file_within_the_text_of_any_entry_is_found_too(library: LibraryIndexPage) -> None:
    document = add_file("Im Text", "text.odt", written("odt", *PLACES))
    page = add_page(library, "seite")
    page.body = [("download", {"document": document, "title": "Zum Mitnehmen"})]
    page.save_revision().publish()
    work()
    assert [file["title"] for file in found("Seitenigel")] == ["Zum Mitnehmen"]


def test_what_was_read_stands_at_the_document(library: LibraryIndexPage) -> None:
    document = add_file("Blatt", "blatt.pdf", pages("Eins", "Zwei"))
    assert document.extraction_status == ExtractionStatus.PENDING
    work()
    document.refresh_from_db()
    assert document.get_extraction_status_display() == "gelesen"
    facts = document.measured
    assert (facts.pages, facts.language, facts.tagged) == (2, "de", True)


def test_public_page_shows_the_facts_of_its_files(library: LibraryIndexPage) -> None:
    publish(library, add_file("Blatt", "blatt.pdf", pages("Eins", "Zwei")))
    page = publish(library, add_file("Folien", "folien.pptx", written("pptx", *PLACES)), "zwei")
    work()
    html = Client().get("/bibliothek/seite/").content.decode()
    assert all(f"<span>{fact}</span>" in html for fact in ("PDF", "2 Seiten", "Deutsch"))
    assert "<span>3 Folien</span>" in Client().get(page.url).content.decode()


def test_a_claim_that_a_file_does_not_keep_is_shown_to_nobody_but_its_editor(
    library: LibraryIndexPage, admin_client: Client
) -> None:
    claim = Concept.objects.get(vocabulary__slug="accessibility", slug="getaggtes-pdf")
    other = Concept.objects.get(vocabulary__slug="accessibility", slug="leichte-sprache")
    document = add_file("Blatt", "blatt.pdf", untagged(pages("Seitenigel")))
    page = publish(library, document)
    page.accessibility = [claim, other]
    page.save_revision().publish()
    settle()
    client = Client()

    def shown() -> tuple[bool, bool, bool, bool]:
        """Whether page, pages API, search and a facet's count say so."""
        hits = client.get("/api/v2/search/", {"accessibility": "getaggtes-pdf"}).json()["items"]
        page_says = "accessibility=getaggtes-pdf" in client.get(page.url).content.decode()
        in_api = client.get(f"/api/v2/pages/{page.pk}/").json()["accessibility"]
        facets = client.get("/api/v2/search/").json()["facets"]
        values = next(facet["values"] for facet in facets if facet["name"] == "accessibility")
        return (
            page_says,
            "getaggtes-pdf" in {concept["slug"] for concept in in_api},
            len(hits) == 1,
            any(value["slug"] == "getaggtes-pdf" and value["count"] for value in values),
        )

    assert shown() == (True,) * 4, "as long as nobody has looked"
    work()
    assert shown() == (False,) * 4
    assert "accessibility=leichte-sprache" in client.get(page.url).content.decode()
    told = html.unescape(admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode())
    assert "gemessen: blatt.pdf ist nicht getaggt" in re.sub("blatt[^.]*[.]pdf", "blatt.pdf", told)
    document.file = ContentFile(pages("Seitenigel"), name="blatt.pdf")
    document.save()
    work()
    assert shown() == (True,) * 4, "a better file was uploaded"
    assert "nicht getaggt" not in admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_equal_files_are_read_once(library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    read = reading.process.read
    monkeypatch.setattr(reading.process, "read", lambda file: calls.append(1) or read(file))
    content = pages("Zwillingsblatt")
    for number in range(2):
        publish(library, add_file(f"Blatt {number}", f"blatt-{number}.pdf", content), f"seite-{number}")
    work()
    publish(library, add_file("Blatt 2", "blatt-2.pdf", content), "seite-2")
    work()
    assert calls == [1]
    assert ExtractedText.objects.count() == 1
    assert sorted(file["title"] for file in found("Zwillingsblatt")) == ["Blatt 0", "Blatt 1", "Blatt 2"]


def test_a_changed_file_is_read_again_and_the_old_text_is_gone(library: LibraryIndexPage) -> None:
    document = add_file("Blatt", "blatt.pdf", pages("Vorherwort"))
    publish(library, document)
    work()
    assert found("Vorherwort")
    document.refresh_from_db()
    document.file = ContentFile(pages("Nachherwort"), name="neu.pdf")
    document.save()
    settle()
    assert found("Vorherwort") == []
    work()
    assert found("Nachherwort")
    assert reading.forget_unused() == 1
    assert "Vorherwort" not in str(list(ExtractedText.objects.values("pieces")))


def test_the_text_goes_with_the_last_document_that_has_it(library: LibraryIndexPage) -> None:
    content = pages("Nur einmal")
    first, second = (add_file(name, f"{name}.pdf", content) for name in ("eins", "zwei"))
    work()
    first.delete()
    assert reading.forget_unused() == 0
    second.delete()
    assert reading.forget_unused() == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("leer.pdf", b"", "leer (0 Byte)"),
        ("falsch.docx", pages("Text"), "Der Inhalt ist PDF"),
        ("bild.pdf", b"<svg><script/></svg>", "keines der Formate"),
        ("kaputt.pdf", b"%PDF-1.7 kaputt", "beschädigt"),
    ],
)
def test_what_cannot_be_read_says_why_and_leaves_the_rest_alone(
    library: LibraryIndexPage, name: str, content: bytes, message: str
) -> None:
    bad = add_file("Schlecht", name, content)
    good = add_file("Gut", "gut.pdf", pages("Gutwort"))
    page = add_page(library, "seite", files=[MaterialFile(document=bad), MaterialFile(document=good)])
    assert work() == 2
    bad.refresh_from_db()
    assert bad.extraction_status == ExtractionStatus.FAILED
    assert message in bad.extraction_message
    assert [file["title"] for file in found("Gutwort")] == ["Gut"]
    assert Client().get(page.url).status_code == 200
    assert not OutboxEntry.objects.exists()


def test_same_content_under_a_wrong_ending_does_not_spoil_the_right_one(library: LibraryIndexPage) -> None:
    wrong, right = (add_file("Blatt", f"blatt.{ending}", pages("Richtigwort")) for ending in ("epub", "pdf"))
    publish(library, wrong, "falsch")
    publish(library, right, "richtig")
    work()
    (file,) = found("Richtigwort")
    assert file["url"].endswith(f"{right.url}#page=1")


def test_a_file_that_is_missing_on_disk_says_so(library: LibraryIndexPage) -> None:
    document = add_file("Blatt", "blatt.pdf", pages("Text"))
    document.file.storage.delete(document.file.name)
    assert work() == 1
    document.refresh_from_db()
    assert "nicht mehr da" in document.extraction_message
    assert not ExtractedText.objects.filter(claimed_until__isnull=False).exists()


def test_a_file_that_somebody_else_is_reading_is_left_to_them(library: LibraryIndexPage) -> None:
    document = add_file("Blatt", "blatt.pdf", pages("Text"))
    soon = timezone.now() + datetime.timedelta(seconds=60)
    text = ExtractedText.objects.create(sha256=document.sha256, claimed_until=soon)
    assert work() == 0
    assert reading.settle(document) is False
    with pytest.raises(CommandError, match="1 documents are being read"):
        command()
    # A killed process leaves its claim behind, and it ends.
    ExtractedText.objects.filter(pk=text.pk).update(claimed_until=timezone.now() - datetime.timedelta(seconds=1))
    assert work() == 1


def test_an_expired_claimer_does_not_overwrite_its_successor(
    library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add_file("Blatt", "blatt.pdf", pages("Text"))
    read = reading.process.read
    later = timezone.now() + datetime.timedelta(seconds=300)

    def overtaken(file: Any) -> Any:
        ExtractedText.objects.update(claimed_until=later)
        return read(file)

    monkeypatch.setattr(reading.process, "read", overtaken)
    assert reading.settle(document) is False
    text = ExtractedText.objects.get()
    assert (text.status, text.claimed_until) == (ExtractionStatus.PENDING, later)


def test_command_reads_what_is_pending_and_a_second_run_nothing(library: LibraryIndexPage) -> None:
    publish(library, add_file("Blatt", "blatt.pdf", pages("Befehlswort")))
    add_file("Kaputt", "kaputt.pdf", b"%PDF-1.7 kaputt")
    assert command() == "2 documents read now; of all, 1 hold text, 0 hold none, 1 could not be read.\n"
    settle()
    assert found("Befehlswort")
    assert command().startswith("0 documents read now")
    assert command("--retry-failed").startswith("1 documents read now")
    assert command("--all").startswith("2 documents read now")


def test_command_reads_again_what_an_older_version_has_read(library: LibraryIndexPage) -> None:
    add_file("Blatt", "blatt.pdf", pages("Text"))
    command()
    ExtractedText.objects.update(version=0)
    assert command().startswith("1 documents read now")


def test_command_can_be_interrupted_and_goes_on(library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        add_file("Blatt", f"blatt-{number}.pdf", pages(f"Text {number}"))
    read, calls = reading.process.read, []

    def interrupted(file: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return read(file)

    monkeypatch.setattr(reading.process, "read", interrupted)
    with pytest.raises(CommandError) as error:
        command()
    assert error.value.returncode == 130
    assert reading.pending().count() == 2
    assert command().startswith("2 documents read now")


def test_many_pages_with_files_are_read_with_as_many_queries_as_few(library: LibraryIndexPage) -> None:
    def documents() -> int:
        ids = list(MaterialPage.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            broken: dict[int, Exception] = {}
            made = index_reading.documents_of(ids, 1, broken)
        assert not broken
        assert len(made) == len(ids)
        return len(captured)

    publish(library, add_file("Blatt", "blatt.pdf", pages("Text")))
    work()
    few = documents()
    for number in range(5):
        publish(library, add_file("Blatt", f"blatt-{number}.pdf", pages(f"Text {number}")), f"seite-{number}")
    work()
    assert documents() == few


def test_index_holds_what_the_database_says(library: LibraryIndexPage) -> None:
    rebuild.rebuild()
    publish(library, add_file("Blatt", "blatt.pdf", pages("Text")))
    work()
    assert not verify.verify()
