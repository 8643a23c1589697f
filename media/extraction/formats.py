"""Detect a file's format from its content, never from its name, and pass it to the reader of that format."""

from __future__ import annotations

import zipfile
from functools import partial
from typing import BinaryIO

from media.extraction.archive import Archive, Budget
from media.extraction.av import captions, pictures, recordings, signs
from media.extraction.books import epub
from media.extraction.bundles import h5p, listing
from media.extraction.office import docx, odt, package, pptx
from media.extraction.outcome import MAX_FILE_BYTES, Extracted, Reason, Refused
from media.extraction.pdf import reader
from media.extraction.plain import rtf, txt
from media.extraction.tables import ods, xlsx

_PDF_SIGN = b"%PDF-"
_PDF_SIGN_WITHIN = 1024
"""PDF readers accept the signature anywhere within the first kilobyte."""

_ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
"""The second is that of an archive without members."""

_OLE_SIGN = bytes.fromhex("d0cf11e0a1b11ae1")
_MACROS_SIGN = b"macroEnabled"
_MANIFEST = "META-INF/manifest.xml"

MAX_FILES_IN_FILES = 3
"""How deep files may lie within each other."""


def read(file: BinaryIO, *, careful: bool = False, depth: int = 0, budget: Budget | None = None) -> Extracted:
    """Return text and facts of a file. Raises Refused if its format is unknown or it may not be read.

    `careful` does without readers in machine code where there is another. A file within another one lies at a `depth`
    and may unpack to what the outer one has left of its `budget`.
    """
    if depth > MAX_FILES_IN_FILES:
        raise Refused(Reason.TOO_NESTED, "files within files")
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise Refused(Reason.EMPTY_FILE)
    head = file.read(_PDF_SIGN_WITHIN)
    file.seek(0)
    # Of a recording only the head is read, however long it is.
    if recording := signs.recording(head):
        return recordings.read(file, recording)
    if size > MAX_FILE_BYTES:
        raise Refused(Reason.TOO_LARGE, f"{size} bytes")
    if _PDF_SIGN in head:
        return reader.read(file, careful=careful)
    if head.startswith(_OLE_SIGN):
        # Office stores password-protected files in its old container; the name inside identifies them.
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(1_000_000)
        raise Refused(Reason.ENCRYPTED if encrypted else Reason.OLD_FORMAT)
    if head.startswith(_ZIP_SIGNS):
        return _read_archive(Archive(file, budget), depth)
    return _read_plain(file, head, depth, budget)


def _read_plain(file: BinaryIO, head: bytes, depth: int, budget: Budget | None) -> Extracted:
    """Read what does not begin as an archive. Raises Refused(UNKNOWN_FORMAT) for what is neither picture nor text."""
    if signs.is_picture(head):
        return pictures.read(file)

    if head.startswith(rtf.SIGN):
        return rtf.read(file)
    if zipfile.is_zipfile(file):
        # Something stands before the archive, which other programs skip as well.
        return _read_archive(Archive(file, budget), depth)
    return captions.read(file) or txt.read(file)


def _read_archive(archive: Archive, depth: int) -> Extracted:
    """Read an archive by its structure. Raises Refused for macros and for archives of another kind."""
    types = archive.find(package.TYPES)
    kind, main = package.main_part(archive)
    if types or kind:
        _refuse_macros(archive, types)
        if kind == package.WORD:
            return docx.read(archive, main, partial(read, depth=depth + 1, budget=archive.budget))
        if kind == package.SLIDES:
            return pptx.read(archive, main)
        if kind == package.SHEETS:
            return xlsx.read(archive)
    return _read_open_format(archive)


def _refuse_macros(archive: Archive, types: str) -> None:
    """Raise Refused if an Office file holds macros, or says so."""
    if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
        raise Refused(Reason.MACROS)
    try:
        says_so = bool(types) and _MACROS_SIGN in archive.read(types)
    except Refused as error:
        if error.reason is not Reason.DAMAGED:
            raise
        says_so = False
    if says_so:
        raise Refused(Reason.MACROS)


def _listed_type(archive: Archive, kind: bytes) -> bytes:
    """Return a type if the list of members names it, where an archive does not say what it is; else nothing."""
    manifest = archive.find(_MANIFEST)
    return kind if manifest and b'"' + kind + b'"' in archive.read(manifest) else b""


def _read_open_format(archive: Archive) -> Extracted:
    """Read an archive that names its type in a member of its own, or has the members that only one type has."""
    named = archive.find("mimetype")
    kind = archive.read(named).lstrip(b"\xef\xbb\xbf").strip() if named else _listed_type(archive, ods.TYPE)
    is_text = kind == odt.TYPE or (not kind and odt.is_text(archive))
    if is_text or kind == ods.TYPE:
        if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in archive.names):
            raise Refused(Reason.MACROS)
        return odt.read(archive) if is_text else ods.read(archive)
    if kind == epub.TYPE or archive.find(epub.CONTAINER):
        return epub.read(archive)
    if named or archive.find(package.TYPES):
        raise Refused(Reason.UNKNOWN_FORMAT)
    if h5p.MAIN in archive.names:
        listing.refuse_bomb(archive.members)
        return h5p.read(archive)
    return listing.read(archive.members)
