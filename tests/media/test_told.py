"""What a document tells of the people who made it: shown to editors, taken out in one click, and no word of its text with it."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable

import pypdf
import pytest
from django.test import Client
from pypdf.generic import DictionaryObject, NameObject

from core.models import User
from media import reading
from media.extraction import process
from media.extraction.outcome import Reason, ToldKind
from media.models import Document, ExtractedText
from tests.attachments import add_file, pages, read
from tests.media.telling import MAKERS, NAMES, telling_document, unpacked
from tests.recordings import box, element


def cleaned(content: bytes) -> bytes | Reason:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return process.without_told(file)


KINDS = {
    "docx": {
        "author",
        "changed_by",
        "company",
        "dates",
        "properties",
        "revisions",
        "comments",
        "marks",
        "paths",
        "pictures",
    },
    "pptx": {"author", "changed_by", "company", "dates", "comments", "paths", "pictures"},
    "xlsx": {"author", "changed_by", "dates", "comments", "paths"},
    "odt": {"author", "dates", "properties", "revisions", "comments", "pictures"},
    "epub": {"author", "dates", "pictures"},
    "pdf": {"author", "dates", "properties", "comments", "marks", "pictures"},
    "zip": {
        "author",
        "changed_by",
        "company",
        "dates",
        "properties",
        "revisions",
        "comments",
        "marks",
        "paths",
        "pictures",
    },
}


@pytest.mark.parametrize("ending", MAKERS)
def test_a_document_tells_nothing_of_people_any_more_and_reads_the_same(ending: str) -> None:
    content = telling_document(ending)
    assert [name for name in NAMES if name in unpacked(content)], "the test's own file says nothing"
    before = read(content)
    assert {str(told.kind) for told in before.told} == KINDS[ending]
    assert any("Lena" in told.values for told in before.told)
    bare = cleaned(content)
    assert isinstance(bare, bytes)
    assert [name for name in NAMES if name in unpacked(bare)] == []
    after = read(bare)
    assert after.told == []
    assert (after.pieces, after.facts) == (before.pieces, before.facts)
    assert cleaned(bare) == Reason.NOTHING_TOLD


def test_the_parts_of_a_cleaned_file_are_those_that_were_there() -> None:
    content = telling_document("docx")
    bare = cleaned(content)
    assert isinstance(bare, bytes)
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(io.BytesIO(bare)) as after:
        assert after.namelist() == before.namelist()
        assert after.testzip() is None
        text = after.read("word/document.xml").decode()
        assert "kam dazu" in text
        assert "fehlte" not in text
        assert {info.date_time for info in after.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with zipfile.ZipFile(io.BytesIO(cleaned(telling_document("odt")))) as after:
        first = after.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert "Vorher und nachher." in after.read("content.xml").decode()


def test_a_pdf_keeps_its_title_its_tags_and_that_it_says_so() -> None:
    bare = cleaned(telling_document("pdf"))
    assert isinstance(bare, bytes)
    reader = pypdf.PdfReader(io.BytesIO(bare))
    assert reader.metadata is not None
    assert reader.metadata.title == "Das Blatt"
    assert reader.metadata.author is None
    assert reader.xmp_metadata is not None
    assert reader.xmp_metadata.dc_title == {"x-default": "Das Blatt"}
    assert b"<pdfuaid:part>1</pdfuaid:part>" in unpacked(bare)


def _signed() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pages("Eins")))
    signature = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/Sig")}))
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Signature"): signature})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_signed, Reason.SIGNED),
        (lambda: b"%PDF-1.7 kaputt", Reason.DAMAGED),
        (lambda: b"Nur Text", Reason.NOTHING_TOLD),
    ],
)
def test_what_would_break_stays_as_it_is(content: object, reason: Reason) -> None:
    assert callable(content)
    assert cleaned(content()) == reason


@pytest.fixture
def editor(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("redaktion"))
    return client


def test_the_form_shows_it_and_one_click_takes_it_out(editor: Client) -> None:
    document = add_file("Blatt", "blatt.docx", telling_document("docx"))
    reading.read_pending()
    address = f"/admin/documents/edit/{document.pk}/"
    html = editor.get(address).content.decode()
    for words in ("Verfasst von", "Lena", "Zuletzt geändert von", "Sekretariat", "Kollegium 4b"):
        assert words in html
    answer = editor.post(f"/admin/documents/{document.pk}/without-told/", follow=True)
    assert "Angaben zu Personen sind entfernt" in answer.content.decode()
    name = document.file.name
    document = Document.objects.get(pk=document.pk)
    assert document.file.name == name
    with document.file.open("rb") as file:
        stored = file.read()
    assert [word for word in NAMES if word in unpacked(stored)] == []
    assert document.file_size == len(stored)
    texts = ExtractedText.objects.get().pieces
    reading.read_pending()
    assert ExtractedText.objects.get(sha256=Document.objects.get().sha256).pieces == texts
    assert "Sekretariat" not in editor.get(address).content.decode()
    answer = editor.post(f"/admin/documents/{document.pk}/without-told/", follow=True)
    assert "enthält keine Angaben zu Personen" in answer.content.decode()


def test_a_signed_file_says_why_it_stays(editor: Client) -> None:
    document = add_file("Blatt", "blatt.pdf", _signed())
    answer = editor.post(f"/admin/documents/{document.pk}/without-told/", follow=True)
    assert "Die Datei ist unterschrieben" in answer.content.decode()
    assert Client().post(f"/admin/documents/{document.pk}/without-told/").status_code == 302


def test_visitors_are_told_nothing_of_it(editor: Client) -> None:
    add_file("Blatt", "blatt.docx", telling_document("docx"))
    reading.read_pending()
    text = ExtractedText.objects.get()
    assert ToldKind.AUTHOR in {row["kind"] for row in text.told}
    assert "Lena" not in str((text.pieces, text.facts, Document.objects.get().facts))


PLACE = "+51.0498+013.7384/"
STREAM = b"\x00\x00\x01\xb3" * 50


def film() -> bytes:
    """An MP4 of a telephone: place, time, device and names, in the boxes of both makers of telephones; a chapter and a title."""
    mvhd = struct.pack(">IIIII", 0, 3_800_000_000, 3_800_000_001, 1_000, 75_000) + bytes(80)
    item = box(b"\xa9ART", box(b"data", bytes(8) + b"Lena Kanarienfels")) + box(
        b"\xa9nam", box(b"data", bytes(8) + b"Titel")
    )
    ilst = box(b"meta", bytes(4) + box(b"hdlr", bytes(24)) + box(b"ilst", item))
    keys = (
        box(b"hdlr", bytes(24))
        + box(b"keys", b"mdtacom.apple.quicktime.location.ISO6709" + PLACE.encode())
        + box(b"ilst")
    )
    user = (
        box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7) + PLACE.encode())
        + box(b"loci", bytes(6) + b"Schule 4b")
        + box(b"chpl", b"Kapitel")
        + ilst
    )
    xmp = bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + b"<exif:GPSLatitude>51,3N</exif:GPSLatitude>"
    moov = box(b"moov", box(b"mvhd", mvhd) + box(b"meta", keys) + box(b"udta", user))
    return box(b"ftyp", b"isom" + bytes(4) + b"isom") + moov + box(b"uuid", xmp) + box(b"mdat", STREAM)


def matroska() -> bytes:
    """A WebM with a date, a program and tags; a sum over the head."""
    kind = bytes.fromhex("1a45dfa3") + bytes([0x87]) + bytes.fromhex("428284") + b"webm"
    head = (
        element("bf", b"\1\2\3\4")
        + bytes.fromhex("2ad7b1830f4240")
        + bytes.fromhex("448988")
        + struct.pack(">d", 12_000)
    )
    head += element("4461", struct.pack(">q", 10**18)) + element("5741", b"Lenas Telefon")
    tags = element("1254c367", b"LOCATION" + PLACE.encode())
    return kind + element("18538067", element("1549a966", head) + tags + element("1f43b675", STREAM))


@pytest.mark.parametrize("make", [film, matroska])
def test_a_film_tells_where_it_was_recorded_and_loses_that_in_its_place(make: Callable[[], bytes]) -> None:
    content = make()
    told = _told(content)
    assert ToldKind.PLACES in told
    assert ToldKind.DATES in told
    if make is film:
        assert "Kanarienfels" in str(told[ToldKind.AUTHOR])
    bare = cleaned(content)
    assert isinstance(bare, bytes)
    assert len(bare) == len(content)
    assert bare.index(STREAM) == content.index(STREAM)
    for word in (PLACE, "Kanarienfels", "Schule", "Telefon", "GPSLatitude", "location"):
        assert word.encode() not in bare, word
    assert _told(bare) == {}
    assert cleaned(bare) == Reason.NOTHING_TOLD
    if make is film:
        assert b"Kapitel" in bare
        assert b"Titel" in bare


def test_authors_of_an_exercise_are_told_and_stay() -> None:
    packed = io.BytesIO()
    main = {
        "title": "Silben",
        "mainLibrary": "H5P.Blanks",
        "authors": [{"name": "Lena Kanarienfels", "role": "Author"}],
    }
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("h5p.json", json.dumps(main))
        archive.writestr("content/content.json", json.dumps({"text": "<p>Wort</p>"}))
    assert _told(packed.getvalue()) == {ToldKind.CREDITS: ["Lena Kanarienfels"]}
    assert cleaned(packed.getvalue()) == Reason.NOTHING_TOLD


def _told(content: bytes) -> dict[ToldKind, list[str]]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return {row.kind: row.values for row in process.read(file).told}
