"""A ZIP archive as a bundle: its members are listed, never unpacked, opened or run.

What it says of its members is taken for what it is, a list; an archive that promises to unpack to far more than it holds
is refused, so that the site hands no bomb on.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable

from media.extraction.archive import MAX_RATIO, SMALL
from media.extraction.facts import Facts
from media.extraction.outcome import MAX_CHARACTERS, MAX_PIECES, Extracted, Piece, Reason, Refused
from media.extraction.text import clean

_UTF8_FLAG = 0x800
_PROGRAMS_WORDS = """
.exe .com .bat .cmd .msi .scr .ps1 .vbs .vbe .js .jse .wsf .hta .jar .lnk .reg .dll .sh .app .apk .dmg .pkg .deb
.rpm .docm .xlsm .pptm .iso .img
"""
_PROGRAMS = frozenset(_PROGRAMS_WORDS.split())
"""Endings of what a double click may run."""

_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read(members: Iterable[zipfile.ZipInfo]) -> Extracted:
    """Return the names of the members. Raises Refused(TOO_LARGE) for a bomb."""
    members = list(members)
    refuse_bomb(members)
    names = [name for member in members if not member.is_dir() if (name := _name(member)) and not _is_litter(name)]
    pieces: list[Piece] = []
    characters = 0
    for name in names:
        characters += len(name)
        if characters > MAX_CHARACTERS or len(pieces) >= MAX_PIECES:
            break
        pieces.append(Piece(name))
    found = Extracted(format="zip", pieces=pieces, facts=Facts(members=len(names)))
    if any(map(is_program, names)):
        found.note = Reason.PROGRAMS
    elif len(pieces) < len(names):
        found.note = Reason.SHORTENED
    return found


def is_program(name: str) -> bool:
    """Return whether a double click on a file of this name may run it."""
    return posixpath.splitext(name)[1].lower() in _PROGRAMS


def refuse_bomb(members: Iterable[zipfile.ZipInfo]) -> None:
    """Raise Refused(TOO_LARGE) if the members promise to unpack to very much more than they are."""
    members = list(members)
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > SMALL and unpacked > MAX_RATIO * max(packed, 1):
        raise Refused(Reason.TOO_LARGE, f"{packed} bytes promise {unpacked}")


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member; where it is not marked as UTF-8, it may be all the same, else it is that of DOS."""
    if member.flag_bits & _UTF8_FLAG:
        return clean(member.filename)[:300]
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return clean(member.filename)[:300]
    try:
        return clean(raw.decode("utf-8"))[:300]
    except UnicodeDecodeError:
        return clean(raw.decode("cp850"))[:300]


def _is_litter(name: str) -> bool:
    """Return whether a member is what systems leave behind on their own."""
    return name.startswith(_LITTER[:1]) or posixpath.basename(name).startswith(_LITTER[1:])
