"""Files for tests of reading attachments, good and hostile, made from scratch."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any

import pypdf
from django.core.files.base import ContentFile

from media.confined.run import Limits
from media.extraction import process, tasks
from media.extraction.outcome import Extracted
from media.models import Document
from tests.documents.content import Part
from tests.documents.writers import WRITERS, Content


def read(content: bytes, limits: Limits | None = None) -> Extracted:
    """Have the child read a file of this content."""
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        return process.read(file, limits)


def read_here(content: bytes) -> Extracted:
    """Read a harmless file as the child does, but in this process: a child for each would take most of the time."""
    return Extracted.from_json(json.loads(tasks.read(io.BytesIO(content))))


def written(format: str, *parts: Part, title: str = "Titel der Datei") -> bytes:
    """Return a good file of a format."""
    return WRITERS[format](Content(title, parts or (Part("Anfang", ("Ein Absatz.",)),)))


def pages(*texts: str) -> bytes:
    """Return a PDF with these texts, one a page."""
    return written("pdf", *(Part("Seite", (text,)) for text in texts))


def untagged(content: bytes) -> bytes:
    """Return the PDF without its tags."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for name in ("/MarkInfo", "/StructTreeRoot"):
        del writer.root_object[name]
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def add_file(title: str, name: str, content: bytes, **values: Any) -> Document:
    """Store a file as a document, not read yet."""
    return Document.objects.create(title=title, file=ContentFile(content, name=name), **values)


def archive(members: Mapping[str, bytes | str], *, of: bytes = b"", encrypted: bool = False) -> bytes:
    """Return a zip archive; with `of`, that one with members replaced or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        if of:
            with zipfile.ZipFile(io.BytesIO(of)) as source:
                for name in source.namelist():
                    if name not in members:
                        target.writestr(name, source.read(name))
        for name, data in members.items():
            target.writestr(name, data)
    content = packed.getvalue()
    if encrypted:
        # Bit 0 of the flags, in every local header and in the directory.
        raw = bytearray(content)
        for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = raw.find(sign)
            while at >= 0:
                raw[at + offset] |= 1
                at = raw.find(sign, at + 4)
        content = bytes(raw)
    return content


def deflated(size: int, times: int = 1, *, start: bytes = b"", raw: bool = False) -> bytes:
    """Return so many equal letters after `start`, packed again and again; `raw` without header and checksum.

    Made of one packed megabyte repeated, so that gigabytes cost nothing to make; the checksum is wrong.
    """
    packer = zlib.compressobj(9, wbits=-15)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"a" * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    data = head + block * (size // 1_000_000) + packer.flush()
    data = data if raw else b"\x78\xda" + data + b"\0\0\0\0"
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


def swollen(name: str, start: bytes, size: int, of: bytes) -> bytes:
    """Return the archive `of` with a member that unpacks to `start` and so many more bytes, and says so."""
    packed = io.BytesIO()
    data = deflated(size, start=start, raw=True)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target, zipfile.ZipFile(io.BytesIO(of)) as source:
        for member in source.namelist():
            if member != name:
                target.writestr(member, source.read(member))
        target.writestr(name, data, zipfile.ZIP_STORED)
    raw = bytearray(packed.getvalue())
    for sign, offset, method, unpacked in ((b"PK\x03\x04", 30, 8, 22), (b"PK\x01\x02", 46, 10, 24)):
        at = raw.rfind(sign)
        while raw[at + offset : at + offset + len(name)] != name.encode():
            at = raw.rfind(sign, 0, at)
        raw[at + method : at + method + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
        raw[at + unpacked : at + unpacked + 4] = struct.pack("<I", len(start) + size)
    return bytes(raw)


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects; the first is the catalog."""
    file = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(file)


def pdf_with_content(stream: bytes, filters: bytes, count: int = 1) -> bytes:
    """Return a PDF whose pages all show one packed stream."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 3 0 R /Resources << /Font << /F1 %d 0 R >> >> >>"
    page %= 4 + count
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(count))
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(stream), filters, stream),
            *([page] * count),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )
