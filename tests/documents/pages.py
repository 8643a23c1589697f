"""Pages of a PDF: real text in one of the fonts that every reader has, so no library and no font file.

Headings and paragraphs are tagged (ISO 32000-2, 14.7 and 14.8); page numbers are artifacts, which are not read.
"""

from __future__ import annotations

import textwrap

PAGE = (595, 842)
"""A4 in points."""

LEFT, RIGHT, TOP = 62, 533, 770
REGULAR, BOLD = "F1", "F2"
TITLE_SIZE = 18
ARTIFACT = b"/Artifact BMC"
AVERAGE_WIDTH = 0.52
"""Mean width of a letter of Helvetica in ems, rounded up: lines are cut a little early."""


class PageWriter:
    """Collects the drawing commands of one page from the top down; `tags` are those of its paragraphs in order."""

    def __init__(self) -> None:
        self.commands: list[bytes] = []
        self.tags: list[bytes] = []
        self.y = TOP

    def text(
        self, text: str, size: int = 12, font: str = REGULAR, indent: int = 0, gap: int = 6, *, is_read: bool = True
    ) -> None:
        """Write a paragraph, broken into lines; a bold one is a heading, the greatest the title."""
        if is_read:
            tag = b"P" if font == REGULAR else b"H1" if size >= TITLE_SIZE else b"H2"
            self.commands.append(b"/%s << /MCID %d >> BDC" % (tag, len(self.tags)))
            self.tags.append(tag)
        else:
            self.commands.append(ARTIFACT)
        width = int((RIGHT - LEFT - indent) / (size * AVERAGE_WIDTH))
        for line in textwrap.wrap(text, width) or [""]:
            self.y -= round(size * 1.4)
            self.commands.append(
                b"BT /%s %d Tf %d %d Td (%s) Tj ET" % (font.encode(), size, LEFT + indent, self.y, _escape(line))
            )
        self.commands.append(b"EMC")
        self.y -= gap

    def content(self) -> bytes:
        """Return the page's drawing commands."""
        return b"\n".join(self.commands)


def assemble(title: str, pages: list[PageWriter]) -> bytes:
    """Return a tagged PDF file of the pages, with title and language for those who have it read to them."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(count))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (de) /ViewerPreferences << /DisplayDocTitle true >> "
        b"/MarkInfo << /Marked true >> /StructTreeRoot %d 0 R >>" % (6 + 2 * count),
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Title %s >>" % _unicode(title),
    ]
    for number, page in enumerate(pages):
        content = page.content()
        objects.append(
            b"<< /Type /Page /StructParents %d /Tabs /S /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (number, *PAGE, 7 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects += _structure(pages, first=6 + 2 * count)
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


def _structure(pages: list[PageWriter], *, first: int) -> list[bytes]:
    """Return the objects that tell what is a heading and what a paragraph, in the order in which they are read."""
    document = first + 1
    elements: list[bytes] = []
    parents: list[bytes] = []
    for number, page in enumerate(pages):
        begin = document + 1 + len(elements)
        elements += [
            b"<< /Type /StructElem /S /%s /P %d 0 R /Pg %d 0 R /K %d >>" % (tag, document, 6 + 2 * number, place)
            for place, tag in enumerate(page.tags)
        ]
        parents.append(b"%d [%s]" % (number, _references(begin, len(page.tags))))
    return [
        b"<< /Type /StructTreeRoot /K %d 0 R /ParentTree << /Nums [%s] >> >>" % (document, b" ".join(parents)),
        b"<< /Type /StructElem /S /Document /P %d 0 R /K [%s] >>" % (first, _references(document + 1, len(elements))),
        *elements,
    ]


def _references(begin: int, count: int) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in range(begin, begin + count))


def _escape(text: str) -> bytes:
    """Return a line in the encoding of the fonts, with the characters of the syntax masked."""
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _unicode(text: str) -> bytes:
    """Return a text of the document's information, which may hold any character."""
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().upper().encode()
