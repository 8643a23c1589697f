"""Writes small PDF worksheets for the sample materials: real text, no library, no font file.

A page of text in one of the fonts that every PDF reader has takes a few lines of the format, and unlike
a drawn picture it can be read aloud and searched.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

PAGE = (595, 842)
"""A4 in points."""

LEFT, RIGHT, TOP = 62, 533, 770
REGULAR, BOLD = "F1", "F2"
AVERAGE_WIDTH = 0.52
"""Mean width of a letter of Helvetica in ems, rounded up: lines are cut a little early."""


class PageWriter:
    """Collects the drawing commands of one page from the top down."""

    def __init__(self) -> None:
        self.commands: list[bytes] = []
        self.y = TOP

    def text(self, text: str, size: int = 12, font: str = REGULAR, indent: int = 0, gap: int = 6) -> None:
        """Write a paragraph, broken into lines."""
        width = int((RIGHT - LEFT - indent) / (size * AVERAGE_WIDTH))
        for line in textwrap.wrap(text, width) or [""]:
            self.y -= round(size * 1.4)
            self.commands.append(
                b"BT /%s %d Tf %d %d Td (%s) Tj ET" % (font.encode(), size, LEFT + indent, self.y, _escape(line))
            )
        self.y -= gap

    def rule(self, gap: int = 26) -> None:
        """Draw a line to write on."""
        self.y -= gap
        self.commands.append(b"0.6 w %d %d m %d %d l S" % (LEFT, self.y, RIGHT, self.y))

    def tick_box(self, text: str) -> None:
        """Draw a box to tick with a line of text."""
        self.commands.append(b"1 w %d %d 12 12 re S" % (LEFT, self.y - 18))
        self.text(text, 13, indent=24, gap=8)

    def content(self) -> bytes:
        """Return the page's drawing commands."""
        return b"\n".join(self.commands)


def draw_worksheet(data: Mapping[str, Any]) -> bytes:
    """Return a two-page PDF for the pupils made from a material's title, steps and topics."""
    first = PageWriter()
    first.text("Name: ______________________        Datum: ______________", 11, gap=18)
    first.text(data["title"], 20, BOLD, gap=12)
    first.text("So gehe ich vor", 14, BOLD)
    for number, step in enumerate(data["steps"], start=1):
        first.tick_box(f"{number}. {step['title']}")
        first.rule(22)
        first.y -= 12
    first.text("Das war heute wichtig für mich:", 14, BOLD, gap=0)
    while first.y > 110:
        first.rule()
    second = PageWriter()
    second.text("Mein Wortspeicher", 18, BOLD, gap=12)
    second.text("Diese Wörter gehören zum Thema. Kreuze an, was du schon erklären kannst.", 12, gap=12)
    for word in [*data.get("topics", ()), *data.get("keywords", "").split(",")]:
        if word.strip() and second.y > 330:
            second.tick_box(word.strip())
    second.text("Wobei brauche ich noch Hilfe?", 14, BOLD, gap=0)
    for _ in range(5):
        second.rule()
    second.y = 70
    second.text(f"Beispielmaterial der Bibliothek Fundus. Lizenz: {data.get('license', 'cc0').upper()}", 9)
    return assemble(data["title"], [first.content(), second.content()])


def assemble(title: str, pages: list[bytes]) -> bytes:
    """Return a PDF file of the pages, with title and language for those who have it read to them."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(count))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (de) /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Title %s >>" % _unicode(title),
    ]
    for number, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (*PAGE, 7 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    file = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(file)


def _escape(text: str) -> bytes:
    """Return a line in the encoding of the fonts, with the characters of the syntax masked."""
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _unicode(text: str) -> bytes:
    """Return a text of the document's information, which may hold any character."""
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().upper().encode()
