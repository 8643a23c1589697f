"""Files made to harm whoever reads them: each ends with a clear reason, in time and within its memory."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryFile

import pypdf
import pytest

from media.confined.run import Limits
from media.extraction import process
from media.extraction.outcome import Reason
from tests.attachments import archive, deflated, pages, pdf, pdf_with_content, read, swollen, written
from tests.documents.content import Part
from tests.documents.drawn import FONT, drawn, line, stream

pytestmark = pytest.mark.services  # each file is read by a child process

SECONDS = 30
SHORT = Limits(cpu=5, wall=10)
"""Lower than on a site, so that what runs into them does not hold up the tests."""


def declared(body: str, entities: str) -> str:
    return f'<?xml version="1.0"?>\n<!DOCTYPE document [{entities}]>\n<document>{body}</document>'


def laughs() -> str:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return declared("&a11;", f'<!ENTITY a0 "lol">{levels}')


def document_with(xml: bytes | str) -> bytes:
    return archive({"word/document.xml": xml}, of=written("docx"))


def bloated(size: int) -> bytes:
    """A DOCX whose text is a single word that goes on and on."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    start = f'<w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>'.encode()
    return swollen("word/document.xml", start, size, written("docx"))


def lying(content: bytes) -> bytes:
    """A zip archive that says of every member that it is ten bytes long."""
    raw = bytearray(content)
    for sign, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.find(sign)
        while at >= 0:
            raw[at + offset : at + offset + 4] = struct.pack("<I", 10)
            at = raw.find(sign, at + 4)
    return bytes(raw)


def encrypted_pdf(algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pages("Streng geheim")))
    writer.encrypt(user_password="geheim", algorithm=algorithm)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


PACKED = stream(deflated(2_000_000_000, 2), b"/Filter [/FlateDecode /FlateDecode]")
"""Two gigabytes in two kilobytes."""

FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "


def form(content: bytes, entries: bytes) -> bytes:
    """A PDF whose page draws a form of this content."""
    return drawn(b"/X Do", resources=b"/XObject << /X 4 0 R >>", more=[stream(content, FORM + entries)])


def deep_pages(depth: int) -> bytes:
    nodes = [b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (n + 1, n + 3) for n in range(depth)]
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"])


def deep_array() -> bytes:
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"[" * 200_000])


def office_container(with_password: bool) -> bytes:
    name = "EncryptedPackage" if with_password else "WordDocument"
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1000 + name.encode("utf-16-le") + b"\0" * 3000


def macro_document() -> bytes:
    with zipfile.ZipFile(io.BytesIO(written("docx"))) as source:
        types = source.read("[Content_Types].xml").decode()
    types = types.replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    return archive({"[Content_Types].xml": types}, of=written("docx"))


def odt_under_a_password() -> bytes:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )
    return archive({"META-INF/manifest.xml": manifest, "content.xml": os.urandom(200)}, of=written("odt"))


def book_under_rights_management() -> bytes:
    encryption = (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod '
        'Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></enc:EncryptedData></encryption>'
    )
    return archive({"META-INF/encryption.xml": encryption}, of=written("epub"))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NESTED = "<document>" + "<a>" * 5_000 + "</a>" * 5_000 + "</document>"
EXTERNAL = declared("&x;", '<!ENTITY x SYSTEM "file:///etc/passwd">')

