"""Office documents as the world writes them: what can be read is read, what is hidden is not, what is lost is named."""

from __future__ import annotations

import pytest

from media.extraction.outcome import PartKind, Reason, Unreadable
from tests.attachments import archive, read_here, written
from tests.media.packages import ODF, SLIDE, WORD, docx, odt, paragraph, pptx, shape, slide

CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Lernzuwachs'
    "</a:t></a:r></a:p></c:rich></c:tx></c:title><c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>Lesekurs</c:v></c:pt></c:strCache>"
    "</c:strRef></c:tx><c:val><c:numRef><c:numCache><c:pt><c:v>4711</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>"
    "</c:chart></c:chartSpace>"
)
SMART = (
    '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst><dgm:pt><dgm:prSet phldr="1"/><dgm:t><a:p><a:r>'
    "<a:t>[Text]</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:prSet/><dgm:t><a:p><a:r><a:t>Beobachten</a:t></a:r></a:p>"
    "</dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
)
DRAWN = SMART.replace("dgm:dataModel", "dgm:drawing").replace("Beobachten", "Nachdenken")
SYMBOL = "<w:p><w:r><w:t>{}</w:t></w:r><w:r>{}</w:r><w:r><w:t>{}</w:t></w:r></w:p>"
BOX = "<w:txbxContent>{}</w:txbxContent>"


