"""CSV for spreadsheet programs: the only place that writes a cell, so that no cell is ever computed.

UTF-8 with a byte order mark and semicolons, as office programs here expect. Wagtail's CSV of lists and reports has no
such protection; `protect_wagtail` makes it write cells here too. Its XLSX needs none: cells there are typed.
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

    See OWASP, "CSV Injection" (https://owasp.org/www-community/attacks/CSV_Injection): programs compute cells that
    begin with one of the signs, in any width, when they open the file, and they skip invisible characters.
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
    """Return a complete file: a row of headings and the rows below it."""
    file = io.StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in (columns, *rows))
    return file.getvalue()


def protect_wagtail() -> None:
    """Make every Wagtail list and report, ours and its own, write safe cells."""
    SpreadsheetExportMixin.write_csv_row = _write_csv_row


def _write_csv_row(view: Any, writer: Any, row: dict[str, Any]) -> Any:
    values = ((field, view.preprocess_field_value(field, value, view.FORMAT_CSV)) for field, value in row.items())
    return writer.writerow({field: cell(value) for field, value in values})


def _is_invisible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")
