"""CSV for spreadsheet programs: the one place that writes a cell, so that none is ever computed.

UTF-8 with a mark at its beginning and semicolons, as office programs here expect it. Wagtail writes CSV of its lists
and reports as well, without any care; `protect_wagtail` has it ask here too. Its XLSX needs none: cells are typed there.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

_SIGNS = ("=", "+", "-", "@", "\u2212")
_BREAKS = ("\t", "\r", "\n")


def cell(value: Any) -> Any:
    """Return a value as text that no spreadsheet takes for a formula; numbers stay numbers.

    See OWASP, "CSV Injection" (https://owasp.org/www-community/attacks/CSV_Injection): cells that begin with one of
    the signs, also in its other widths, are computed when the file is opened, and programs skip what is invisible.
    """
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = str(value)
    seen = next((sign for sign in text if not _is_invisible(sign)), "")
    dangerous = text.startswith(_BREAKS) or unicodedata.normalize("NFKC", seen).startswith(_SIGNS)
    return f"'{text}" if dangerous else text


def csv_table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a whole file: a row of headings and the rows below it."""
    file = io.StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in (columns, *rows))
    return file.getvalue()


def protect_wagtail() -> None:
    """Have every list and report of Wagtail, ours and its own, write its cells with care."""
    SpreadsheetExportMixin.write_csv_row = _write_csv_row


def _write_csv_row(view: Any, writer: Any, row: dict[str, Any]) -> Any:
    values = ((field, view.preprocess_field_value(field, value, view.FORMAT_CSV)) for field, value in row.items())
    return writer.writerow({field: cell(value) for field, value in values})


def _is_invisible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")