HOSTILE: dict[str, tuple[Callable[[], bytes], set[Reason]]] = {
    "no bytes": (lambda: b"", {Reason.EMPTY_FILE}),
    "noise": (lambda: os.urandom(5_000), {Reason.UNKNOWN_FORMAT}),
    "a web page": (lambda: b"<html><script>alert(1)</script></html>", {Reason.UNKNOWN_FORMAT}),
    "an SVG with a script": (lambda: SVG, {Reason.UNKNOWN_FORMAT}),
    "an Office file of something else": (
        lambda: archive({"[Content_Types].xml": "<Types/>", "bild.svg": SVG}),
        {Reason.UNKNOWN_FORMAT},
    ),
    "an old Word file": (lambda: office_container(False), {Reason.OLD_FORMAT}),
    "PDF that unpacks to gigabytes": (
        lambda: pdf_with_content(deflated(2_000_000_000, 2), b"[/FlateDecode /FlateDecode]"),
        {Reason.TOO_LARGE},
    ),
    "PDF packed many times over": (
        lambda: pdf_with_content(deflated(300_000_000, 4), b"[%s]" % (b"/FlateDecode " * 4)),
        {Reason.TOO_LARGE},
    ),
    "PDF with a hundred filters": (
        lambda: pdf_with_content(b"00>", b"[%s]" % (b"/ASCIIHexDecode " * 100)),
        {Reason.TOO_LARGE},
    ),
    "PDF whose pages all unpack to much": (
        lambda: pdf_with_content(deflated(20_000_000), b"/FlateDecode", 2_000),
        {Reason.TOO_SLOW, Reason.OUT_OF_MEMORY},
    ),
    "PDF with a deep tree of pages": (lambda: deep_pages(20_000), {Reason.TOO_LARGE, Reason.TOO_NESTED}),
    "PDF with arrays in arrays": (lambda: deep_array(), {Reason.DAMAGED, Reason.TOO_NESTED}),
    "PDF whose pages are their own parents": (
        lambda: pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]),
        {Reason.TOO_LARGE, Reason.DAMAGED, Reason.NO_TEXT},
    ),
    "PDF whose form draws itself twice": (
        lambda: form(b"/X Do /X Do", b"/Resources << /XObject << /X 4 0 R >> >>"),
        {Reason.TOO_SLOW, Reason.TOO_NESTED, Reason.NO_TEXT},
    ),
    "PDF with a million glyphs placed one by one": (
        lambda: drawn(b"BT /F1 1 Tf " + b"(a) Tj 1 0 Td " * 1_000_000 + b" ET"),
        {Reason.TOO_SLOW},
    ),
    "PDF whose meaning of glyphs unpacks to gigabytes": (
        lambda: drawn(line("Text"), font=FONT.replace(b"/Encoding", b"/ToUnicode 4 0 R /Encoding"), more=[PACKED]),
        {Reason.TOO_LARGE},
    ),
    "PDF with three hundred thousand notes": (
        lambda: drawn(line("Text"), page=b"/Annots [%s]" % (b"4 0 R " * 300_000), more=[b"<< /Subtype /Text >>"]),
        {Reason.TOO_LARGE},
    ),
    "PDF of nothing but beginnings": (
        lambda: b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog " * 200_000,
        {Reason.DAMAGED, Reason.TOO_NESTED, Reason.TOO_SLOW},
    ),
    "PDF under a password": (lambda: encrypted_pdf("RC4-128"), {Reason.ENCRYPTED}),
    "truncated PDF": (lambda: pages("Ein Text", "Noch einer")[:400], {Reason.DAMAGED, Reason.NO_TEXT}),
    "head of a PDF": (lambda: b"%PDF-1.7\n", {Reason.DAMAGED}),
    "DOCX that unpacks to gigabytes": (lambda: bloated(2_000_000_000), {Reason.TOO_LARGE}),
    "DOCX that lies about its sizes": (lambda: lying(bloated(400_000_000)), {Reason.TOO_LARGE, Reason.DAMAGED}),
    "DOCX with a bomb of entities": (lambda: document_with(laughs()), {Reason.UNSAFE_XML}),
    "DOCX with an external entity": (lambda: document_with(EXTERNAL), {Reason.UNSAFE_XML}),
    "DOCX with entities in another encoding": (
        lambda: document_with(EXTERNAL.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")),
        {Reason.UNSAFE_XML},
    ),
    "DOCX nested deeply": (lambda: document_with(NESTED), {Reason.TOO_NESTED}),
    "DOCX with macros": (macro_document, {Reason.MACROS}),
    "DOCX with a project of macros": (
        lambda: archive({"word/vbaProject.bin": b"x"}, of=written("docx")),
        {Reason.MACROS},
    ),
    "DOCX under a password": (lambda: office_container(True), {Reason.ENCRYPTED}),
    "DOCX with encrypted members": (lambda: archive({}, of=written("docx"), encrypted=True), {Reason.ENCRYPTED}),
    "truncated DOCX": (lambda: written("docx")[:-200], {Reason.DAMAGED}),
    "DOCX with a name that leads out": (
        lambda: archive({"../../../etc/cron.d/x": b"x"}, of=written("docx")),
        {Reason.UNSAFE_NAMES},
    ),
    "DOCX with an absolute name": (lambda: archive({"/etc/x": b"x"}, of=written("docx")), {Reason.UNSAFE_NAMES}),
    "DOCX with a name of Windows": (lambda: archive({"C:\\x": b"x"}, of=written("docx")), {Reason.UNSAFE_NAMES}),
    "DOCX of twelve thousand members": (
        lambda: archive({f"x/{number}": b"" for number in range(12_000)}, of=written("docx")),
        {Reason.TOO_LARGE},
    ),
    "PPTX whose slides lie outside": (
        lambda: archive(
            {
                "ppt/_rels/presentation.xml.rels": '<Relationships xmlns="x"><Relationship Id="rId3" Type="a/slide" '
                'Target="../../../../etc/passwd"/></Relationships>'
            },
            of=written("pptx"),
        ),
        {Reason.UNSAFE_NAMES},
    ),
    "ODT with macros": (lambda: archive({"Basic/Standard/m.xml": b"<x/>"}, of=written("odt")), {Reason.MACROS}),
    "ODT under a password": (odt_under_a_password, {Reason.ENCRYPTED}),
    "ODT with a bomb of entities": (lambda: archive({"content.xml": laughs()}, of=written("odt")), {Reason.UNSAFE_XML}),
    "EPUB with a bomb of entities": (
        lambda: archive({"EPUB/kapitel-1.xhtml": laughs()}, of=written("epub")),
        {Reason.UNSAFE_XML},
    ),
    "EPUB with an external entity": (
        lambda: archive({"EPUB/kapitel-1.xhtml": EXTERNAL}, of=written("epub")),
        {Reason.UNSAFE_XML},
    ),
    "EPUB under rights management": (book_under_rights_management, {Reason.ENCRYPTED}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_ends_with_a_clear_reason_in_time(kind: str) -> None:
    make, reasons = HOSTILE[kind]
    content = make()
    started = time.monotonic()
    found = read(content, SHORT)
    assert time.monotonic() - started < SECONDS
    assert found.reason in reasons
    assert found.pieces == []


HARMLESS_TEXT: dict[str, Callable[[], bytes]] = {
    "a font that unpacks to gigabytes": lambda: drawn(
        line("Trotzdem da"),
        font=FONT.replace(b"/Encoding", b"/FontDescriptor 4 0 R /Encoding"),
        more=[b"<< /Type /FontDescriptor /FontName /F /Flags 32 /FontFile2 5 0 R >>", PACKED],
    ),
    "a form within a form that unpacks to gigabytes": lambda: drawn(
        line("Trotzdem da") + b"/X Do",
        resources=b"/XObject << /X 4 0 R >>",
        more=[
            stream(b"/Y Do", FORM + b"/Resources << /XObject << /Y 5 0 R >> >>"),
            PACKED.replace(b"<<", b"<< " + FORM, 1),
        ],
    ),
    "a field whose value unpacks to gigabytes": lambda: drawn(
        line("Trotzdem da"), page=b"/Annots [4 0 R]", more=[b"<< /Subtype /Widget /FT /Tx /V 5 0 R >>", PACKED]
    ),
    "fields that are their own parents": lambda: drawn(
        line("Trotzdem da"), page=b"/Annots [4 0 R]", more=[b"<< /Subtype /Widget /Parent 4 0 R >>"]
    ),
    "headings that contain themselves": lambda: drawn(
        line("Trotzdem da"),
        catalog=b"/MarkInfo << /Marked true >> /StructTreeRoot << /K 4 0 R >>",
        more=[b"<< /S /H1 /K [4 0 R 4 0 R] >>"],
    ),
    "bookmarks in a circle": lambda: drawn(
        line("Trotzdem da"),
        catalog=b"/Outlines 4 0 R",
        more=[b"<< /First 5 0 R >>", b"<< /Title (A) /Next 5 0 R /First 4 0 R >>"],
    ),
}


@pytest.mark.parametrize("kind", HARMLESS_TEXT)
def test_a_trap_beside_the_text_does_not_cost_the_text(kind: str) -> None:
    started = time.monotonic()
    found = read(HARMLESS_TEXT[kind](), SHORT)
    assert time.monotonic() - started < SECONDS
    assert [piece.text for piece in found.pieces] == ["Trotzdem da"]


def test_script_of_a_picture_within_a_book_is_no_text() -> None:
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Lesbar</p>{SVG.decode()}</body></html>'
    found = read(archive({"EPUB/kapitel-1.xhtml": page, "EPUB/bild.svg": SVG}, of=written("epub")))
    assert [piece.text for piece in found.pieces] == ["Lesbar"]


def test_truth_is_in_the_file_and_not_in_its_declared_size() -> None:
    """Sizes that are only declared wrong are read for what they are, or refused, but never trusted."""
    found = read(lying(written("docx", Part("Kopf", ("Wort " * 500,)))))
    assert found.reason in {Reason.DAMAGED, ""}


def test_first_page_of_hostile_files_is_not_drawn() -> None:
    for content, reason in (
        (b"", Reason.DAMAGED),
        (b"%PDF-1.7\n", Reason.DAMAGED),
        (encrypted_pdf("RC4-128"), Reason.ENCRYPTED),
    ):
        with TemporaryFile() as file:
            file.write(content)
            file.flush()
            assert process.draw_first_page(file) == reason


def test_huge_page_is_drawn_small() -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] >>"
    for size in (b"14400 14400", b"3 14400", b"0 0"):
        content = pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page % size])
        with TemporaryFile() as file:
            file.write(content)
            file.flush()
            drawn = process.draw_first_page(file)
        assert isinstance(drawn, Reason) or len(drawn) < 1_000_000


