"""Detect a file's format from its content, never from its name, and pass it to the reader of that format."""

from __future__ import annotations

from typing import BinaryIO

from media.extraction.archive import Archive
from media.extraction.av import signs
from media.extraction.outcome import MAX_FILE_BYTES, Extracted, Reason, Refused

_PDF_SIGN = b"%PDF-"
_PDF_SIGN_WITHIN = 1024
"""PDF readers accept the signature anywhere within the first kilobyte."""

_ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
"""The second is that of an archive without members."""

_OLE_SIGN = bytes.fromhex("d0cf11e0a1b11ae1")
_TYPES = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_OPEN_TYPES = tuple(b"application/vnd.oasis.opendocument." + name for name in (b"text", b"spreadsheet"))
_MACROS_SIGN = b"macroEnabled"


def read(file: BinaryIO, *, careful: bool = False) -> Extracted:
    """Return text and facts of a file. Raises Refused if its format is unknown or it may not be read.

    `careful` does without readers in machine code where there is another.
    """
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise Refused(Reason.EMPTY_FILE)
    head = file.read(_PDF_SIGN_WITHIN)
    file.seek(0)
    # Of a recording only the head is read, however long it is.
    if recording := signs.recording(head):
        from media.extraction.av import recordings

        return recordings.read(file, recording)
    if size > MAX_FILE_BYTES:
        raise Refused(Reason.TOO_LARGE, f"{size} bytes")
    if _PDF_SIGN in head:
        # Load only what is needed: the child lives for a quarter of a second.
        from media.extraction.pdf import reader

        return reader.read(file, careful=careful)
    if head.startswith(_OLE_SIGN):
        # Office stores password-protected files in its old container; the name inside identifies them.
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(1_000_000)
        raise Refused(Reason.ENCRYPTED if encrypted else Reason.OLD_FORMAT)
    if head.startswith(_ZIP_SIGNS):
        return _read_archive(Archive(file))
    return _read_plain(file, head)


def _read_plain(file: BinaryIO, head: bytes) -> Extracted:
    """Read what is neither PDF nor archive. Raises Refused(UNKNOWN_FORMAT) for anything but pictures and texts."""
    if signs.is_picture(head):
        from media.extraction.av import pictures

        return pictures.read(file)
    from media.extraction.av import captions
    from media.extraction.plain import rtf, txt

    if head.startswith(rtf.SIGN):
        return rtf.read(file)
    return captions.read(file) or txt.read(file)


def _open_type(archive: Archive) -> bytes:
    """Return what an archive says that it is: in a member of its own or, where that is missing, in its list of members."""
    if "mimetype" in archive.names:
        return archive.read("mimetype").strip()
    if "content.xml" in archive.names and _MANIFEST in archive.names:
        manifest = archive.read(_MANIFEST)
        return next((kind for kind in _OPEN_TYPES if b'"' + kind + b'"' in manifest), b"")
    return b""


def _read_archive(archive: Archive) -> Extracted:
    """Read an archive by its declared type. Raises Refused for macros and for archives of another kind."""
    from media.extraction import docx, epub, odt, pptx
    from media.extraction.bundles import h5p, listing
    from media.extraction.tables import ods, xlsx

    if _TYPES in archive.names:
        types = archive.read(_TYPES)
        named = any(name.lower().endswith("vbaproject.bin") for name in archive.names)
        if named or _MACROS_SIGN in types:
            raise Refused(Reason.MACROS)
        if docx.MAIN in archive.names:
            return docx.read(archive)
        if pptx.MAIN in archive.names:
            return pptx.read(archive)
        if any(sign in types for sign in xlsx.TYPE_SIGNS):
            return xlsx.read(archive)
    elif kind := _open_type(archive):
        if kind in (odt.TYPE, ods.TYPE):
            if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in archive.names):
                raise Refused(Reason.MACROS)
            return odt.read(archive) if kind == odt.TYPE else ods.read(archive)
        if kind == epub.TYPE:
            return epub.read(archive)
    elif h5p.MAIN in archive.names:
        listing.refuse_bomb(archive.members)
        return h5p.read(archive)
    elif "mimetype" not in archive.names:
        return listing.read(archive.members)
    raise Refused(Reason.UNKNOWN_FORMAT)
