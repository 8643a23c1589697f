"""A file as OpenDocument text: headings, tables, a foot note."""

from __future__ import annotations

from html import escape

from tests.documents.archive import DECLARATION, pack
from tests.documents.content import Content, Part

TYPE = "application/vnd.oasis.opendocument.text"
_BASE = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{prefix}="{_BASE}{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
        ("fo", "xsl-fo-compatible"), ("manifest", "manifest"),
    )
)  # fmt: skip
_STYLES = (
    f'{DECLARATION}<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
    '<style:default-style style:family="paragraph"><style:text-properties fo:font-size="12pt" fo:language="de" '
    'fo:country="DE"/></style:default-style></office:styles></office:document-styles>'
)


def write(content: Content) -> bytes:
    """Return the file."""
    body = "".join(_part(number, part) for number, part in enumerate(content.parts, start=1))
    members = ("content.xml", "styles.xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", TYPE), *((name, "text/xml") for name in members))
    )
    return pack(
        {
            "mimetype": TYPE,
            "content.xml": (
                f'{DECLARATION}<office:document-content {_SPACES} office:version="1.3"><office:body><office:text>'
                f'<text:h text:outline-level="1">{escape(content.title)}</text:h>{body}'
                "</office:text></office:body></office:document-content>"
            ),
            "styles.xml": _STYLES,
            "META-INF/manifest.xml": (
                f'{DECLARATION}<manifest:manifest {_SPACES} manifest:version="1.3">{entries}</manifest:manifest>'
            ),
        },
        stored="mimetype",
    )


def _part(number: int, part: Part) -> str:
    paragraphs = [escape(text) for text in part.paragraphs]
    if part.notes:
        paragraphs[-1] += (
            f'<text:note text:id="ftn{number}" text:note-class="footnote"><text:note-citation>{number}'
            f"</text:note-citation><text:note-body><text:p>{escape(part.notes)}</text:p></text:note-body></text:note>"
        )
    text = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    table = ""
    if part.table:
        columns = max(len(row) for row in part.table)
        rows = "".join(
            "<table:table-row>"
            + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
            + "</table:table-row>"
            for row in part.table
        )
        table = (
            f'<table:table table:name="Tabelle{number}"><table:table-column '
            f'table:number-columns-repeated="{columns}"/>{rows}</table:table>'
        )
    return f'<text:h text:outline-level="2">{escape(part.heading)}</text:h>{text}{table}'
