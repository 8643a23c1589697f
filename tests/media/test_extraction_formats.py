"""The text of good files of all five formats."""

from __future__ import annotations

import io
from dataclasses import replace
from tempfile import TemporaryFile

import pypdf
import pytest
from PIL import Image
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from media.extraction import process
from media.extraction.outcome import Extracted, PartKind, Piece, Reason, Unreadable
from tests.attachments import archive, pages, pdf, read, read_here, untagged, written
from tests.documents.content import Part
from tests.documents.writers import WRITERS

PARTS = (
    Part("Am Anfang", ("Ein Absatz & mehr.", "Noch einer"), (("Phase", "Zeit"), ("Einstieg", "10 min"))),
    Part("In der Mitte", ("Hier steht eine Note.",), notes="Nur in der Notiz steht Giraffenkasten."),
)


def texts(found: Extracted) -> dict[str, str]:
    assert not found.reason
    return {piece.heading: piece.text for piece in found.pieces}


@pytest.mark.services
@pytest.mark.parametrize("format", WRITERS)
def test_the_child_reads_a_file_as_this_process_does(format: str) -> None:
    content = written(format, *PARTS)
    # What a file tells of people is asked in a second order.
    assert replace(read(content), told=[]) == read_here(content)


def test_pdf_by_pages() -> None:
    found = read_here(pages("Rot ist vorn.", "Grün ist in der Mitte.", "Purpurschnecke ist hinten."))
    assert (found.format, found.facts.pages, found.facts.language, found.facts.tagged) == ("pdf", 3, "de", True)
    assert [piece.page for piece in found.pieces] == [1, 2, 3]
    assert ["Purpurschnecke" in piece.text for piece in found.pieces] == [False, False, True]


def test_empty_pages_keep_the_numbers_of_the_others() -> None:
    blank = pypdf.PdfWriter(clone_from=io.BytesIO(pages("Erste", "Dritte")))
    blank.insert_blank_page(index=1)
    changed = io.BytesIO()
    blank.write(changed)
    assert [piece.page for piece in read_here(changed.getvalue()).pieces] == [1, 3]


def test_tagged_pdf_and_its_language_are_known() -> None:
    assert read_here(untagged(pages("Text"))).facts.tagged is False
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(untagged(pages("Text"))))
    writer.root_object[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    changed = io.BytesIO()
    writer.write(changed)
    found = read_here(changed.getvalue())
    assert (found.facts.tagged, found.facts.language) == (True, "en-GB")


def test_pdf_that_only_restricts_changes_is_read() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pages("Lesen darf man das.")))
    writer.encrypt(user_password="", owner_password="geheim", algorithm="RC4-128")
    changed = io.BytesIO()
    writer.write(changed)
    assert "Lesen darf man das." in read_here(changed.getvalue()).pieces[0].text


def test_pdf_without_text_says_so() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    changed = io.BytesIO()
    writer.write(changed)
    found = read_here(changed.getvalue())
    assert (found.reason, found.facts.pages) == (Reason.NO_TEXT, 1)


def test_one_broken_page_does_not_cost_the_others() -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents %d 0 R /Resources << /Font << /F1 7 0 R >> >> >>"
    text = b"BT /F1 9 Tf 5 5 Td (Heil geblieben) Tj ET"
    found = read_here(
        pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
                page % 5,
                page % 6,
                b"<< /Length 4 /Filter /Unbekannt >>\nstream\nabcd\nendstream",
                b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
                b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            ]
        )
    )
    assert found.pieces == [Piece("Heil geblieben", "", 2)]
    assert found.note == Reason.PARTS_UNREADABLE
    assert found.facts.unreadable == Unreadable(PartKind.PAGE, 1, 2)