def field(instruction: str, result: str = "") -> str:
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def picture(described: str = "", extra: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="Bild" descr="{described}">{extra}</wp:docPr>'
        "<a:graphic><a:blip/></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def drop_cap(letter: str, kind: str = "drop") -> str:
    return paragraph(letter, f'<w:framePr w:dropCap="{kind}" w:lines="3"/>')


def styles(*rows: str) -> dict[str, str]:
    return {"word/styles.xml": f"<w:styles {WORD}>{''.join(rows)}</w:styles>"}


STYLED = {"r1": ("styles", "styles.xml")}
HIDING = styles(
    '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="Lösung"/><w:rPr><w:vanish/></w:rPr></w:style>',
    '<w:style w:type="paragraph" w:styleId="LL"><w:name w:val="Tipp"/><w:basedOn w:val="L"/></w:style>',
    '<w:style w:type="character" w:styleId="Z"><w:name w:val="Verborgen"/><w:rPr><w:vanish/></w:rPr></w:style>',
)

DOCX = {
    "drop cap": (docx(drop_cap("F") + paragraph("örderplanung gelingt.")), "Förderplanung gelingt."),
    "drop cap in the margin": (docx(drop_cap("Ü", "margin") + paragraph("bung macht's.")), "Übung macht's."),
    "drop cap before an empty line": (docx(drop_cap("L") + "<w:p/>" + paragraph("esen")), "Lesen"),
    "drop cap that nothing follows": (docx(paragraph("Ende.") + drop_cap("Z")), "Ende. Z"),
    "letter as a sign": (docx(SYMBOL.format("Gr", '<w:sym w:font="Calibri" w:char="00FC"/>', "n")), "Grün"),
    "letter in the private range": (docx(SYMBOL.format("Gr", '<w:sym w:font="Arial" w:char="F0FC"/>', "n")), "Grün"),
    "Greek letter": (docx(SYMBOL.format("Der Winkel ", '<w:sym w:font="Symbol" w:char="F061"/>', ".")), "Der Winkel α."),
    "pictogram": (docx(SYMBOL.format("ja", '<w:sym w:font="Wingdings" w:char="F0FC"/>', "nein")), "ja nein"),
    "sign by a field": (docx("<w:p><w:r><w:t>Gr</w:t></w:r>" + field(r"SYMBOL 252 \f Arial") + "<w:r><w:t>n</w:t></w:r></w:p>"), "Grün"),
    "number of a page": (docx(f"<w:p><w:r><w:t>Inhalt</w:t></w:r>{field('PAGEREF _Toc1', '4711')}</w:p>"), "Inhalt"),
    "page as a table of contents": (docx(f"<w:p>{field('TOC', 'Einleitung')}</w:p>"), "Einleitung"),
    "text box once": (
        docx(f"<w:p><w:r><mc:AlternateContent><mc:Choice>{BOX.format(paragraph('Kasten'))}</mc:Choice><mc:Fallback>"
             f"{BOX.format(paragraph('Kasten'))}</mc:Fallback></mc:AlternateContent></w:r></w:p>"),
        "Kasten",
    ),
    "text box for older programs only": (
        docx(f"<w:p><w:r><mc:AlternateContent><mc:Choice/><mc:Fallback>{BOX.format(paragraph('Kasten'))}</mc:Fallback>"
             "</mc:AlternateContent></w:r></w:p>"),
        "Kasten",
    ),
    "old WordArt": (docx('<w:p><w:r><w:pict><v:shape><v:textpath string="Arbeitsblatt"/></v:shape></w:pict></w:r></w:p>'), "Arbeitsblatt"),
    "alternative text": (docx(picture("Fingeralphabet A bis E") + paragraph("Bild")), "Fingeralphabet A bis E · Bild"),
    "alternative text of an old picture": (docx('<w:p><w:r><w:pict><v:shape alt="Ein Igel"><v:imagedata/></v:shape></w:pict></w:r></w:p>'), "Ein Igel"),
    "description of a table": (
        docx('<w:tbl><w:tblPr><w:tblDescription w:val="Stundenplan"/></w:tblPr><w:tr><w:tc>' + paragraph("Mo") + "</w:tc></w:tr></w:tbl>"),
        "Stundenplan Mo",
    ),
    "file name as alternative text": (docx(picture("C:\\Bilder\\foto.JPG") + paragraph("Bild")), "Bild"),
    "hidden run": (docx(paragraph("Lösung", run="<w:vanish/>") + paragraph("Aufgabe")), "Aufgabe"),
    "run that is not hidden": (docx(paragraph("Aufgabe", run='<w:vanish w:val="0"/>')), "Aufgabe"),
    "hidden mark of a paragraph": (docx(paragraph("Aufgabe", "<w:rPr><w:vanish/></w:rPr>")), "Aufgabe"),
    "hidden by paragraph style": (docx(paragraph("Lösung", '<w:pStyle w:val="L"/>') + paragraph("Auf"), HIDING, STYLED), "Auf"),
    "hidden by a derived style": (docx(paragraph("Lösung", '<w:pStyle w:val="LL"/>') + paragraph("Auf"), HIDING, STYLED), "Auf"),
    "hidden by character style": (docx(paragraph("Lösung", run='<w:rStyle w:val="Z"/>') + paragraph("Auf"), HIDING, STYLED), "Auf"),
    "hidden row": (
        docx("<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>" + paragraph("Lösung") + "</w:tc></w:tr><w:tr><w:tc>" + paragraph("Auf") + "</w:tc></w:tr></w:tbl>"),
        "Auf",
    ),
    "hidden drawing": (docx(f'<w:p><w:r><w:drawing><wp:docPr hidden="1" descr="Lösung"/>{BOX.format(paragraph("Lösung"))}</w:drawing></w:r></w:p>' + paragraph("Auf")), "Auf"),
    "former look of hidden text": (docx(paragraph("Auf", run="<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")), "Auf"),
    "another name of the main part": (docx(paragraph("Plan"), main="word/document2.xml"), "Plan"),
    "main part in another folder": (docx(paragraph("Plan"), main="inhalt/text.xml"), "Plan"),
    "header": (docx(paragraph("Auf"), {"word/h.xml": f"<w:hdr {WORD}>{paragraph('Magnetismus')}</w:hdr>"}, {"r1": ("header", "h.xml")}), "Magnetismus · Auf"),
    "equal headers and page numbers": (
        docx(
            paragraph("Auf"),
            {f"word/h{n}.xml": f"<w:hdr {WORD}>{paragraph('Magnete')}{paragraph('Seite 1 von 4')}</w:hdr>" for n in (1, 2)},
            {f"r{n}": ("header", f"h{n}.xml") for n in (1, 2)},
        ),
        "Magnete · Auf",
    ),
    "footer": (docx(paragraph("Auf"), {"word/f.xml": f"<w:ftr {WORD}>{paragraph('Schule am Teich')}</w:ftr>"}, {"r1": ("footer", "f.xml")}), "Auf · Schule am Teich"),
    "chart": (docx(paragraph("Auf"), {"word/charts/c.xml": CHART}, {"r1": ("chart", "charts/c.xml")}), "Auf | Lernzuwachs · Lesekurs"),
    "chart where it stands": (
        docx('<w:p><w:r><w:drawing><c:chart r:id="r1"/></w:drawing></w:r></w:p>' + paragraph("Auf"), {"word/c.xml": CHART}, {"r1": ("chart", "c.xml")}),
        "Lernzuwachs · Lesekurs · Auf",
    ),
    "SmartArt": (docx(paragraph("Auf"), {"word/d.xml": SMART}, {"r1": ("diagramData", "d.xml")}), "Auf | Beobachten"),
    "page in the text": (docx('<w:altChunk r:id="r1"/>', {"word/x.html": "<p>Elternbrief<p>Zweiter"}, {"r1": ("aFChunk", "x.html")}), "Elternbrief · Zweiter"),
    "text in the text": (docx('<w:altChunk r:id="r1"/>', {"word/x.txt": "Übung".encode("cp1252")}, {"r1": ("aFChunk", "x.txt")}), "Übung"),
    "RTF in the text": (docx('<w:altChunk r:id="r1"/>', {"word/x.rtf": r"{\rtf1\ansi Eltern\par}"}, {"r1": ("aFChunk", "x.rtf")}), "Eltern"),
    "document in the text": (docx('<w:altChunk r:id="r1"/>' + paragraph("Ende"), {"word/x.docx": docx(paragraph("Innen"))}, {"r1": ("aFChunk", "x.docx")}), "Innen · Ende"),
    "web archive in the text": (
        docx('<w:altChunk r:id="r1"/>', {"word/x.mht": "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Brief</p>"}, {"r1": ("aFChunk", "x.mht")}),
        "Brief",
    ),
    "backward slashes": (archive({"[Content_Types].xml": "<Types/>", "_rels\\.rels": '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word\\document.xml"/></Relationships>', "word\\document.xml": f"<w:document {WORD}>{paragraph('Plan')}</w:document>"}), "Plan"),
    "undeclared prefix": (docx("<x:y/>" + paragraph("Plan")), "Plan"),
    "reading of a foreign word": (docx("<w:p><w:r><w:ruby><w:rt><w:r><w:t>los</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>Los</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"), "Los"),
}  # fmt: skip


def text_of(content: bytes) -> str:
    found = read_here(content)
    assert not found.reason
    return " | ".join(piece.text for piece in found.pieces)


@pytest.mark.parametrize("kind", DOCX)
def test_a_word_document_is_read_as_it_is_shown(kind: str) -> None:
    content, text = DOCX[kind]
    assert text_of(content) == text


TABLE = (
    "<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Montag</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p>"
    "<a:r><a:t>Lesetandem</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>"
)
SECTIONS = (
    '<p:extLst><p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="Einstieg">'
    '<p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst></p14:section></p14:sectionLst></p:extLst>'
)
ALTERNATE = "<mc:AlternateContent><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback></mc:AlternateContent>"

PPTX = {
    "sections": (pptx(slide(shape("Kreis", "title")), end=SECTIONS), "Kreis"),
    "table behind a slide number": (pptx(slide(shape("Plan", "title") + shape("7", "sldNum") + TABLE)), "Plan · Montag, Lesetandem"),
    "text behind a date": (pptx(slide(shape("3. Mai", "dt") + "<p:grpSp>" + shape("Gruppe") + "</p:grpSp>")), "Gruppe"),
    "shapes for older programs": (pptx(slide(ALTERNATE.format(shape("Formel")))), "Formel"),
    "SmartArt": (pptx(slide(shape("Kreis")), members={"ppt/diagrams/data1.xml": SMART}, links={"r9": ("diagramData", "../diagrams/data1.xml")}), "Kreis · Beobachten"),
    "SmartArt whose data are lost": (
        pptx(slide(shape("Kreis")), members={"ppt/diagrams/drawing1.xml": DRAWN}, links={"r8": ("diagramData", "../diagrams/data1.xml"), "r9": ("diagramDrawing", "../diagrams/drawing1.xml")}),
        "Kreis · Nachdenken",
    ),
    "chart": (pptx(slide(shape("Ende")), members={"ppt/charts/c.xml": CHART}, links={"r9": ("chart", "../charts/c.xml")}), "Ende · Lernzuwachs · Lesekurs"),
    "alternative text": (pptx(slide('<p:pic><p:nvPicPr><p:cNvPr id="4" descr="Gebärde"/></p:nvPicPr></p:pic>' + shape("Bild"))), "Gebärde · Bild"),
    "alternative text of a group": (pptx(slide('<p:grpSp><p:nvGrpSpPr><p:cNvPr id="4" descr="Gebärde"/></p:nvGrpSpPr>' + shape("Bild") + "</p:grpSp>")), "Bild · Gebärde"),
    "hidden slide": (pptx(slide(shape("Auf")), slide(shape("Lösung"), 'show="0"')), "Auf"),
    "hidden shape": (pptx(slide(shape("Auf") + shape("Lösung", properties='hidden="1" descr="Lösung"'))), "Auf"),
    "footer": (pptx(slide(shape("Auf") + shape("Magnetismus", "ftr"))), "Auf · Magnetismus"),
    "words of the layout once": (
        pptx(
            slide(shape("Eins")),
            slide(shape("Zwei")),
            members={
                "ppt/slideLayouts/l.xml": f"<p:sldLayout {SLIDE}><p:spTree>{shape('Schule am Teich')}{shape('Titel bearbeiten', 'title')}</p:spTree></p:sldLayout>",
                "ppt/slides/_rels/slide2.xml.rels": '<Relationships><Relationship Id="a" Type="x/slideLayout" Target="../slideLayouts/l.xml"/></Relationships>',
            },
            links={"a": ("slideLayout", "../slideLayouts/l.xml")},
        ),
        "Eins | Zwei | Schule am Teich",
    ),
    "lost list of slides": (pptx(slide(shape("Auf")), members={"ppt/presentation.xml": "<p:presentation"}), "Auf"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PPTX)
def test_a_presentation_is_read_as_it_is_shown(kind: str) -> None:
    content, text = PPTX[kind]
    assert text_of(content) == text


FRAME = '<draw:frame{}><draw:image xlink:href="a.png"/>{}</draw:frame>'
ODF_STYLES = f"<office:document-styles {ODF}>{{}}</office:document-styles>"
HIDDEN_STYLE = (
    '<style:style style:name="V" style:family="{}"><style:text-properties text:display="none"/></style:style>'
)
OBJECT = (
    f"<office:document-content {ODF}><chart:title><text:p>Lernzuwachs</text:p></chart:title><table:table-cell "
    'office:value-type="float"><text:p>4711</text:p></table:table-cell></office:document-content>'
)

ODT = {
    "ids that occur twice": (odt("".join(f'<text:list xml:id="a"><text:p>{word}</text:p></text:list>' for word in ("Eins", "Zwei"))), "Eins · Zwei"),
    "ids of paragraphs": (odt('<text:h xml:id="a">Kopf</text:h><text:p xml:id="a">Rumpf</text:p>'), "Kopf · Rumpf"),
    "header and footer": (
        odt("<text:p>Zeile</text:p>", {"styles.xml": ODF_STYLES.format("<style:master-page><style:header><text:p>Magnete</text:p></style:header><style:footer><text:p>Seite <text:page-number>1</text:page-number></text:p><text:p>Schule</text:p></style:footer></style:master-page>")}),
        "Magnete · Zeile | Seite · Schule",
    ),
    "alternative text": (odt(f"<text:p>Davor{FRAME.format('', '<svg:title>Igel</svg:title><svg:desc>Ein Igel frisst</svg:desc>')}danach</text:p>"), "Davordanach · Igel · Ein Igel frisst"),
    "alternative text of a shape": (odt("<text:p><draw:custom-shape><svg:desc>Pfeil nach oben</svg:desc><text:p>Start</text:p></draw:custom-shape></text:p>"), "Start · Pfeil nach oben"),
    "alternative text at the page": (odt(FRAME.format("", "<svg:desc>Ein Turm</svg:desc>") + "<text:p>Bild</text:p>"), "Ein Turm · Bild"),
    "hidden span": (odt('<text:p>Auf<text:span text:style-name="V">Lösung</text:span>gabe</text:p>', styles=HIDDEN_STYLE.format("text")), "Aufgabe"),
    "hidden by paragraph style": (odt('<text:p text:style-name="V">Lösung</text:p><text:p>Auf</text:p>', styles=HIDDEN_STYLE.format("paragraph")), "Auf"),
    "hidden by a derived style": (odt('<text:p text:style-name="W">Lösung</text:p><text:p>Auf</text:p>', styles=HIDDEN_STYLE.format("paragraph") + '<style:style style:name="W" style:family="paragraph" style:parent-style-name="V"/>'), "Auf"),
    "hidden section": (odt('<text:section text:display="none"><text:p>Lösung</text:p></text:section><text:p>Auf</text:p>'), "Auf"),
    "hidden text": (odt('<text:p>Auf<text:hidden-text text:is-hidden="true">Lösung</text:hidden-text></text:p>'), "Auf"),
    "hidden paragraph": (odt('<text:p><text:hidden-paragraph text:is-hidden="true"/>Lösung</text:p><text:p>Auf</text:p>'), "Auf"),
    "hidden row": (odt('<table:table><table:table-row table:visibility="collapse"><table:table-cell><text:p>Lösung</text:p></table:table-cell></table:table-row></table:table><text:p>Auf</text:p>'), "Auf"),
    "chart": (odt('<text:p>Auf<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p>', {"Object 1/content.xml": OBJECT}), "Lernzuwachs · Auf"),
    "names of form fields": (odt('<office:forms><form:form><form:checkbox form:label="Ich war dabei"/></form:form></office:forms><text:p>Auf</text:p>'), "Ich war dabei · Auf"),
    "document type": (odt("", {"content.xml": f'<!DOCTYPE office:document-content PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd"><office:document-content {ODF}><text:p>Alt</text:p></office:document-content>'}), "Alt"),
    "mimetype with a mark": (odt("<text:p>Auf</text:p>", {"mimetype": "\ufeffapplication/vnd.oasis.opendocument.text\r\n"}), "Auf"),
    "mimetype empty": (odt("<text:p>Auf</text:p>", {"mimetype": ""}), "Auf"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODT)
def test_an_opendocument_text_is_read_as_it_is_shown(kind: str) -> None:
    content, text = ODT[kind]
    assert text_of(content) == text


TORN = f"<w:document {WORD}>{paragraph('Heil geblieben')}<w:p><w:r><w:t>ab"

DAMAGED = {
    "a header of Word": (docx(paragraph("Heil"), {"word/h.xml": "kein XML"}, {"a": ("header", "h.xml")}), "Heil", PartKind.PART, 1, 2),
    "a lost chart of Word": (docx(paragraph("Heil"), links={"a": ("chart", "c.xml")}), "Heil", PartKind.PART, 1, 2),
    "a chunk of unknown kind": (docx('<w:altChunk r:id="a"/>' + paragraph("Heil"), {"word/x.bin": b"\0\1\2\3" * 99}, {"a": ("aFChunk", "x.bin")}), "Heil", PartKind.PART, 1, 2),
    "the end of a Word document": (docx("", {"word/document.xml": TORN}), "Heil geblieben", PartKind.PART, 1, 1),
    "one slide": (pptx(slide(shape("Heil")), "kein XML"), "Heil", PartKind.SLIDE, 1, 2),
    "a slide that is lost": (pptx(slide(shape("Heil")), slide(""), members={"ppt/_rels/presentation.xml.rels": '<Relationships><Relationship Id="rId1" Type="x/slide" Target="slides/slide1.xml"/></Relationships>'}), "Heil", PartKind.SLIDE, 1, 2),
    "notes": (pptx(slide(shape("Heil")), members={"ppt/n.xml": "<"}, links={"a": ("notesSlide", "../n.xml")}), "Heil", PartKind.PART, 1, 1),
    "styles of OpenDocument": (odt("<text:p>Heil</text:p>", {"styles.xml": "kein XML"}), "Heil", PartKind.PART, 1, 2),
    "an object of OpenDocument": (odt('<text:p>Heil<draw:frame><draw:object xlink:href="./O"/></draw:frame></text:p>', {"O/content.xml": "<"}), "Heil", PartKind.PART, 1, 2),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_part_costs_only_itself_and_is_named(kind: str) -> None:
    content, text, part, count, total = DAMAGED[kind]
    found = read_here(content)
    assert text in found.pieces[0].text
    assert found.note == Reason.PARTS_UNREADABLE
    assert found.facts.unreadable == Unreadable(part, count, total)


def test_a_member_that_cannot_be_unpacked_costs_only_itself() -> None:
    content = bytearray(pptx(slide(shape("Heil")), slide(shape("Verdorben " + "x" * 50))))
    at = content.find(b"ppt/slides/slide2.xml") + len("ppt/slides/slide2.xml")
    content[at + 20 : at + 40] = b"\xff" * 20
    found = read_here(bytes(content))
    assert ([piece.text for piece in found.pieces], found.facts.unreadable) == (
        ["Heil"],
        Unreadable(PartKind.SLIDE, 1, 2),
    )


def test_facts_of_a_word_document_are_measured() -> None:
    core = "<x><title>Der Titel</title></x>"
    body = (
        paragraph("Kopf", '<w:pStyle w:val="berschrift1"/>')
        + paragraph("Titel", '<w:pStyle w:val="Titel"/>')
        + picture("Ein Igel")
        + picture()
        + picture(extra='<a:extLst><adec:decorative val="1"/></a:extLst>')
        + picture("foto.png")
    )
    facts = read_here(archive({"docProps/core.xml": core, "word/document.xml": f"<w:document {WORD}>{body}</w:document>"}, of=written("docx"))).facts  # fmt: skip
    assert (facts.title, facts.language, facts.headings) == ("Der Titel", "de-DE", 1)
    assert (facts.pictures, facts.described_pictures, facts.pages) == (3, 1, None)


def test_facts_of_a_presentation_are_measured() -> None:
    pictures = '<p:pic><p:nvPicPr><p:cNvPr id="4" descr="Igel"/></p:nvPicPr></p:pic><p:pic/>'
    facts = read_here(pptx(slide(shape("Titel", "title") + pictures), slide(shape("ohne")))).facts
    assert (facts.title, facts.language, facts.headings) == ("", "", 1)
    assert (facts.pictures, facts.described_pictures, facts.pages) == (2, 1, 2)


def test_facts_of_an_opendocument_text_are_measured() -> None:
    frames = FRAME.format("", "<svg:desc>Igel</svg:desc>") + FRAME.format("", "")
    meta = f'<office:document-meta {ODF} xmlns:meta="m"><dc:title>Der Titel</dc:title><meta:document-statistic meta:page-count="3"/></office:document-meta>'
    facts = read_here(odt(f"<text:h>Kopf</text:h>{frames}", {"meta.xml": meta})).facts
    assert (facts.title, facts.language, facts.headings) == ("Der Titel", "", 1)
    assert (facts.pictures, facts.described_pictures, facts.pages) == (2, 1, 3)
