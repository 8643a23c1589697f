"""Office documents and e-books in the forms that programs really write: each built from as few members as it needs."""

from __future__ import annotations

from collections.abc import Mapping

from tests.attachments import archive
from tests.documents.archive import content_types, relations

Member = bytes | str

WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
)
SLIDE = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("svg", "svg-compatible"), ("form", "form"), ("chart", "chart"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """Return a paragraph of a Word document, with properties of its own and of its run."""
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def docx(
    body: str,
    members: Mapping[str, Member] | None = None,
    links: Mapping[str, tuple[str, str]] | None = None,
    main: str = "word/document.xml",
) -> bytes:
    """Return a Word document; `links` are the relations of its main part."""
    folder, _, name = main.rpartition("/")
    return archive(
        {
            "[Content_Types].xml": content_types({main: "wordprocessingml.document.main"}),
            "_rels/.rels": relations({"r1": ("officeDocument", main)}),
            main: f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
            f"{folder}/_rels/{name}.rels": relations(links or {}),
            **(members or {}),
        }
    )


def shape(text: str, placeholder: str = "", properties: str = "") -> str:
    """Return a shape with text on a slide."""
    place = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" {properties}/><p:cNvSpPr/><p:nvPr>{place}</p:nvPr></p:nvSpPr>'
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def slide(tree: str, attributes: str = "") -> str:
    """Return a slide."""
    return f"<p:sld {SLIDE} {attributes}><p:cSld><p:spTree>{tree}</p:spTree></p:cSld></p:sld>"


def pptx(
    *slides: Member,
    members: Mapping[str, Member] | None = None,
    links: Mapping[str, tuple[str, str]] | None = None,
    end: str = "",
) -> bytes:
    """Return a presentation; `links` are the relations of its first slide, `end` stands behind its list of slides."""
    numbers = range(1, len(slides) + 1)
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in numbers)
    return archive(
        {
            "[Content_Types].xml": content_types({"ppt/presentation.xml": "presentationml.presentation.main"}),
            "_rels/.rels": relations({"r1": ("officeDocument", "ppt/presentation.xml")}),
            "ppt/presentation.xml": f"<p:presentation {SLIDE}><p:sldIdLst>{ids}</p:sldIdLst>{end}</p:presentation>",
            "ppt/_rels/presentation.xml.rels": relations(
                {f"rId{number}": ("slide", f"slides/slide{number}.xml") for number in numbers}
            ),
            **{f"ppt/slides/slide{number}.xml": slides[number - 1] for number in numbers},
            "ppt/slides/_rels/slide1.xml.rels": relations(links or {}),
            **(members or {}),
        }
    )


def odt(body: str, members: Mapping[str, Member] | None = None, styles: str = "") -> bytes:
    """Return an OpenDocument text; `styles` are those of its content."""
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
            **(members or {}),
        }
    )


def page(body: str, head: str = "") -> str:
    """Return a page of a book."""
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>{head}</head><body>{body}</body></html>'


def epub(
    chapters: Mapping[str, Member],
    members: Mapping[str, Member] | None = None,
    kind: str = "application/xhtml+xml",
    lost: tuple[str, ...] = (),
) -> bytes:
    """Return a book of chapters by file name, all listed, without the members that got lost."""
    items = "".join(f'<item id="{name}" href="{name}" media-type="{kind}"/>' for name in chapters)
    order = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
        f"Ein Buch</dc:title><dc:language>de</dc:language></metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    built = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OPS/book.opf": package,
        **{f"OPS/{name}": chapter for name, chapter in chapters.items()},
        **(members or {}),
    }
    return archive({name: data for name, data in built.items() if name.removeprefix("OPS/") not in lost})
