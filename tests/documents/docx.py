"""A file as Word document: headings, tables, a foot note."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.documents.archive import DECLARATION, content_types, pack, relations
from tests.documents.content import Content

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_STYLES = (
    f'{DECLARATION}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>'
    '<w:sz w:val="24"/><w:lang w:val="de-DE"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:rPr><w:b/><w:sz w:val="40"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:keepNext/><w:spacing w:before="360"/><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="30"/></w:rPr></w:style></w:styles>'
)


def write(content: Content) -> bytes:
    """Return the file."""
    body = [_paragraph(content.title, "Titel")]
    notes: list[str] = []
    for part in content.parts:
        body.append(_paragraph(part.heading, "berschrift1"))
        paragraphs = [_run(text) for text in part.paragraphs]
        if part.notes:
            notes.append(part.notes)
            paragraphs[-1] += f'<w:r><w:footnoteReference w:id="{len(notes)}"/></w:r>'
        body += [f"<w:p>{text}</w:p>" for text in paragraphs]
        if part.table:
            body += [_table(part.table), "<w:p/>"]
    main = "wordprocessingml.document.main"
    types = {"word/document.xml": main, "word/styles.xml": "wordprocessingml.styles"}
    links = {"rId1": ("styles", "styles.xml")}
    members = {
        "_rels/.rels": relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"{DECLARATION}<w:document {_W}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": _STYLES,
    }
    if notes:
        types["word/footnotes.xml"] = "wordprocessingml.footnotes"
        links["rId2"] = ("footnotes", "footnotes.xml")
        rows = "".join(
            f'<w:footnote w:id="{number}">{_paragraph(text)}</w:footnote>' for number, text in enumerate(notes, start=1)
        )
        members["word/footnotes.xml"] = f"{DECLARATION}<w:footnotes {_W}>{rows}</w:footnotes>"
    members["word/_rels/document.xml.rels"] = relations(links)
    members["[Content_Types].xml"] = content_types(types)
    return pack(members, stored="[Content_Types].xml")


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{_run(text)}</w:p>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "<w:gridCol/>" * max(len(row) for row in rows)
    cells = "".join("<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{cells}</w:tbl>"
    )
