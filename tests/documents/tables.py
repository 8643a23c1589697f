"""Workbooks, XLSX and ODS, of sheets that are rows of texts and numbers: small, and the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from tests.documents.archive import DECLARATION, content_types, pack, relations

Cell = str | int | float
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATION = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
DAY_STYLE = 1
"""The style of cells that show their number as a day."""


def xlsx(sheets: Sheets) -> bytes:
    """Return a workbook; texts are shared, as Excel writes them."""
    texts = sorted({cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)})
    pages = {
        f"xl/worksheets/sheet{number}.xml": sheet_xml(
            "".join(_row(place, row, texts) for place, row in enumerate(rows, 1))
        )
        for number, rows in enumerate(sheets.values(), start=1)
    }
    return pack(xlsx_members(list(sheets), pages, "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)))


def xlsx_members(
    names: Sequence[str], pages: Mapping[str, str], shared: str, states: Sequence[str] = ()
) -> dict[str, str]:
    """Return the members of a workbook with these sheets; `states` says which of them are hidden."""
    kinds = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/sharedStrings.xml": "spreadsheetml.sharedStrings",
        "xl/styles.xml": "spreadsheetml.styles",
        **dict.fromkeys(pages, "spreadsheetml.worksheet"),
    }
    targets = {f"rId{number}": ("worksheet", name.removeprefix("xl/")) for number, name in enumerate(pages, start=1)}
    states = states or ["visible"] * len(names)
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        for number, (name, state) in enumerate(zip(names, states, strict=True), start=1)
    )
    return {
        "[Content_Types].xml": content_types(kinds),
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": relations(
            {**targets, "rId98": ("sharedStrings", "sharedStrings.xml"), "rId99": ("styles", "styles.xml")}
        ),
        "xl/workbook.xml": f"{DECLARATION}<workbook {_MAIN} {_RELATION}><sheets>{sheets}</sheets></workbook>",
        "xl/sharedStrings.xml": f"{DECLARATION}<sst {_MAIN}>{shared}</sst>",
        "xl/styles.xml": (
            f"{DECLARATION}<styleSheet {_MAIN}><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>"
            '<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
        ),
        **pages,
    }


def sheet_xml(rows: str, before: str = "") -> str:
    """Return a sheet of these `<row>` elements."""
    return f"{DECLARATION}<worksheet {_MAIN}>{before}<sheetData>{rows}</sheetData></worksheet>"


def _row(place: int, row: Sequence[Cell], texts: Sequence[str]) -> str:
    cells = "".join(
        f'<c t="s"><v>{texts.index(cell)}</v></c>' if isinstance(cell, str) else f"<c><v>{cell}</v></c>" for cell in row
    )
    return f'<row r="{place}">{cells}</row>'


def ods(sheets: Sheets) -> bytes:
    """Return an OpenDocument table."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    return ods_of(tables)


def ods_of(tables: str, styles: str = "") -> bytes:
    """Return an OpenDocument table of these `<table:table>` elements."""
    return pack(
        {
            "mimetype": _ODS_TYPE,
            "META-INF/manifest.xml": (
                f'{DECLARATION}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
                f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
            ),
            "content.xml": (
                f'{DECLARATION}<office:document-content {_ODS_SPACES} office:version="1.3"><office:automatic-styles>{styles}'
                f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
                "</office:document-content>"
            ),
        },
        stored="mimetype",
    )


def _ods_cell(cell: Cell) -> str:
    kind = "string" if isinstance(cell, str) else "float"
    value = "" if isinstance(cell, str) else f' office:value="{cell}"'
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f'<table:table-cell office:value-type="{kind}"{value}>{text}</table:table-cell>'
