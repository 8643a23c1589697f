"""Office documents and e-books made to harm whoever reads them: each ends with a status, in time and within its memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from media.confined.run import Limits
from media.extraction.outcome import Extracted, Reason
from tests.attachments import archive, read, swollen
from tests.media.packages import SLIDE, WORD, docx, epub, odt, page, paragraph, pptx, shape, slide

pytestmark = pytest.mark.services  # each file is read by a child process

SECONDS = 30
SHORT = Limits(cpu=8, wall=15)
DGM = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
CHUNK = {"a": ("aFChunk", "x.bin")}
CHUNK_PLACE = '<w:altChunk r:id="a"/>'


def bomb_in_a_chunk() -> bytes:
    of = docx(CHUNK_PLACE + paragraph("Heil"), {"word/x.bin": "<p>"}, CHUNK)
    return swollen("word/x.bin", b"<html><p>", 2_000_000_000, of)


def bomb_in_a_document_in_a_chunk() -> bytes:
    inner = swollen("word/document.xml", f"<w:document {WORD}><w:p><w:r><w:t>".encode(), 400_000_000, docx(""))
    return docx(CHUNK_PLACE, {"word/x.bin": inner}, CHUNK)


def documents_in_documents(depth: int) -> bytes:
    content = docx(paragraph("Innen"))
    for _ in range(depth):
        content = docx(CHUNK_PLACE + paragraph("Heil"), {"word/x.bin": content}, CHUNK)
    return content


def many_great_documents() -> bytes:
    """Chunks that together unpack to more than any of them may."""
    inner = docx(paragraph("Wort " * 4_000_000))
    keys = [f"a{number}" for number in range(60)]
    places = "".join(f'<w:altChunk r:id="{key}"/>' for key in keys)
    return docx(places, {f"word/{key}.bin": inner for key in keys}, {key: ("aFChunk", f"{key}.bin") for key in keys})


def chunk_that_is_asked_for_often() -> bytes:
    return docx(CHUNK_PLACE * 100_000 + paragraph("Heil"), {"word/x.bin": "<p>" + "Wort " * 100_000}, CHUNK)


def smart_art_in_a_circle() -> bytes:
    points = "".join(
        f'<dgm:pt modelId="{n}"><dgm:t><a:p><a:r><a:t>P{n}</a:t></a:r></a:p></dgm:t></dgm:pt>' for n in range(500)
    )
    links = "".join(f'<dgm:cxn srcId="{n}" destId="{(n + 1) % 500}"/>' for n in range(500))
    data = (
        f"<dgm:dataModel {DGM} {SLIDE}><dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    )
    rels = '<Relationships><Relationship Id="a" Type="x/diagramData" Target="data1.xml"/></Relationships>'
    members = {"ppt/diagrams/data1.xml": data, "ppt/diagrams/_rels/data1.xml.rels": rels}
    return pptx(slide(shape("Heil")), members=members, links={"a": ("diagramData", "../diagrams/data1.xml")})


def sections(count: int) -> str:
    rows = '<p14:section name="x"><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst></p14:section>' * count
    return f'<p:extLst><p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">{rows}</p14:sectionLst></p:extLst>'


def layouts_in_a_circle() -> bytes:
    rels = '<Relationships><Relationship Id="a" Type="x/slideMaster" Target="l.xml"/></Relationships>'
    members = {"ppt/l.xml": f"<p:sldLayout {SLIDE}>{shape('Wort')}</p:sldLayout>", "ppt/_rels/l.xml.rels": rels}
    return pptx(slide(shape("Heil")), members=members, links={"a": ("slideLayout", "../l.xml")})


def styles_in_a_circle() -> bytes:
    rows = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{n}"><w:basedOn w:val="S{(n + 1) % 900}"/></w:style>'
        for n in range(900)
    )
    body = "".join(paragraph("Heil", f'<w:pStyle w:val="S{n % 900}"/>') for n in range(5_000))
    return docx(body, {"word/styles.xml": f"<w:styles {WORD}>{rows}</w:styles>"}, {"a": ("styles", "styles.xml")})


def fallbacks_in_a_circle() -> bytes:
    items = "".join(
        f'<item id="i{n}" href="{n}.png" media-type="image/png" fallback="i{(n + 1) % 50}"/>' for n in range(50)
    )
    order = '<itemref idref="i1"/>' * 50_000
    package = f"<package><manifest>{items}</manifest><spine>{order}</spine></package>"
    return epub({"k.xhtml": page("<p>Heil</p>")}, {"OPS/book.opf": package})


def sheets_without_end() -> bytes:
    links = '<link rel="stylesheet" href="s.css"/>' * 200
    sheet = "@media screen{" * 100_000 + ".a" * 200_000 + "/*" * 100_000
    return epub({"k.xhtml": page("<p class='a'>Heil</p>" * 2_000, links)}, {"OPS/s.css": sheet})


def objects_in_a_circle() -> bytes:
    frame = '<draw:frame><draw:object xlink:href="./O"/></draw:frame>'
    body = f"<text:p>Heil{frame * 5_000}</text:p>"
    inner = f'<x xmlns:text="urn:x" xmlns:draw="urn:y" xmlns:xlink="urn:z"><text:p>Innen{frame}</text:p></x>'
    return odt(body, {"O/content.xml": inner})


def header_from_elsewhere() -> bytes:
    rels = (
        '<Relationships><Relationship Id="a" Type="x/header" TargetMode="External" Target="http://127.0.0.1:9/h.xml"/>'
        '<Relationship Id="b" Type="x/header" Target="http://127.0.0.1:9/h.xml"/>'
        '<Relationship Id="c" Type="x/header" Target="../../../../etc/passwd"/></Relationships>'
    )
    return docx(paragraph("Heil"), {"word/_rels/document.xml.rels": rels})


HEIL: set[str] = {""}
HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "bomb in a chunk": (bomb_in_a_chunk, {Reason.TOO_LARGE}),
    "bomb in a document in a chunk": (bomb_in_a_document_in_a_chunk, {Reason.TOO_LARGE}),
    "documents in documents": (lambda: documents_in_documents(40), HEIL),
    "many great documents in one": (many_great_documents, {Reason.TOO_LARGE, Reason.TOO_SLOW, Reason.OUT_OF_MEMORY, ""}),
    "a chunk asked for often": (chunk_that_is_asked_for_often, HEIL),
    "a mail of mails in a chunk": (
        lambda: docx(CHUNK_PLACE, {"word/x.bin": "MIME-Version: 1.0\nContent-Type: message/rfc822\n\n" * 20_000}, CHUNK),
        {Reason.TOO_NESTED, Reason.TOO_SLOW, Reason.NO_TEXT, Reason.DAMAGED},
    ),
    "entities in a page in a chunk": (
        lambda: docx(CHUNK_PLACE, {"word/x.bin": f"{ENTITY}<html>&e;</html>"}, CHUNK),
        {Reason.UNSAFE_XML},
    ),
    "entities in a header": (
        lambda: docx(paragraph("Heil"), {"word/h.xml": f"{ENTITY}<w:hdr {WORD}>&e;</w:hdr>"}, {"a": ("header", "h.xml")}),
        HEIL,
    ),
    "entities on the only slide": (lambda: pptx(f"{ENTITY}<a>&e;</a>"), {Reason.UNSAFE_XML}),
    "header from elsewhere": (header_from_elsewhere, HEIL),
    "SmartArt in a circle": (smart_art_in_a_circle, HEIL),
    "a hundred thousand sections": (lambda: pptx(slide(shape("Heil")), end=sections(100_000)), {Reason.TOO_LARGE, ""}),
    "layouts in a circle": (layouts_in_a_circle, HEIL),
    "styles in a circle": (styles_in_a_circle, HEIL),
    "a chart asked for by every paragraph": (
        lambda: docx(
            ('<w:p><w:r><w:drawing><c:chart r:id="a"/></w:drawing></w:r></w:p>' * 50_000) + paragraph("Heil"),
            {"word/c.xml": "<c><p><t>Wort</t></p></c>"},
            {"a": ("chart", "c.xml")},
        ),
        HEIL,
    ),
    "headers without number": (
        lambda: docx(
            paragraph("Heil"),
            {f"word/h{n}.xml": f"<w:hdr {WORD}>{paragraph(f'Kopf {n}')}</w:hdr>" for n in range(5_000)},
            {f"r{n}": ("header", f"h{n}.xml") for n in range(5_000)},
        ),
        HEIL,
    ),
    "stand-ins in a circle": (fallbacks_in_a_circle, HEIL),
    "style sheets without end": (sheets_without_end, HEIL),
    "objects in a circle": (objects_in_a_circle, HEIL),
    "paths that lead out of a book": (lambda: epub({"../../../etc/passwd": ""}, lost=("../../../etc/passwd",)), {Reason.UNSAFE_NAMES}),
    "a member whose name leads out": (lambda: archive({"../x": b""}, of=epub({"k.xhtml": page("<p>Heil</p>")})), {Reason.UNSAFE_NAMES}),
    "mistakes without end": (
        lambda: docx("&#1;<a></b>" * 200_000 + paragraph("Heil")),
        {Reason.TOO_NESTED, Reason.TOO_LARGE, Reason.OUT_OF_MEMORY, Reason.TOO_SLOW, Reason.DAMAGED, ""},
    ),
    "a page that is nothing but opened": (lambda: epub({"k.xhtml": "<div>" * 500_000}), {Reason.TOO_NESTED, Reason.DAMAGED}),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_ends_with_a_status_in_time(kind: str) -> None:
    make, reasons = HOSTILE[kind]
    content = make()
    started = time.monotonic()
    found: Extracted = read(content, SHORT)
    assert time.monotonic() - started < SECONDS
    assert found.reason in reasons
    assert "root:" not in str(found.pieces)
    if reasons == HEIL:
        assert "Heil" in str(found.pieces)
    elif found.reason:
        assert found.pieces == []


GREATEST = """
import django
django.setup()
import resource
from media.confined.run import end
from tests.media.test_office_hostile import HOSTILE, SHORT, read
for kind in ("bomb in a chunk", "bomb in a document in a chunk", "mistakes without end"):
    read(HOSTILE[kind][0](), SHORT)
# The children of the server count once it has ended.
end()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def test_children_stay_within_the_memory() -> None:
    """Of a process's children the greatest is known: one of its own, for this one may have had an Elasticsearch."""
    done = subprocess.run([sys.executable, "-c", GREATEST], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 10_000_000 < int(done.stdout) < 1_200_000_000
