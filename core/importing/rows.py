"""Rows: what a reader makes of a file, and the two ways in which reading fails.

**A reader** is a function of a file's `Source` that yields a `Row` for each record, in the order of the file. What is
wrong with one record costs only itself: the reader hands it on with its `problem`. What is wrong with the whole file
(its encoding, its head) raises `UnreadableFile`. `tables.py` reads CSV, `exchange/amb/reader.py` JSON of any size.

**A mapping** turns the value of a row into checked, plain values, and raises `RowError` with the field as the file calls
it: whoever made the file has to find it. What the site holds is read once before the first row, never for each.
`exchange/amb/record.py` (what a record says) and `mapping.py` (in the words of our pages) are an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

Value = TypeVar("Value")

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

MARK_LENGTH = len(_BOM)
"""Bytes that `without_mark` must see, for a reader that takes its file in pieces."""


class UnreadableFile(Exception):
    """The file as a whole cannot be used; the message says why, in one line."""


class RowError(Exception):
    """A row cannot be used: the field that is wrong (empty: the whole row) and why."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}" if field else reason)


@dataclass(frozen=True, slots=True)
class Row(Generic[Value]):
    """One record as it stands in the file: its number and its line, both from 1, its value or why it has none."""

    number: int
    line: int
    value: Value
    problem: str = ""


def without_mark(head: bytes) -> bytes:
    """Return the beginning of a file without its byte order mark.

    Raises UnreadableFile for UTF-16, where every row would be an error of its own.
    """
    if head.startswith(_UTF16):
        raise UnreadableFile(_("Die Datei ist in UTF-16 geschrieben; bitte als UTF-8 speichern."))
    return head.removeprefix(_BOM)
