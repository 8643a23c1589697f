"""Rows of an OpenDocument table. Hidden sheets and rows are left out; a repeated cell or row is read once."""

from __future__ import annotations

from media.extraction.archive import Archive
from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.tables.rows import MAX_CELL, Rows
from media.extraction.xml import START, TEXT, attribute, events, local

TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_NOT_READ = frozenset({"annotation", "tracked-changes", "forms", "scripts", "desc", "database-ranges"})
_SPACES = {"s": " ", "tab": " ", "line-break": "\n"}
_HIDDEN = frozenset({"collapse", "filter"})


def read(archive: Archive) -> Extracted:
    """Return the rows of all visible sheets. Raises Refused if the file is encrypted or damaged."""
    if _MANIFEST in archive.names and b"encryption-data" in archive.read(_MANIFEST):
        raise Refused(Reason.ENCRYPTED)
    if _CONTENT not in archive.names:
        raise Refused(Reason.DAMAGED, "no content")
    rows = Rows()
    _content(archive, rows)
    return Extracted(
        format="ods",
        pieces=rows.close(),
        facts=Facts(title=_title(archive), rows=rows.count),
        note=Reason.SHORTENED if rows.is_full else "",
    )


def _title(archive: Archive) -> str:
    if _META in archive.names:
        with archive.open(_META) as reader:
            for event, node in events(reader):
                if event not in (START, TEXT) and local(node) == "title":
                    return (node.text or "").strip()
    return ""


def _content(archive: Archive, rows: Rows) -> None:
    invisible: set[str] = set()
    style = ""
    number = skipped = 0
    is_hidden = False
    cells: list[str] = []
    cell: list[str] | None = None
    with archive.open(_CONTENT) as reader:
        for event, node in events(reader):
            if event == TEXT:
                if cell is not None and not skipped and sum(map(len, cell)) < MAX_CELL:
                    cell.append(node)
                continue
            name = local(node)
            if name in _NOT_READ:
                skipped += 1 if event == START else -1
            elif skipped:
                continue
            elif event == START:
                if name == "style":
                    style = attribute(node, "name")
                elif name == "table-properties" and attribute(node, "display") == "false":
                    invisible.add(style)
                elif name == "table":
                    is_hidden = attribute(node, "style-name") in invisible
                    number = 0
                    rows.sheet(attribute(node, "name"))
                elif name == "table-row":
                    cells = []
                elif name in ("table-cell", "covered-table-cell"):
                    cell = []
                    rows.cell()
                elif name in _SPACES and cell is not None:
                    cell.append(_SPACES[name])
                elif name == "p" and cell:
                    cell.append(" ")
            elif name in ("table-cell", "covered-table-cell") and cell is not None:
                cells.append("".join(cell))
                cell = None
            elif name == "table-row":
                if not is_hidden and attribute(node, "visibility") not in _HIDDEN:
                    rows.row(number + 1, cells)
                number += _repeated(attribute(node, "number-rows-repeated"))
            if rows.is_full:
                return


def _repeated(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 1
