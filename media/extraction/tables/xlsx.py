"""Rows of an Excel workbook: what the cells show, with dates as dates; hidden sheets, rows and columns are left out.

Formulas are not computed: the file holds the value that was last shown. Shared texts are kept only as far as a file
may have text at all.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from media.extraction.archive import Archive, resolve
from media.extraction.facts import Facts, PartKind
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.tables.rows import MAX_CELL, Rows, date_text, number_text
from media.extraction.xml import END, START, TEXT, Readable, attribute, events, local

TYPE_SIGNS = (b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml")
"""What the list of types says of a workbook."""

_PACKAGE_RELATIONS, _PROPERTIES = "_rels/.rels", "docProps/core.xml"
_MOST_SHARED = 10_000_000
"""Characters of shared texts kept."""

_DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_NUMBER = re.compile(r"[+-]?\d+([.]\d*)?(E[+-]?\d+)?\Z", re.ASCII | re.IGNORECASE)
_LATEST_DAY = 2_958_465
"""The serial number of 31 December 9999."""

_MOST = 1e300
_EPOCH = datetime.datetime(1899, 12, 30, tzinfo=datetime.UTC)
_EPOCH_1904 = datetime.datetime(1904, 1, 1, tzinfo=datetime.UTC)
"""Day 0 of serial numbers; the second is that of old Macs. The time zone is of no account."""


def read(archive: Archive) -> Extracted:
    """Return the rows of all visible sheets. Raises Refused if no sheet can be read."""
    workbook = _target(archive, _PACKAGE_RELATIONS, "", "officeDocument") or "xl/workbook.xml"
    if workbook not in archive.names:
        raise Refused(Reason.DAMAGED, "no workbook")
    sheets, epoch = _sheets(archive, workbook)
    folder, _, name = workbook.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels".lstrip("/")
    shared = _shared(archive, _target(archive, relations, workbook, "sharedStrings"))
    styles = _styles(archive, _target(archive, relations, workbook, "styles"))
    targets = dict(_relations(archive, relations, workbook))
    rows = Rows()
    unreadable = 0
    for key, title in sheets:
        rows.sheet(title)
        try:
            _sheet(archive, targets.get(key, ("", ""))[1], _Shown(shared, styles, epoch), rows)
        except Refused as error:
            if error.reason != Reason.DAMAGED:
                raise
            unreadable += 1
        if rows.is_full:
            break
    if sheets and unreadable == len(sheets):
        raise Refused(Reason.DAMAGED, "no sheet can be read")
    found = Extracted(
        format="xlsx",
        pieces=rows.close(),
        facts=Facts(title=_title(archive), rows=rows.count),
        note=Reason.SHORTENED if rows.is_full else "",
    )
    found.leave_out(PartKind.SHEET, unreadable, len(sheets))
    return found


def _relations(archive: Archive, member: str, base: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the relations of a part within the archive: id, and kind with target."""
    if member not in archive.names:
        return
    with archive.open(member) as reader:
        for event, element in events(reader):
            if event == START and local(element) == "Relationship" and attribute(element, "TargetMode") != "External":
                kind = posixpath.basename(attribute(element, "Type"))
                yield attribute(element, "Id"), (kind, resolve(base, attribute(element, "Target")))


def _target(archive: Archive, member: str, base: str, kind: str) -> str:
    return next((target for _, (known, target) in _relations(archive, member, base) if known == kind), "")


def _title(archive: Archive) -> str:
    if _PROPERTIES in archive.names:
        with archive.open(_PROPERTIES) as reader:
            for event, node in events(reader):
                if event == END and local(node) == "title":
                    return (node.text or "").strip()
    return ""


def _sheets(archive: Archive, workbook: str) -> tuple[list[tuple[str, str]], datetime.datetime]:
    """Return relation and name of the visible sheets, and the day from which dates are counted."""
    sheets = []
    epoch = _EPOCH
    with archive.open(workbook) as reader:
        for event, node in events(reader):
            if event != START:
                continue
            if local(node) == "workbookPr" and attribute(node, "date1904") in ("1", "true"):
                epoch = _EPOCH_1904
            elif local(node) == "sheet" and attribute(node, "state") not in ("hidden", "veryHidden"):
                key = next((value for name, value in node.attrib.items() if name.endswith("}id")), "")
                sheets.append((key, attribute(node, "name")))
    return sheets, epoch


