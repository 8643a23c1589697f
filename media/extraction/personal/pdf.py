"""Who made a PDF: document information, XMP, names at notes, data of programs, and what its pictures tell.

Written anew, so former versions of the file, which programs append to, are gone as well.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pypdf
from lxml import etree
from pypdf.errors import LimitReachedError
from pypdf.generic import DictionaryObject, NameObject

from media.extraction.outcome import Reason, Refused
from media.extraction.told import Findings, ToldKind
from media.metadata.strip import UnreadableError, stripped

MAX_OBJECTS = 2_000_000

_NOTES = frozenset(
    [
        "/Text",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
        "/Squiggly",
        "/StrikeOut",
        "/Stamp",
        "/Caret",
        "/Ink",
        "/Popup",
        "/FileAttachment",
        "/Sound",
        "/Redact",
    ]
)
_INFO = {"/Author": ToldKind.AUTHOR, "/CreationDate": ToldKind.DATES, "/ModDate": ToldKind.DATES}
_PROGRAMS = ("/Creator", "/Producer", "/Title", "/Subject", "/Keywords", "/Trapped")
_UA = "http://www.aiim.org/pdfua/ns/id/"
_XMP_NAMES = ("creator", "Author", "author", "publisher", "contributor")
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="{ua}">{title}{part}</rdf:Description></rdf:RDF>'
    '</x:xmpmeta>\n<?xpacket end="w"?>'
)


def cleaned(content: bytes, found: Findings, *, writes: bool) -> bytes:
    """Return a PDF without what it tells of people; nothing unless it `writes`.

    Raises Refused: SIGNED, ENCRYPTED (also by a signature or restriction that a new file would lose), DAMAGED.
    """
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused(Reason.ENCRYPTED)
        writer = pypdf.PdfWriter(clone_from=reader)
        return _cleaned(writer, content, found, writes=writes)
    except (Refused, MemoryError):
        raise
    except LimitReachedError as error:
        raise Refused(Reason.TOO_LARGE, str(error)) from error
    except RecursionError as error:
        raise Refused(Reason.TOO_NESTED) from error
    except Exception as error:
        raise Refused(Reason.DAMAGED, repr(error)[:200]) from error


def _cleaned(writer: pypdf.PdfWriter, content: bytes, found: Findings, *, writes: bool) -> bytes:
    catalog: Any = writer.root_object
    dictionaries = list(_dictionaries(writer))
    if any(_is_signature(one) for one in dictionaries) or "/Perms" in catalog or b"/ByteRange" in content:
        raise Refused(Reason.SIGNED)
    _information(writer, found)
    _xmp(writer, catalog, found)
    for one in dictionaries:
        _names(one, found)
    if content.rstrip().count(b"%%EOF") > 1 and not _is_linearized(content):
        found.add(ToldKind.REVISIONS)
    if not writes:
        return b""
    # Copied once more, for only then what nothing refers to any longer is left behind.
    return _written(pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(_written(writer)))))


def _written(writer: pypdf.PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _is_linearized(content: bytes) -> bool:
    return b"/Linearized" in content[:1024]


def _dictionaries(writer: pypdf.PdfWriter) -> Iterator[Any]:
    """Yield every object that is a dictionary or stream, and the notes that stand within a page itself."""
    for number in range(1, MAX_OBJECTS):
        try:
            one = writer.get_object(number)
        except IndexError:
            return
        if isinstance(one, DictionaryObject):
            yield one
            notes = one.get("/Annots") if one.get("/Type") == "/Page" else None
            for note in notes or ():
                if isinstance(note, DictionaryObject):
                    yield note


def _is_signature(one: Any) -> bool:
    return one.get("/Type") in ("/Sig", "/DocTimeStamp") or (one.get("/FT") == "/Sig" and "/V" in one)


def _information(writer: pypdf.PdfWriter, found: Findings) -> None:
    kept = {}
    for key, value in (writer.metadata or {}).items():
        text = str(value or "").strip()
        if key in _PROGRAMS:
            kept[key] = value
        elif text:
            kind = _INFO.get(key, ToldKind.PROPERTIES)
            found.add(kind, {ToldKind.DATES: "", ToldKind.AUTHOR: text}.get(kind, f"{key[1:]}: {text}"))
    writer.metadata = kept


def _xmp(writer: pypdf.PdfWriter, catalog: Any, found: Findings) -> None:
    """Replace the metadata of the file by its title and the statement that it is accessible."""
    stream = catalog.get("/Metadata")
    if stream is None:
        return
    part = title = ""
    is_ours = False
    try:
        data = stream.get_object().get_data()
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser)
        for element in root.iter():
            part = part or element.get(f"{{{_UA}}}part", "")
            if not isinstance(element.tag, str):
                continue
            name, text = element.tag.rpartition("}")[2], " ".join("".join(element.itertext()).split())
            if element.tag == f"{{{_UA}}}part":
                part = part or text
            elif name == "title" and not title:
                title = text
            elif name in _XMP_NAMES and text:
                found.add(ToldKind.AUTHOR, text)
        new = _new_xmp(title, part)
        is_ours = new == data
    except etree.XMLSyntaxError:
        new = _new_xmp("", "")
    if not is_ours:
        if b"Date>" in data or b"Date=" in data or b"DocumentID" in data:
            found.add(ToldKind.DATES)
        else:
            found.add(ToldKind.PROPERTIES, "XMP")
        writer.xmp_metadata = new


def _new_xmp(title: str, part: str) -> bytes:
    titled = f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
    accessible = f"<pdfuaid:part>{part}</pdfuaid:part>" if part.isdigit() else ""
    return _XMP.format(ua=_UA, title=titled if title else "", part=accessible).encode()


def _names(one: Any, found: Findings) -> None:
    """Take names and dates off a note, foreign data off everything, and metadata out of a picture."""
    if one.get("/Subtype") in _NOTES:
        if str(one.get("/T") or "").strip():
            found.add(ToldKind.COMMENTS, str(one["/T"]))
        for key in ("/T", "/M", "/CreationDate", "/NM"):
            one.pop(NameObject(key), None)
    for key in ("/PieceInfo", "/LastModified"):
        if one.pop(NameObject(key), None) is not None:
            found.add(ToldKind.MARKS)
    if one.get("/Type") not in ("/Catalog",) and one.pop(NameObject("/Metadata"), None) is not None:
        found.add(ToldKind.PROPERTIES, "XMP")
    if one.get("/Subtype") == "/Image" and one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        try:
            bare = stripped(one._data)
        except UnreadableError:
            return
        if bare != one._data:
            found.add(ToldKind.PICTURES)
            one._data = bare
