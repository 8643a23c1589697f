"""A workbook (XLSX) to rows of cells, as text: what a cell shows for a key or a code, not what it computes.

Read by openpyxl row by row, with limits before and while it reads: a workbook is a ZIP of XML, so that a small file can
hold a large one.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.importing.delimited import CellRow
from core.importing.rows import UnreadableFile

MOST_BYTES = 100 * 1024 * 1024
"""Most bytes of all parts together, unpacked."""

MOST_PARTS = 2_000
MOST_ROWS = 50_000
"""Most rows that hold anything; formats often reach down to the last row of a sheet."""

LAST_ROW = 1_048_576
"""The last row of a sheet in Excel."""

MOST_CELLS = 5_000_000
"""Most cells, empty ones included: one far to the right makes a row long."""

EXACT = 15
"""Digits that Excel keeps of a number; the others it replaces by zeros."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_ZEROS = re.compile(r"0{2,}")


def is_workbook(data: bytes) -> bool:
    """Return whether these bytes are a file of a spreadsheet program rather than text."""
    return data.startswith((_ZIP, _OLE))


def read_workbook(data: bytes) -> Iterator[list[CellRow]]:
    """Yield the rows of each visible sheet, without empty ones. Raises UnreadableFile."""
    if data.startswith(_OLE):
        raise UnreadableFile(_("Das ist eine alte oder verschlüsselte Excel-Datei; bitte als XLSX oder CSV speichern."))
    _check_parts(data)
    try:
        # Warnings are about what a table of values does not need: styles, lists of choices, print areas.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    yield list(_rows(sheet))
    except UnreadableFile:
        raise
    except Exception as error:
        # Whatever a damaged part makes the reader stumble over, the file cannot be used.
        raise _damaged() from error


def _check_parts(data: bytes) -> None:
    """Raise UnreadableFile for what is no workbook, or one that is too large unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged() from error
    names = {part.filename for part in parts}
    if "content.xml" in names:
        raise UnreadableFile(_("Das ist eine Tabelle von LibreOffice; bitte als XLSX oder CSV speichern."))
    if "xl/workbook.bin" in names:
        raise UnreadableFile(_("Das ist eine binäre Excel-Datei (XLSB); bitte als XLSX oder CSV speichern."))
    if "[Content_Types].xml" not in names:
        raise UnreadableFile(_("Das ist ein ZIP-Archiv, aber keine Excel-Datei."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        message = _("Die Excel-Datei ist entpackt größer als %(size)s MB.")
        raise UnreadableFile(message % {"size": MOST_BYTES // (1024 * 1024)})


def _damaged() -> UnreadableFile:
    return UnreadableFile(_("Die Excel-Datei lässt sich nicht lesen; bitte neu als XLSX oder als CSV speichern."))


def _rows(sheet: Any) -> Iterator[CellRow]:
    # A sheet's own word about its size may be wrong, and decides how much is read.
    sheet.reset_dimensions()
    filled, most = 0, 0
    # A gap between two rows is filled with rows of no cells, so that the count is the line.
    for line, row in enumerate(sheet.iter_rows(), start=1):
        most += len(row)
        found = [_text(cell) for cell in row]
        filled += any(text.strip() for text, _problem in found)
        if line > LAST_ROW or filled > MOST_ROWS or most > MOST_CELLS:
            message = _("Die Tabelle hat mehr als %(rows)s Zeilen oder mehr als %(cells)s Zellen.")
            raise UnreadableFile(message % {"rows": MOST_ROWS, "cells": MOST_CELLS})
        if any(text.strip() for text, _problem in found):
            yield CellRow(line, [text for text, _problem in found], next((p for _text, p in found if p), ""))


def _text(cell: Any) -> tuple[str, str]:
    """Return what a cell holds as text, and why it cannot be trusted."""
    value = cell.value
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return (_("wahr") if value else _("falsch")), ""
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, date):
        # The reader of the table refuses a day like one in a CSV.
        return value.isoformat()[:10], ""
    if isinstance(value, time | timedelta):
        return str(value), _("„%(text)s“ ist eine Uhrzeit: Spalte als Text formatieren und neu eintragen") % {
            "text": value
        }
    return str(value), ""


def _number(value: float, shown: str) -> tuple[str, str]:
    """Return a number in the digits that were typed; a format of zeros (postal codes) gives back leading ones."""
    if value != int(value):
        return repr(value).replace(".", ","), ""
    digits = str(int(value))
    if len(digits.lstrip("-")) > EXACT:
        problem = _("„%(text)s“ hat mehr Ziffern, als Excel sich merkt: Spalte als Text formatieren und neu eintragen")
        return digits, problem % {"text": digits}
    return (digits.zfill(len(shown)) if _ZEROS.fullmatch(shown) and value >= 0 else digits), ""