def _elements(reader: Readable) -> Iterator[tuple[str, str, Any, bool]]:
    """Yield event, local name and node of each element, and whether it lies within a note on pronunciation."""
    phonetic = 0
    for event, node in events(reader):
        if event == TEXT:
            continue
        name = local(node)
        if name == "rPh":
            phonetic += 1 if event == START else -1
        else:
            yield event, name, node, phonetic > 0


def _shared(archive: Archive, member: str) -> list[str]:
    """Return the texts that cells refer to by number."""
    texts: list[str] = []
    if member not in archive.names:
        return texts
    characters = 0
    parts: list[str] = []
    with archive.open(member) as reader:
        for event, name, node, is_phonetic in _elements(reader):
            if event == START:
                if name == "si":
                    parts = []
            elif name == "t" and not is_phonetic:
                parts.append((node.text or "")[:MAX_CELL])
            elif name == "si":
                texts.append("".join(parts)[:MAX_CELL])
                # An empty text costs memory, too.
                characters += len(texts[-1]) + 10
                if characters > _MOST_SHARED:
                    break
    return texts


def _styles(archive: Archive, member: str) -> dict[int, bool]:
    """Return the cell styles that show a number as date (True) or time (False)."""
    styles: dict[int, bool] = {}
    if member not in archive.names:
        return styles
    own: dict[int, str] = {}
    within = False
    number = 0
    with archive.open(member) as reader:
        for event, node in events(reader):
            if event == TEXT:
                continue
            name = local(node)
            if name == "cellXfs":
                within = event == START
            elif event == START and name == "numFmt":
                own[_whole(attribute(node, "numFmtId"))] = attribute(node, "formatCode")
            elif event == START and name == "xf" and within:
                shown = _whole(attribute(node, "numFmtId"))
                letters = _LITERALS.sub("", own.get(shown, "")[:200]).lower()
                if shown in _DATES or set("yd") & set(letters) or (set("m") & set(letters) and "h" not in letters):
                    styles[number] = True
                elif shown in _TIMES or set("hs") & set(letters):
                    styles[number] = False
                number += 1
    return styles


class _Shown:
    """From the stored value of a cell to the text that it shows."""

    def __init__(self, shared: list[str], styles: dict[int, bool], epoch: datetime.datetime) -> None:
        self._shared = shared
        self._styles = styles
        self._epoch = epoch

    def text(self, kind: str, style: str, value: str) -> str:
        """Return the text; empty for an error or a reference to a text that is not there."""
        if kind == "s":
            place = _whole(value)
            return self._shared[place] if place < len(self._shared) else ""
        if kind == "b":
            return "WAHR" if value.strip() == "1" else "FALSCH"
        if kind == "e":
            return ""
        if kind in ("str", "inlineStr", "d") or len(value) > 40 or not _NUMBER.match(value.strip()):
            return value
        number = float(value)
        if abs(number) > _MOST:
            return value
        has_date = self._styles.get(_whole(style))
        if has_date is not None and 0 <= number < _LATEST_DAY:
            seconds = round(number * 86_400)
            return date_text(self._epoch + datetime.timedelta(seconds=seconds), has_date=has_date)
        return number_text(number)


def _sheet(archive: Archive, member: str, shown: _Shown, rows: Rows) -> None:
    """Read a sheet row by row. Raises Refused(DAMAGED) if it is missing or broken."""
    hidden: list[tuple[int, int]] = []
    row: list[str] = []
    number = column = 0
    cell: tuple[str, str] | None = None
    value: list[str] = []
    with archive.open(member) as reader:
        for event, name, node, is_phonetic in _elements(reader):
            if event == START:
                if name == "col" and attribute(node, "hidden") in ("1", "true"):
                    hidden.append((_whole(attribute(node, "min")), _whole(attribute(node, "max"))))
                elif name == "row":
                    number, column, row = _whole(attribute(node, "r")) or number + 1, 0, []
                elif name == "c":
                    column = _column(attribute(node, "r")) or column + 1
                    cell = (attribute(node, "t"), attribute(node, "s"))
                    value = []
                    rows.cell()
            elif name in ("v", "t") and cell is not None and not is_phonetic:
                value.append((node.text or "")[:MAX_CELL])
            elif name == "c" and cell is not None:
                if value and not any(first <= column <= last for first, last in hidden[:100]):
                    row.append(shown.text(cell[0], cell[1], "".join(value)))
                cell = None
            elif name == "row" and attribute(node, "hidden") not in ("1", "true"):
                rows.row(number, row)
            if rows.is_full:
                return


def _column(reference: str) -> int:
    """Return the number of the column in a reference such as `AB12`."""
    number = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


def _whole(value: str) -> int:
    value = value.strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