def test_docx_by_headings_with_table_and_foot_note() -> None:
    found = read_here(written("docx", *PARTS))
    assert (found.format, found.facts.language, found.facts.tagged) == ("docx", "de-DE", None)
    assert texts(found) == {
        "Titel der Datei": "Titel der Datei",
        "Am Anfang": "Am Anfang · Ein Absatz & mehr. Noch einer · Phase, Zeit; Einstieg, 10 min",
        "In der Mitte": "In der Mitte · Hier steht eine Note.",
        "": "Nur in der Notiz steht Giraffenkasten.",
    }


def test_docx_leaves_out_what_was_deleted_and_reads_a_text_box_once() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent><w:p><w:r><w:t>Im Kasten</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Davor</w:t></w:r><w:del><w:r><w:delText>Gelöschtes</w:delText></w:r></w:del>"
        "<w:r><w:tab/><w:instrText>PAGE</w:instrText><w:t>danach</w:t></w:r>"
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    document = f'<w:document xmlns:w="{w}" xmlns:mc="{mc}"><w:body>{body}</w:body></w:document>'
    found = read_here(archive({"word/document.xml": document}, of=written("docx")))
    assert [piece.text for piece in found.pieces] == ["Im Kasten · Davor danach"]


def test_pptx_by_slides_with_notes() -> None:
    found = read_here(written("pptx", *PARTS))
    assert (found.format, found.facts.pages, found.facts.language) == ("pptx", 2, "de-DE")
    assert [(piece.page, piece.heading) for piece in found.pieces] == [(1, "Am Anfang"), (2, "In der Mitte")]
    assert found.pieces[1].text == "In der Mitte · Hier steht eine Note. Nur in der Notiz steht Giraffenkasten."


def test_odt_by_headings_with_table_and_foot_note() -> None:
    found = read_here(written("odt", *PARTS))
    assert (found.format, found.facts.language) == ("odt", "de-DE")
    assert texts(found) == {
        "Titel der Datei": "Titel der Datei",
        "Am Anfang": "Am Anfang · Ein Absatz & mehr. Noch einer · Phase, Zeit · Einstieg, 10 min",
        "In der Mitte": "In der Mitte · Hier steht eine Note. Nur in der Notiz steht Giraffenkasten.",
    }


def test_epub_by_headings_in_the_order_of_the_spine() -> None:
    found = read_here(written("epub", *PARTS))
    assert (found.format, found.facts.language) == ("epub", "de")
    assert [piece.heading for piece in found.pieces] == ["Am Anfang", "In der Mitte"]
    assert "Giraffenkasten" in found.pieces[1].text


def test_epub_reads_words_with_markup_and_named_characters() -> None:
    page = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Nicht lesen</title></head><body>'
        "<h1>Kapi<em>tel</em></h1><p>Gr&uuml;ne<br/><b>W</b>iese&nbsp;im <i>Mai</i> heute</p>"
        "<script>nicht()</script><p>Ende</p></body></html>"
    )
    found = read_here(archive({"EPUB/kapitel-1.xhtml": page}, of=written("epub")))
    assert found.pieces == [Piece("Kapitel · Grüne Wiese im Mai heute · Ende", "Kapitel")]


def test_long_text_is_shortened_and_says_so() -> None:
    found = read_here(written("odt", Part("Lang", tuple(["wort " * 2000] * 150))))
    assert found.note == Reason.SHORTENED
    assert 900_000 < sum(len(piece.text) for piece in found.pieces) <= 1_100_000


@pytest.mark.parametrize("format", ["pdf", "docx", "pptx", "odt", "epub"])
def test_the_same_sample_is_the_same_file_each_time(format: str) -> None:
    assert written(format, *PARTS) == written(format, *PARTS)


def test_first_page_is_drawn_as_wide_as_a_cover() -> None:
    with TemporaryFile() as file:
        file.write(pages("Auf der ersten Seite", "Auf der zweiten"))
        file.flush()
        drawn = process.draw_first_page(file)
    assert isinstance(drawn, bytes)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (1280, 1812)
        assert len(picture.convert("L").getcolors() or ()) > 3
