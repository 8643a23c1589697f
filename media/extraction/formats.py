"""Detect a file's format from its content, never from its name, and pass it to the reader of that format."""

from __future__ import annotations

from typing import IO

from media.extraction.archive import Archive
from media.extraction.outcome import MAX_FILE_BYTES, Extracted, Reason, Refused

_PDF_SIGN = b"%PDF-"
_PDF_SIGN_WITHIN = 1024
"""PDF readers accept the signature anywhere within the first kilobyte."""

_ZIP_SIGN = b"PK\x03\x04"
_OLE_SIGN = bytes.fromhex("d0cf11e0a1b11ae1")
_TYPES = "[Content_Types].xml"
_MACROS_SIGN = b"macroEnabled"


def read(file: IO[bytes], *, careful: bool = False) -> Extracted:
    """Return text and facts of a file. Raises Refused if its format is unknown or it may not be read.

    `careful` does without readers in machine code where there is another.
    """
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise Refused(Reason.EMPTY_FILE)
    if size > MAX_FILE_BYTES:
        raise Refused(Reason.TOO_LARGE, f"{size} bytes")
    head = file.read(_PDF_SIGN_WITHIN)
    file.seek(0)
    if _PDF_SIGN in head:
        # Load only what is needed: the child lives for a quarter of a second.
        from media.extraction.pdf import reader

        return reader.read(file, careful=careful)
    if head.startswith(_OLE_SIGN):
        # Office stores password-protected files in its old container; the name inside identifies them.
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(1_000_000)
        raise Refused(Reason.ENCRYPTED if encrypted else Reason.OLD_FORMAT)
    if not head.startswith(_ZIP_SIGN):
        raise Refused(Reason.UNKNOWN_FORMAT)
    return _read_archive(Archive(file))


def _read_archive(archive: Archive) -> Extracted:
    """Read an archive by its declared type. Raises Refused for macros and for archives of another kind."""
    from media.extraction import docx, epub, odt, pptx

    if _TYPES in archive.names:
        types = archive.read(_TYPES)
        named = any(name.lower().endswith("vbaproject.bin") for name in archive.names)
        if named or _MACROS_SIGN in types:
            raise Refused(Reason.MACROS)
        if docx.MAIN in archive.names:
            return docx.read(archive)
        if pptx.MAIN in archive.names:
            return pptx.read(archive)
    elif "mimetype" in archive.names:
        kind = archive.read("mimetype").strip()
        if kind == odt.TYPE:
            if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in archive.names):
                raise Refused(Reason.MACROS)
            return odt.read(archive)
        if kind == epub.TYPE:
            return epub.read(archive)
    raise Refused(Reason.UNKNOWN_FORMAT)
