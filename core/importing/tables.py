"""Read tables with a head, as office programs write them: CSV in all its kinds, and workbooks (XLSX).

The one reader of every importer: `delimited.py` and `workbook.py` find the cells, here they become rows by column. The
columns are fixed: a file with an unknown one is refused as a whole, because a misspelt column would silently change
nothing. An importer names its columns, calls `read_table` and reads cells with `filled`, `one_line` and `day`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import TypeAlias

from django.utils.translation import gettext as _

from core.importing.altered import alteration, typed
from core.importing.delimited import CellRow, head_name, read_delimited
from core.importing.rows import Row, RowError, UnreadableFile
from core.importing.workbook import is_workbook, read_workbook

Cells: TypeAlias = Mapping[str, str]
"""The cells of a row by column, stripped; columns missing from the file are missing here."""

_GERMAN_DAY = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})(?: 0?0:00(?::00)?)?")
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ T]00:00(?::00)?)?")

NAMED = 5
"""Most unknown columns that a message names."""


def read_table(
    data: bytes, columns: Collection[str], required: Collection[str], *, days: Collection[str] = ()
) -> list[Row[Cells]]:
    """Return the rows of a CSV or of the first sheet of an XLSX that has the required columns.

    Empty rows and columns without a heading are skipped; letters are composed (NFC). A row with a cell that a program
    has altered, that cannot be read, or that stands below no heading is returned with its problem. `days` are the columns
    in which a date is meant (`day`); in any other it is what a program has made of a value.
    Raises UnreadableFile for a file that is no table, without a head, or with unknown, repeated or missing columns.
    """
    if not is_workbook(data):
        return _table(read_delimited(data, columns), columns, required, days)
    refusal = UnreadableFile(_("Die Datei ist leer."))
    for number, sheet in enumerate(read_workbook(data)):
        try:
            return _table(sheet, columns, required, days)
        except UnreadableFile as error:
            refusal = error if number == 0 else refusal
    raise refusal


def filled(cells: Cells, column: str) -> str:
    """Return a cell that must not be empty. Raises RowError."""
    text = cells.get(column, "")
    if not text:
        raise RowError(column, _("fehlt"))
    return text


def one_line(cells: Cells, column: str, most: int, *, required: bool = False) -> str:
    """Return a cell as one line of at most `most` characters. Raises RowError."""
    text = " ".join((filled(cells, column) if required else cells.get(column, "")).split())
    if len(text) > most:
        raise RowError(column, _("länger als %(most)s Zeichen") % {"most": most})
    return text


def day(cells: Cells, column: str) -> date:
    """Return a cell that must be a day, as Excel here shows one or as ISO has it. Raises RowError."""
    text = filled(cells, column)
    match = _GERMAN_DAY.fullmatch(text) or _ISO_DAY.fullmatch(text)
    try:
        if match:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        pass
    raise RowError(column, _("„%(text)s“ ist kein Tag wie 27.11.2026 oder 2026-11-27") % {"text": text[:40]})


def _table(
    found: Iterable[CellRow], columns: Collection[str], required: Collection[str], days: Collection[str]
) -> list[Row[Cells]]:
    rows: list[Row[Cells]] = []
    head: list[str] = []
    for row in found:
        cells = [unicodedata.normalize("NFC", cell) for cell in row.cells]
        if head:
            rows.append(_row(len(rows) + 1, row, head, cells, days))
        elif cells:
            head = _head(cells, columns, required)
    if not head:
        raise UnreadableFile(_("Die Datei ist leer."))
    return rows


def _head(cells: Sequence[str], known: Collection[str], required: Collection[str]) -> list[str]:
    head = [head_name(typed(cell)) for cell in cells]
    if unknown := [column for column in head if column and column not in known]:
        message = _("Diese Spalten sind unbekannt: %(columns)s. Möglich: %(known)s")
        shown = ", ".join(repr(column[:40]) for column in unknown[:NAMED])
        raise UnreadableFile(message % {"columns": shown, "known": ", ".join(known)})
    named = [column for column in head if column]
    if len(set(named)) < len(named):
        raise UnreadableFile(_("Eine Spalte steht zweimal in der Kopfzeile."))
    if missing := [column for column in required if column not in head]:
        raise UnreadableFile(_("In der Kopfzeile fehlen: %(columns)s") % {"columns": ", ".join(missing)})
    return head


def _row(number: int, row: CellRow, head: Sequence[str], cells: Sequence[str], days: Collection[str]) -> Row[Cells]:
    values: dict[str, str] = {}
    stray, altered = "", ""
    for place, (column, cell) in enumerate(zip_longest(head, cells[: len(head)], fillvalue=""), start=1):
        text = typed(cell)
        if column:
            values[column] = text
            if not altered and (reason := alteration(text, is_day=column in days)):
                altered = f"{column}: {reason}"
        elif text:
            stray = stray or _("Spalte %(place)s hat keine Überschrift") % {"place": place}
    if any(cell.strip() for cell in cells[len(head) :]):
        stray = _("%(count)s Zellen, aber nur %(most)s Spalten") % {"count": len(cells), "most": len(head)}
    return Row(number, row.line, values, row.problem or stray or altered)
