"""PDFs drawn command by command, as the programs of this world draw them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.attachments import pdf

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> %s >> %s >>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def drawn(
    *pages: bytes,
    font: bytes = FONT,
    catalog: bytes = b"",
    page: bytes = b"",
    resources: bytes = b"",
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """Return a PDF of pages, each of drawing commands or a stream object of them; `more` are objects numbered from 4 on, the font is number 3."""
    first = 4 + len(more)
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        font,
        *more,
    ]
    for number, commands in enumerate(pages):
        objects += [
            PAGE % (first + 2 * number + 1, resources, page),
            commands if commands.startswith(b"<<") else stream(commands),
        ]
    return pdf(objects, trailer)


def line(text: str, x: float = 72, y: float = 700, size: int = 12) -> bytes:
    """Return the commands for a line of text."""
    raw = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 %d Tf %f %f Td (%s) Tj ET\n" % (size, x, y, raw)


def lines(*texts: str, x: float = 72, y: float = 700, step: float = 14) -> bytes:
    """Return the commands for lines, one below the other."""
    return b"".join(line(text, x, y - step * number) for number, text in enumerate(texts))
