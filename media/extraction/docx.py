"""Text of a Word document: headings start sections; tables, text boxes and footnotes are read too.

Deleted text and margin comments are not read: they are in the file, but not in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from media.extraction.archive import Archive
from media.extraction.outcome import Extracted, Reason
from media.extraction.pieces import Pieces
from media.extraction.xml import END, START, TEXT, attribute, events, local

MAIN = "word/document.xml"
_STYLES = "word/styles.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_HEADING_NAME = re.compile(r"(heading|berschrift|titre|title|titel) ?[1-9]?\Z", re.IGNORECASE)
_NOT_READ = frozenset({"Fallback", "delText", "instrText", "del", "moveFrom", "sectPr", "pPrChange"})
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "‑", "ptab": " "}


def read(archive: Archive) -> Extracted:
    """Return the text of a document by headings."""
    extracted = Extracted(format="docx")
    headings = set[str]()
    if _STYLES in archive.names:
        headings, extracted.facts.language = _styles(archive)
    pieces = Pieces()
    _body(archive, headings, pieces)
    for name in _NOTES:
        if name in archive.names and not pieces.is_full:
            pieces.page(None)
            for text in _paragraphs(archive, name):
                pieces.paragraph(text)
    extracted.pieces = pieces.close()
    extracted.note = Reason.SHORTENED if pieces.is_full else ""
    return extracted


def _styles(archive: Archive) -> tuple[set[str], str]:
    """Return the ids of the heading styles, and the default language of text."""
    headings: set[str] = set()
    language = style = ""
    with archive.open(_STYLES) as reader:
        for event, element in events(reader):
            if event != START:
                continue
            name = local(element)
            if name == "style":
                style = attribute(element, "styleId")
            elif (name == "name" and _HEADING_NAME.search(attribute(element, "val"))) or name == "outlineLvl":
                headings.add(style)
            elif name == "lang" and not language:
                language = attribute(element, "val")[:12]
    return headings - {""}, language


class _Table:
    """A table being read: its rows so far, and the cells of the current row."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.cells: list[str] = []
        self.texts: list[str] = []

    def text(self) -> str:
        """Return the table as text: cells separated by commas, rows by semicolons."""
        return "; ".join(row for row in self.rows if row)


def _body(archive: Archive, headings: set[str], pieces: Pieces) -> None:
    tables: list[_Table] = []
    paragraph: list[str] = []
    is_heading = False
    # Text boxes lie within a paragraph and contain paragraphs themselves.
    outer: list[tuple[list[str], bool]] = []
    skipped = 0
    with archive.open(MAIN) as reader:
        for event, node in events(reader):
            if event == TEXT:
                continue
            name = local(node)
            if name in _NOT_READ:
                skipped += 1 if event == START else -1
            elif skipped:
                continue
            elif event == START:
                if name == "p":
                    outer.append((paragraph, is_heading))
                    paragraph, is_heading = [], False
                elif name == "pStyle":
                    is_heading = attribute(node, "val") in headings or bool(
                        _HEADING_NAME.search(attribute(node, "val"))
                    )
                elif name == "outlineLvl":
                    is_heading = attribute(node, "val") in "012345678"
                elif name == "tbl":
                    tables.append(_Table())
                elif name in _BREAKS:
                    paragraph.append(_BREAKS[name])
            elif name == "t":
                paragraph.append(node.text or "")
            elif name == "p":
                text = "".join(paragraph)
                if tables:
                    tables[-1].texts.append(text)
                elif is_heading:
                    pieces.heading(text)
                else:
                    pieces.paragraph(text)
                paragraph, is_heading = outer.pop()
            elif tables and name == "tc":
                tables[-1].cells.append(" ".join(text for text in tables[-1].texts if text.strip()))
                tables[-1].texts = []
            elif tables and name == "tr":
                tables[-1].rows.append(", ".join(cell for cell in tables[-1].cells if cell))
                tables[-1].cells = []
            elif tables and name == "tbl":
                text = tables.pop().text()
                if tables:
                    tables[-1].texts.append(text)
                else:
                    pieces.paragraph(text)
            if pieces.is_full:
                return


def _paragraphs(archive: Archive, name: str) -> Iterator[str]:
    """Yield the paragraphs of a part without relevant structure."""
    paragraph: list[str] = []
    skipped = 0
    with archive.open(name) as reader:
        for event, node in events(reader):
            if event == TEXT:
                continue
            tag = local(node)
            if tag in _NOT_READ:
                skipped += 1 if event == START else -1
            elif skipped:
                continue
            elif event == START and tag in _BREAKS:
                paragraph.append(_BREAKS[tag])
            elif event == END and tag == "t":
                paragraph.append(node.text or "")
            elif event == END and tag == "p":
                yield "".join(paragraph)
                paragraph = []
