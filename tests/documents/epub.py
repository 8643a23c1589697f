"""A file as e-book, a part a chapter."""

from __future__ import annotations

from html import escape

from tests.documents.archive import DECLARATION, pack
from tests.documents.content import Content, Part

TYPE = "application/epub+zip"
_CONTAINER = (
    f'{DECLARATION}<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def write(content: Content) -> bytes:
    """Return the file."""
    chapters = {f"kapitel-{number}": part for number, part in enumerate(content.parts, start=1)}
    items = "".join(f'<item id="{key}" href="{key}.xhtml" media-type="application/xhtml+xml"/>' for key in chapters)
    order = "".join(f'<itemref idref="{key}"/>' for key in chapters)
    package = (
        f'{DECLARATION}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        'xml:lang="de"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">{escape(content.title)}</dc:identifier><dc:title>{escape(content.title)}</dc:title>'
        '<dc:language>de</dc:language><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>'
        '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f"{items}</manifest><spine>{order}</spine></package>"
    )
    links = "".join(f'<li><a href="{key}.xhtml">{escape(part.heading)}</a></li>' for key, part in chapters.items())
    nav = f'<nav epub:type="toc"><h1>Inhalt</h1><ol>{links}</ol></nav>'
    return pack(
        {
            "mimetype": TYPE,
            "META-INF/container.xml": _CONTAINER,
            "EPUB/package.opf": package,
            "EPUB/nav.xhtml": _page(content.title, nav),
            **{f"EPUB/{key}.xhtml": _page(part.heading, _chapter(part)) for key, part in chapters.items()},
        },
        stored="mimetype",
    )


def _page(title: str, body: str) -> str:
    return (
        f"{DECLARATION}<!DOCTYPE html>\n"
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="de" xml:lang="de">'
        f"<head><title>{escape(title)}</title></head><body>{body}</body></html>"
    )


def _chapter(part: Part) -> str:
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in part.paragraphs)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in part.table)
    table = f"<table>{rows}</table>" if rows else ""
    notes = f'<aside epub:type="footnote"><p>{escape(part.notes)}</p></aside>' if part.notes else ""
    return f"<h1>{escape(part.heading)}</h1>{text}{table}{notes}"
