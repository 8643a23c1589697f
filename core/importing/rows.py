"""Rows: the records that a reader finds in a file, and the two ways in which reading fails.

**A reader** takes a file's `Source` and yields a `Row` for each record, in file order. An error in one record affects
only that record: the reader yields it with its `problem`. An error in the whole file (its encoding, its head) raises
`UnreadableFile`. `tables.py` reads CSV and XLSX, `exchange/amb/reader.py` JSON of any size.

**A mapping** turns the value of a row into checked, plain values, and raises `RowError` with the field as the file
names it, so that the file's author can find it. Read the site's data once before the first row, never for each row.
`exchange/amb/record.py` (what a record says) and `mapping.py` (in terms of our pages) are an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

Value = TypeVar("Value")

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

MARK_LENGTH = len(_BOM)
"""Bytes that `without_mark` must see, for a reader that reads its file in pieces."""


class UnreadableFile(Exception):
    """Raised for a file that is unusable as a whole; the message says why, in one line."""


class RowError(Exception):
    """Raised for an unusable row: the wrong field (empty: the whole row) and why."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}" if field else reason)


@dataclass(frozen=True, slots=True)
class Row(Generic[Value]):
    """One record of the file: its number and its line, both from 1, and its value or why it has none."""

    number: int
    line: int
    value: Value
    problem: str = ""


def without_mark(head: bytes) -> bytes:
    """Return the beginning of a file without its byte order mark.

    Raises UnreadableFile for UTF-16, where every row would be an error.
    """
    if head.startswith(_UTF16):
        raise UnreadableFile(_("Die Datei ist in UTF-16 geschrieben; bitte als UTF-8 speichern."))
    return head.removeprefix(_BOM)
