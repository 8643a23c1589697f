"""Bytes of a CSV to rows of cells, as spreadsheet programs here write it: encoding and separator are found out.

A German Excel saves Windows-1252 and semicolons, "CSV UTF-8" with a mark, "Unicode text" as UTF-16 with tabs. What the
bytes cannot mean is decided before anything is read, so that every row of a file is read the same way.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.importing.rows import UnreadableFile, without_mark

DELIMITERS = ";,\t|"
"""Separators in the order in which they are preferred where the head could be read with several."""

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_NO_LETTER = re.compile("[\udc80-\udcff]")
_DOS = re.compile(rb"[A-Za-z][\x81\x84\x94][A-Za-z]")
"""ü, ä and ö of the code page 850 inside a word; in Windows-1252 they would be quotation marks or nothing."""

_SEP = re.compile(r'\ufeff?"?sep=(?P<sign>[^\r\n"]|(?=\r|\n|$))"?[;,\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row as it stands in the file: its line, from 1, its cells, and why they cannot be used."""

    line: int
    cells: Sequence[str]
    problem: str = ""


def read_delimited(data: bytes, known: Collection[str]) -> Iterator[CellRow]:
    """Yield the rows that hold anything; `known` are names of columns, by which the separator is recognised.

    A first line `sep=;` names the separator. A row that cannot be read is yielded with its problem.
    Raises UnreadableFile for an encoding that cannot be told.
    """
    text = _decoded(data)
    line, delimiter = 1, ""
    if match := _SEP.match(text):
        # Excel writes the line for itself; a tab may have got lost on the way.
        text, line, delimiter = text[match.end() :], 2, match["sign"] or "\t"
    delimiter = delimiter or _delimiter(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    first = line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield CellRow(line, (), _("Zeile nicht lesbar (%(detail)s)") % {"detail": error})
            line = first + reader.line_num
            continue
        if cells is None:
            return
        if any(_NO_LETTER.search(cell) for cell in cells):
            readable = [cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for cell in cells]
            yield CellRow(line, readable, _("Zeichen, die weder UTF-8 noch Windows-1252 sind"))
        elif any(cell.strip() for cell in cells):
            yield CellRow(line, cells)
        line = first + reader.line_num


def _decoded(data: bytes) -> str:
    """Return the text; a byte that no encoding explains becomes a surrogate, so that it costs only its row.

    Raises UnreadableFile for UTF-16 that breaks off.
    """
    if encoding := _UTF16.get(data[:2]):
        try:
            return data[2:].decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFile(_("Die Datei ist in UTF-16 geschrieben und beschädigt.")) from error
    plain = without_mark(data)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text = _eight_bits(plain, marked=len(plain) < len(data))
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _eight_bits(data: bytes, *, marked: bool) -> str:
    """Return text that is not UTF-8 throughout: in one byte per letter, unless parts of it are UTF-8 after all."""
    text = data.decode("utf-8", errors="surrogateescape")
    if marked or any(sign > "\x7f" for sign in _NO_LETTER.sub("", text)):
        return text
    if _DOS.search(data):
        return data.decode("cp850")
    return "".join(_windows(bytes([byte])) if byte > 0x7F else chr(byte) for byte in data)


def _windows(byte: bytes) -> str:
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("utf-8", errors="surrogateescape")


def _delimiter(text: str, known: Collection[str]) -> str:
    """Return the separator by which the first line names most of the known columns."""
    first = next((line for line in text.splitlines() if line.strip(f"{DELIMITERS} \t")), "")

    def found(delimiter: str) -> int:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return len({head_name(cell) for cell in cells} & set(known))

    by_names = max(DELIMITERS, key=found)
    return by_names if found(by_names) > 1 else max(DELIMITERS, key=first.count)


def head_name(cell: str) -> str:
    """Return a heading as columns are named: one line, small letters."""
    return " ".join(cell.split()).lower()
