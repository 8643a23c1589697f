"""Read tables with a head, as office programs write them: CSV in UTF-8, separated by semicolons or commas.

The columns are fixed: a file with an unknown one is refused as a whole, because a misspelt column would silently
change nothing. An importer names its columns, calls `read_table` and reads cells with `filled` and `one_line`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from django.utils.translation import gettext as _

from core.importing.rows import Row, RowError, UnreadableFile, without_mark

Cells: TypeAlias = Mapping[str, str]
"""The cells of a row by column, stripped; columns missing from the file are missing here."""


def read_table(data: bytes, columns: Collection[str], required: Collection[str]) -> list[Row[Cells]]:
    """Return the rows of a CSV, with or without a byte order mark; the head decides between semicolons and commas.

    Skips empty rows. A row in another encoding or with more cells than columns is returned with its problem.
    Raises UnreadableFile for a file in UTF-16, without a head, or with unknown, repeated or missing columns.
    """
    # A byte that is not UTF-8 becomes a surrogate, so that it affects only its row.
    text = without_mark(data).decode("utf-8", errors="surrogateescape").replace("\0", "\N{REPLACEMENT CHARACTER}")
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row[Cells]] = []
    head: list[str] = []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            rows.append(Row(len(rows) + 1, line, {}, _("Zeile nicht lesbar (%(detail)s)") % {"detail": error}))
            line = reader.line_num + 1
            continue
        if cells is None:
            break
        if not head:
            head = _head(cells, columns, required)
        elif any(cell.strip() for cell in cells):
            rows.append(_row(len(rows) + 1, line, head, cells))
        line = reader.line_num + 1
    if not head:
        raise UnreadableFile(_("Die Datei ist leer."))
    return rows


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


def _head(cells: Sequence[str], known: Collection[str], required: Collection[str]) -> list[str]:
    head = [cell.strip().lower() for cell in cells]
    if unknown := [column for column in head if column not in known]:
        message = _("Diese Spalten sind unbekannt: %(columns)s. Möglich: %(known)s")
        raise UnreadableFile(message % {"columns": ", ".join(map(repr, unknown)), "known": ", ".join(known)})
    if len(set(head)) < len(head):
        raise UnreadableFile(_("Eine Spalte steht zweimal in der Kopfzeile."))
    if missing := [column for column in required if column not in head]:
        raise UnreadableFile(_("In der Kopfzeile fehlen: %(columns)s") % {"columns": ", ".join(missing)})
    return head


def _row(number: int, line: int, head: Sequence[str], cells: Sequence[str]) -> Row[Cells]:
    values = {column: cell.strip() for column, cell in zip(head, cells, strict=False)}
    problem = ""
    if any("\udc80" <= sign <= "\udcff" for cell in cells for sign in cell):
        values = {
            column: cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            for column, cell in values.items()
        }
        problem = _("kein gültiges UTF-8")
    elif any(cell.strip() for cell in cells[len(head) :]):
        problem = _("%(count)s Zellen, aber nur %(most)s Spalten") % {"count": len(cells), "most": len(head)}
    return Row(number, line, values, problem)
