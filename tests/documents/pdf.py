"""A file as PDF, a part a page."""

from __future__ import annotations

from tests.documents.content import Content
from tests.documents.pages import BOLD, PageWriter, assemble


def write(content: Content) -> bytes:
    """Return the file."""
    pages = []
    for number, part in enumerate(content.parts, start=1):
        page = PageWriter()
        if number == 1:
            page.text(content.title, 20, BOLD, gap=16)
        page.text(part.heading, 15, BOLD, gap=8)
        for paragraph in part.paragraphs:
            page.text(paragraph, 12, gap=10)
        for row in part.table:
            page.text(" | ".join(row), 11, indent=12)
        if part.notes:
            page.text(part.notes, 10, gap=6)
        page.y = 60
        page.text(f"Seite {number} von {len(content.parts)}", 9, is_read=False)
        pages.append(page)
    return assemble(content.title, pages)
