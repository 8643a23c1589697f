"""Zip archives of unknown origin: every name is checked, every unpacked byte is counted.

Sizes that an archive declares are not trusted; only bytes actually read count.
"""

from __future__ import annotations

import posixpath
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO
from urllib.parse import unquote

from media.extraction.outcome import Reason, Refused

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 48_000_000
MAX_TOTAL_BYTES = 128_000_000
MAX_RATIO = 200
"""Unpacked to packed bytes; text seldom reaches 20, a bomb reaches 1,000."""

SMALL = 4_000_000
"""Below this many bytes no ratio is suspicious: a long empty table packs very well."""


_SAYS_UTF8 = 0x800
"""The flag of a member whose name is UTF-8."""


class Budget:
    """How many more bytes may be unpacked from a file and from whatever files lie within it."""

    def __init__(self, left: int = MAX_TOTAL_BYTES) -> None:
        self.left = left


class Archive:
    """A zip archive with guarded access. Raises Refused if it is damaged, encrypted or hostile."""

    def __init__(self, file: IO[bytes], budget: Budget | None = None) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused(Reason.DAMAGED, str(error)) from error
        self.members = self._zip.infolist()
        if len(self.members) > MAX_MEMBERS:
            raise Refused(Reason.TOO_LARGE, f"{len(self.members)} members")
        for member in self.members:
            # The raw name from the file: `filename` is cut at a NUL and has its slashes converted.
            if _leads_out(member.orig_filename):
                raise Refused(Reason.UNSAFE_NAMES, repr(member.orig_filename)[:80])
            if member.flag_bits & 0x1:
                raise Refused(Reason.ENCRYPTED, member.filename[:80])
        self.names = frozenset(member.filename for member in self.members)
        self.budget = budget or Budget()
        self._spellings = {spelling: member.filename for member in self.members for spelling in _spellings(member)}

    def find(self, name: str) -> str:
        """Return the member that this name means, in whatever case and encoding it was packed; empty if there is none."""
        if name in self.names:
            return name
        return self._spellings.get(_spelling(name)) or self._spellings.get(_spelling(unquote(name)), "")

    @contextmanager
    def open(self, name: str) -> Iterator[CountedReader]:
        """Open a member for reading. Raises Refused(DAMAGED) if it is missing or cannot be unpacked."""
        try:
            with self._zip.open(name) as member:
                yield CountedReader(member, self._zip.getinfo(name).compress_size, self.budget)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            if isinstance(error, RecursionError):
                raise
            raise Refused(Reason.DAMAGED, f"{name}: {error}"[:200]) from error

    def read(self, name: str) -> bytes:
        """Return the whole of a member."""
        with self.open(name) as reader:
            return reader.read()


class CountedReader:
    """A reader that reads a member in pieces and refuses to go on when it grows too large."""

    def __init__(self, member: IO[bytes], packed: int, budget: Budget) -> None:
        self._member = member
        self._packed = max(packed, 1)
        self._budget = budget
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, or all remaining ones. Raises Refused(TOO_LARGE)."""
        most = min(MAX_MEMBER_BYTES - self.count, self._budget.left)
        data = self._member.read(most + 1 if size < 0 else size)
        self.count += len(data)
        self._budget.left -= len(data)
        if len(data) > most or (self.count > SMALL and self.count > MAX_RATIO * self._packed):
            raise Refused(Reason.TOO_LARGE, f"more than {self.count} bytes")
        return data


def _spelling(name: str) -> str:
    """Return a name so that its case, the direction of its slashes and the composition of its letters do not matter."""
    return unicodedata.normalize("NFC", name.replace("\\", "/").lstrip("/")).casefold()


def _spellings(member: zipfile.ZipInfo) -> Iterator[str]:
    """Yield the names that a member may be asked for by; many programs pack UTF-8 without saying so."""
    yield _spelling(member.filename)
    if not member.flag_bits & _SAYS_UTF8:
        with suppress(UnicodeError):
            yield _spelling(member.filename.encode("cp437").decode("utf-8"))


def resolve(base: str, target: str) -> str:
    """Return the name of the member that another one (`base`) points to.

    Raises Refused(UNSAFE_NAMES) if the path leads out of the archive.
    """
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    path = posixpath.normpath(path)
    if _leads_out(path):
        raise Refused(Reason.UNSAFE_NAMES, repr(target)[:80])
    return path


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or "\0" in name or name[1:2] == ":"
