"""Files that name what they want to see, have or call: whoever reads them gets nothing of it, in both modes."""

from __future__ import annotations

import io
import socket
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from PIL import Image

from media.confined import landlock
from media.extraction import process
from tests.attachments import archive, pdf, read, written
from tests.documents.drawn import drawn, line, stream

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock"),
]

SECRET = "streng geheim"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/package/2006/relationships"

Make = Callable[[str, str], bytes]
"""Makes a file from the path of a secret and an address where somebody listens."""


def action(entry: str) -> Make:
    """A PDF that does something when it is opened."""
    return lambda path, url: drawn(
        line("Text"), catalog=b"/OpenAction << %s >>" % entry.format(path=path, url=url).encode()
    )


def outside(entry: str) -> Make:
    """A PDF whose page is drawn by what lies elsewhere."""
    return lambda path, url: drawn(
        line("Text") + b"/X Do",
        resources=b"/XObject << /X 4 0 R >>",
        more=[stream(b"x", entry.format(path=path, url=url).encode())],
    )


def related(kind: str, body: str, target: str = "file://{path}") -> Make:
    """A Word document with a part that lies elsewhere, from its body."""

    def make(path: str, url: str) -> bytes:
        relation = f'<Relationship Id="rX" Type="http://x/{kind}" Target="{target.format(path=path, url=url)}" TargetMode="External"/>'
        text = f'<w:document xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}<w:p><w:r><w:t>Text</w:t></w:r></w:p></w:body></w:document>'
        relations = f'<Relationships xmlns="{R}">{relation}</Relationships>'
        return archive({"word/document.xml": text, "word/_rels/document.xml.rels": relations}, of=written("docx"))

    return make


def part(format: str, name: str, content: str) -> Make:
    """A file of a format with one part replaced."""
    return lambda path, url: archive({name: content.format(path=path, url=url)}, of=written(format))


def plain(content: str) -> Make:
    return lambda path, url: content.format(path=path, url=url).encode()