ENDLESS = stream(
    b"0 0 14000 14000 re f",
    b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 14000 14000] /XStep 1 /YStep 1 /Resources << >>",
)
"""A pattern that covers a page with a hundred million tiles."""


def test_a_page_that_takes_too_long_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (process.DRAWING.cpu, process.DRAWING.memory) <= (5, 700_000_000)
    monkeypatch.setattr(process, "DRAWING", replace(process.DRAWING, cpu=1))
    covered = drawn(b"/Pattern cs /P scn 0 0 600 800 re f", resources=b"/Pattern << /P 4 0 R >>", more=[ENDLESS])
    with TemporaryFile() as file:
        file.write(covered)
        assert process.draw_first_page(file) == Reason.TOO_SLOW


def test_child_that_hangs_is_killed_by_the_clock() -> None:
    started = time.monotonic()
    found = read(pages(*["Text"] * 500), Limits(wall=0.01))
    assert found.reason == Reason.TOO_SLOW
    assert time.monotonic() - started < 5


def test_child_without_memory_says_so() -> None:
    assert read(pages("Text"), Limits(memory=10_000_000)).reason in {Reason.OUT_OF_MEMORY, Reason.CRASHED}


def test_child_without_time_says_so() -> None:
    content = pdf_with_content(deflated(20_000_000), b"/FlateDecode", 100)
    assert read(content, Limits(cpu=1)).reason == Reason.TOO_SLOW
