"""Documents that tell who made them, in every way their programs do. Each value holds a word of `NAMES`."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pypdf
from openpyxl.comments import Comment
from pypdf.annotations import Text
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from tests.attachments import archive, pages, written
from tests.media.pictures import TOLD, telling

NAMES = (*(name for name in TOLD if b":" not in name), b"Kollegium", b"Sekretariat", b"LENAPC", b"00AB12CD")

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BY = 'w:id="1" w:author="Lena" w:date="2026-01-01T00:00:00Z"'
_CORE = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Das Blatt</dc:title><dc:creator>Lena</dc:creator>
<cp:lastModifiedBy>Sekretariat</cp:lastModifiedBy><cp:revision>7</cp:revision>
<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created><dc:language>de</dc:language></cp:coreProperties>"""
_APP = """<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">
<Template>C:\\LENAPC\\Vorlage.dotx</Template><TotalTime>12</TotalTime><Company>Kollegium 4b</Company></Properties>"""
_CUSTOM = """<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">
<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="_AuthorEmail"><v>Lena</v></property></Properties>"""
_PEOPLE = """<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="Lena">
<w15:presenceInfo w15:providerId="AD" w15:userId="Lena"/></w15:person></w15:people>"""


def _paragraphs() -> str:
    return f"""<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"><w:pPr><w:rPr><w:ins {_BY}/></w:rPr>
<w:pPrChange {_BY}><w:pPr/></w:pPrChange></w:pPr><w:r><w:t xml:space="preserve">Bleibt </w:t></w:r>
<w:ins {_BY}><w:r w:rsidR="00AB12CD"><w:rPr><w:rPrChange {_BY}><w:rPr/></w:rPrChange></w:rPr><w:t>kam dazu</w:t></w:r></w:ins>
<w:del {_BY}><w:r><w:delText>Lena fehlte</w:delText></w:r></w:del>
<w:commentRangeStart w:id="0"/><w:r><w:t xml:space="preserve"> und steht.</w:t></w:r><w:commentRangeEnd w:id="0"/>
<w:r><w:commentReference w:id="0"/></w:r></w:p>"""


def _docx() -> bytes:
    plain = written("docx")
    with zipfile.ZipFile(io.BytesIO(plain)) as packed:
        document = packed.read("word/document.xml").decode()
    at = document.index("<w:p>") if "<w:p>" in document else document.index("<w:p ")
    return archive(
        {
            "word/document.xml": document[:at] + _paragraphs() + document[at:],
            "word/comments.xml": f'<w:comments {_W}><w:comment {_BY} w:initials="L"><w:p><w:r><w:t>Lena?</w:t></w:r></w:p>'
            "</w:comment></w:comments>",
            "word/people.xml": _PEOPLE,
            "word/settings.xml": f'<w:settings {_W}><w:rsids><w:rsid w:val="00AB12CD"/></w:rsids></w:settings>',
            "docProps/core.xml": _CORE,
            "docProps/app.xml": _APP,
            "docProps/custom.xml": _CUSTOM,
            "word/media/bild.jpeg": telling("jpeg"),
        },
        of=plain,
    )


def _pptx() -> bytes:
    p = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    return archive(
        {
            "ppt/commentAuthors.xml": f'<p:cmAuthorLst {p}><p:cmAuthor id="0" name="Lena" initials="L"/></p:cmAuthorLst>',
            "ppt/comments/comment1.xml": f'<p:cmLst {p}><p:cm authorId="0" dt="2026-01-01T00:00:00"><p:text>Lena?</p:text>'
            "</p:cm></p:cmLst>",
            "docProps/core.xml": _CORE,
            "docProps/app.xml": _APP,
            "ppt/media/bild.png": telling("png"),
        },
        of=written("pptx"),
    )


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.lastModifiedBy = "Lena", "Sekretariat"
    sheet = book.active
    sheet.append(["Name", "Punkte"])
    sheet.append(["Tier", 3])
    sheet["A1"].comment = Comment("Lena:\nbitte prüfen", "Lena")
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as packed:
        workbook = packed.read("xl/workbook.xml").decode()
        notes = packed.read("xl/comments/comment1.xml").decode()
    path = (
        '<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:\\LENAPC\\"/>'
    )
    start = workbook.index("<workbookPr")
    notes = re.sub(
        r"<text>.*</text>", "<text><r><t>Lena:</t></r><r><t>bitte prüfen</t></r></text>", notes, flags=re.DOTALL
    )
    persons = (
        '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<person displayName="Lena" id="{1}" userId="Lena" providerId="AD"/></personList>'
    )
    return archive(
        {
            "xl/workbook.xml": workbook[:start] + path + workbook[start:],
            "xl/comments/comment1.xml": notes,
            "xl/persons/person.xml": persons,
        },
        of=file.getvalue(),
    )


