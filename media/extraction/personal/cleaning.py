"""What a file tells of people, and the same file without it: one walk finds and removes, so what is shown is what goes.

The text that readers of the site get must be the same before and after; a file where it is not stays as it is.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO

from media.extraction.archive import Archive
from media.extraction.av import signs
from media.extraction.bundles import h5p
from media.extraction.office import package
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.personal import films, office, open_format, pdf
from media.extraction.personal.tree import Change, changed
from media.extraction.told import Findings, Told, ToldKind
from media.metadata.strip import UnreadableError, stripped

MAX_DEPTH = 3
MAX_TOLD_BYTES = 8_000_000
"""A larger part is not looked at when a file is read, only when it is cleaned."""

NO_DATE = (1980, 1, 1, 0, 0, 0)
_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"

Read = Callable[[BinaryIO], Extracted]


def told(file: IO[bytes]) -> list[Told]:
    """Return what a file tells of people. Raises Refused for one that cannot be looked through."""
    found = Findings()
    _cleaned(_content(file), found, 0, writes=False)
    return found.rows()


def without(file: BinaryIO, read: Read) -> bytes:
    """Return the file without what it tells of people.

    Raises Refused: SIGNED, NOTHING_TOLD, TEXT_CHANGES, or the reason why it cannot be opened.
    """
    found, content = Findings(), _content(file)
    before = read(file)
    cleaned = _cleaned(content, found, 0, writes=True)
    if not _to_go(found) or cleaned == content:
        raise Refused(Reason.NOTHING_TOLD)
    left = Findings()
    _cleaned(cleaned, left, 0, writes=False)
    after = read(io.BytesIO(cleaned))
    if _to_go(left) or (before.pieces, before.reason, before.facts.tagged) != (
        after.pieces,
        after.reason,
        after.facts.tagged,
    ):
        raise Refused(Reason.TEXT_CHANGES, ", ".join(row.kind for row in _to_go(left)))
    return cleaned


def _to_go(found: Findings) -> list[Told]:
    return [row for row in found.rows() if row.kind is not ToldKind.CREDITS]


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _cleaned(content: bytes, found: Findings, depth: int, *, writes: bool) -> bytes:
    """Return a file cleaned, as it is if nothing is known of its kind; nothing unless it `writes`."""
    if content.startswith(_ZIP):
        return _archive(content, found, depth, writes=writes)
    if _PDF in content[:1024]:
        return pdf.cleaned(content, found, writes=writes)
    if signs.is_picture(content[:16]):
        return _picture(content, found)
    if films.is_film(content[:16]):
        return films.cleaned(content, found, writes=writes)
    return content


def _picture(content: bytes, found: Findings) -> bytes:
    try:
        bare = stripped(content)
    except UnreadableError:
        return content
    if bare != content:
        found.add(ToldKind.PICTURES)
    return bare


def _archive(content: bytes, found: Findings, depth: int, *, writes: bool) -> bytes:
    if depth > MAX_DEPTH:
        raise Refused(Reason.TOO_NESTED)
    archive = Archive(io.BytesIO(content))
    _refuse_signed(archive)
    _credits(archive, found)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for member in archive.members:
            data = b"" if member.is_dir() else _member(archive, member, found, depth, writes=writes)
            if writes:
                # A fresh entry: the old one tells the time, and on some systems the user.
                entry = zipfile.ZipInfo(member.filename, NO_DATE)
                # Where there is one, programs look for it at a fixed place (OpenDocument, EPUB).
                entry.compress_type = zipfile.ZIP_STORED if member.filename == "mimetype" else member.compress_type
                entry.external_attr = 0x10 if member.is_dir() else 0
                target.writestr(entry, data)
    return packed.getvalue() if writes else b""


def _credits(archive: Archive, found: Findings) -> None:
    """Note who is named as author of an exercise: the licence asks for that, so it stays."""
    if h5p.MAIN not in archive.names:
        return
    try:
        main = json.loads(archive.read(h5p.MAIN))
        named = [one.get("name") for part in ("authors", "changes") for one in main.get(part) or ()]
        named += [one.get("author") for one in main.get("changes") or ()]
    except (ValueError, AttributeError, TypeError):
        return
    for name in named:
        if isinstance(name, str) and name.strip():
            found.add(ToldKind.CREDITS, name)


def _refuse_signed(archive: Archive) -> None:
    lower = [name.lower() for name in archive.names]
    if any(name.startswith(office.SIGNATURES) or name in open_format.SIGNATURES for name in lower):
        raise Refused(Reason.SIGNED)


def _member(archive: Archive, member: zipfile.ZipInfo, found: Findings, depth: int, *, writes: bool) -> bytes:
    change = _change(archive, member.filename)
    if not writes and member.file_size > MAX_TOLD_BYTES:
        return b""
    if not writes and change is None and not member.filename.lower().endswith(_LOOKED_INTO):
        return b""
    data = archive.read(member.filename)
    if change is not None:
        return changed(data, found, change) if data.strip() else data
    return _cleaned(data, found, depth + 1, writes=writes) if data else data


_LOOKED_INTO = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".avif",
    ".docx",
    ".xlsx",
    ".pptx",
    ".odt",
    ".ods",
    ".pdf",
    ".epub",
    ".mp4",
    ".m4v",
    ".m4a",
    ".webm",
)


def _change(archive: Archive, name: str) -> Change | None:
    for applies, change_for in _families():
        if applies(archive) and (change := change_for(name)) is not None:
            return change
    return None


def _families() -> Iterator[tuple[Callable[[Archive], bool], Callable[[str], Change | None]]]:
    yield lambda archive: package.TYPES in archive.names, office.change_for
    yield lambda archive: "META-INF/manifest.xml" in archive.names, open_format.change_for
    yield lambda archive: "META-INF/container.xml" in archive.names, open_format.change_for_book