def link_in_zip(path: str, url: str) -> bytes:
    """An archive with a member that is a link to a file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        member = zipfile.ZipInfo("text.pdf")
        member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        target.writestr(member, path)
    return packed.getvalue()


def picture(format: str, change: Callable[[bytes], bytes]) -> Make:
    """A picture that is not what its head says."""

    def make(path: str, url: str) -> bytes:
        packed = io.BytesIO()
        Image.new("RGB", (64, 64)).save(packed, format)
        return change(packed.getvalue())

    return make


def movie(path: str, url: str) -> bytes:
    """A film whose data lies elsewhere."""
    place = url.encode() + b"\0"
    reference = struct.pack(">I", 12 + len(place)) + b"url " + b"\0\0\0\0" + place
    return b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + struct.pack(">I", 8 + len(reference)) + b"moov" + reference


def font(path: str, url: str) -> bytes:
    """A PDF with a font that is none."""
    described = b"<< /Type /FontDescriptor /FontName /F /Flags 4 /FontFile 5 0 R >>"
    program = stream(b"%!PS-AdobeFont\n(" + path.encode() + b") (r) file run\n" + b"\xff" * 999, b"/Length1 99")
    named = b"<< /Type /Font /Subtype /Type1 /BaseFont /F /FontDescriptor 4 0 R >>"
    return drawn(line("Text"), font=named, more=[described, program])


def coded(filter: bytes) -> Make:
    """A PDF with a picture that a decoder in machine code is to choke on."""
    entries = (
        b"/Type /XObject /Subtype /Image /Width 30000 /Height 9 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter "
        + filter
    )
    return lambda path, url: drawn(
        b"/X Do" + line("Text"), resources=b"/XObject << /X 4 0 R >>", more=[stream(b"\0\xff\x4f" * 999, entries)]
    )


XML = "http://www.w3.org/2001/XInclude"
FILES: dict[str, Make] = {
    "PDF that starts a program": action("/S /Launch /F ({path}) /Win << /F (cmd) >>"),
    "PDF that opens an address": action("/S /URI /URI ({url})"),
    "PDF that sends its form": action("/S /SubmitForm /F ({url}) /Flags 4"),
    "PDF that takes in data": action("/S /ImportData /F ({path})"),
    "PDF with a script": action("/S /JavaScript /JS (app.launchURL\\('{url}'\\))"),
    "PDF that goes on in another": action("/S /GoToR /F ({path}) /D [0 /Fit]"),
    "PDF whose form is another file": outside("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /F ({path})"),
    "PDF whose picture is another file": outside("/Type /XObject /Subtype /Image /Width 9 /Height 9 /F ({path})"),
    "PDF whose picture is an address": outside("/Type /XObject /Subtype /Image /F << /FS /URL /F ({url}) >>"),
    "PDF whose page is of another": outside("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F ({path}) /Page 0 >>"),
    "PDF with a font that is a program": font,
    "PDF with a broken JBIG2": coded(b"/JBIG2Decode"),
    "PDF with a broken JPEG 2000": coded(b"/JPXDecode"),
    "PDF with a broken fax": coded(b"/CCITTFaxDecode /DecodeParms << /K -1 /Columns 30000 >>"),
    "PDF with a form of entities": lambda path, url: pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /XFA 4 0 R >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
            stream(f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{path}">]><x>&e;</x>'.encode(), b""),
        ]
    ),
    "DOCX with a template elsewhere": related("attachedTemplate", "", "{url}"),
    "DOCX with a chunk elsewhere": related("aFChunk", '<w:altChunk r:id="rX"/>'),
    "DOCX with a field that takes in": related("x", '<w:p><w:fldSimple w:instr="INCLUDETEXT {path}"/></w:p>'),
    "DOCX with an inclusion": part(
        "docx", "word/document.xml",
        f'<w:document xmlns:w="{W}"><w:body><x:include xmlns:x="{XML}" href="file://{{path}}" parse="text"/></w:body></w:document>',
    ),
    "DOCX with a schema elsewhere": part(
        "docx", "word/document.xml",
        f'<?xml-stylesheet type="text/xsl" href="{{url}}"?><w:document xmlns:w="{W}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="x {{url}}"/>',
    ),
    "DOCX with a type elsewhere": part("docx", "word/document.xml", '<!DOCTYPE x SYSTEM "{url}"><x/>'),
    "PPTX with slides elsewhere": part(
        "pptx", "ppt/_rels/presentation.xml.rels",
        f'<Relationships xmlns="{R}"><Relationship Id="rId3" Type="a/slide" Target="file://{{path}}" TargetMode="External"/></Relationships>',
    ),
    "ODT with a section elsewhere": part(
        "odt", "content.xml",
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text><text:section><text:section-source xlink:href="file://{path}"/></text:section></office:text></office:body></office:document-content>',
    ),
    "EPUB with a book elsewhere": part(
        "epub", "META-INF/container.xml",
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="../../../../..{path}"/></rootfiles></container>',
    ),
    "EPUB with a frame elsewhere": part(
        "epub", "EPUB/kapitel-1.xhtml",
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><iframe src="file://{path}"/><img src="{url}"/><object data="file://{path}"/></body></html>',
    ),
    "RTF that takes in": plain("{{\\rtf1 {{\\field{{\\*\\fldinst INCLUDETEXT \"{path}\"}}{{\\fldrslt Text}}}}{{\\*\\template {url}}}}}"),
    "RTF with an object": plain("{{\\rtf1 {{\\object\\objautlink\\objupdate{{\\*\\objdata 0105000002000000{path}}}}} Text}}"),
    "captions that take in": plain("WEBVTT\n\nSTYLE\n@import url({url});\n\n00:00.000 --> 00:02.000\n<img src=file://{path}>\n"),
    "ZIP with a link": link_in_zip,
    "film whose data is elsewhere": movie,
    "PNG that is cut off": picture("PNG", lambda data: data[:-30]),
    "WebP with wrong lengths": picture("WEBP", lambda data: data[:16] + b"\xff\xff\xff\x7f" + data[20:]),
    "AVIF with wrong boxes": picture("AVIF", lambda data: data.replace(b"mdat", b"mdat\xff\xff\xff\xff")),
    "GIF with a wrong code": picture("GIF", lambda data: data[:-40] + b"\xff" * 40),
}  # fmt: skip


def seen(content: bytes) -> str:
    """Have a file read and its first page drawn; return all that came of it."""
    found = [repr(read(content))]
    if content.startswith(b"%PDF"):
        with TemporaryFile() as file:
            file.write(content)
            found.append(repr(process.draw_first_page(file)))
    return "".join(found)


def test_no_file_gets_what_it_names(mode: str, site: tuple[Path, int]) -> None:
    folder, _port = site
    assert len(FILES) >= 30
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
        for name, make in FILES.items():
            assert SECRET not in seen(make(str(folder / "secret-key"), url)), name
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")} == before