_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def _odt() -> bytes:
    plain = written("odt")
    with zipfile.ZipFile(io.BytesIO(plain)) as packed:
        content = packed.read("content.xml").decode()
    at = content.index("<text:p")
    by = "<dc:creator>Lena</dc:creator><dc:date>2026-01-01T00:00:00</dc:date>"
    more = (
        f'<text:tracked-changes {_ODF}><text:changed-region text:id="c1"><text:deletion><office:change-info>{by}'
        "</office:change-info><text:p>Lena fehlte</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        f'<text:p {_ODF}>Vorher<text:change text:change-id="c1"/> und<office:annotation>{by}<text:p>Lena?</text:p>'
        "</office:annotation> nachher.</text:p>"
    )
    meta = (
        f"<office:document-meta {_ODF}><office:meta><meta:initial-creator>Lena</meta:initial-creator>{by}"
        "<meta:editing-cycles>7</meta:editing-cycles><dc:title>Das Blatt</dc:title>"
        '<meta:user-defined meta:name="Klasse">Kollegium</meta:user-defined></office:meta></office:document-meta>'
    )
    return archive(
        {"content.xml": content[:at] + more + content[at:], "meta.xml": meta, "Pictures/1.jpg": telling("jpeg")},
        of=plain,
    )


def _epub() -> bytes:
    plain = written("epub")
    with zipfile.ZipFile(io.BytesIO(plain)) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".opf"))
        opf = packed.read(name).decode()
    end = opf.index("</metadata>") if "</metadata>" in opf else opf.index("</opf:metadata>")
    more = '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/" id="wer">Lena</dc:creator><meta refines="#wer" property="file-as">Lena</meta>'
    return archive({name: opf[:end] + more + opf[end:], "OEBPS/bild.webp": telling("webp")}, of=plain)


def _pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pages("Eins", "Zwei")))
    writer.add_metadata(
        {"/Author": "Lena", "/Company": "Kollegium", "/CreationDate": "D:20260101000000", "/Title": "Das Blatt"}
    )
    writer.xmp_metadata = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
        b' pdfuaid:part="1"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Das Blatt</rdf:li></rdf:Alt></dc:title>'
        b"<dc:creator><rdf:Seq><rdf:li>Lena</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    note = Text(text="bitte prüfen", rect=(10, 10, 30, 30))
    note[NameObject("/T")] = TextStringObject("Lena")
    writer.add_annotation(0, note)
    writer.pages[0][NameObject("/PieceInfo")] = DictionaryObject({NameObject("/Prog"): TextStringObject("LENAPC")})
    picture = StreamObject()
    picture._data = telling("jpeg")
    for key, value in {"/Type": "/XObject", "/Subtype": "/Image", "/Filter": "/DCTDecode"}.items():
        picture[NameObject(key)] = NameObject(value)
    resources = writer.pages[1]["/Resources"]
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Bild"): writer._add_object(picture)})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _zip() -> bytes:
    return archive({"bild.jpg": telling("jpeg"), "ordner/blatt.docx": _docx(), "lies.txt": "Hallo"})


MAKERS = {"docx": _docx, "pptx": _pptx, "xlsx": _xlsx, "odt": _odt, "epub": _epub, "pdf": _pdf, "zip": _zip}


def telling_document(ending: str) -> bytes:
    """Return a document of a kind in `MAKERS`."""
    return MAKERS[ending]()


def unpacked(content: bytes) -> bytes:
    """Return all bytes of a file, its packed parts unpacked: of archives within archives and of streams too."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return b"\0".join(unpacked(packed.read(name)) for name in packed.namelist())
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        streams = [
            one for number in range(1, len(reader.xref[0]) + 1) if hasattr(one := reader.get_object(number), "get_data")
        ]
        return b"\0".join((content, *(one.get_data() for one in streams)))
    return content
