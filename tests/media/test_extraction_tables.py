"""Rows of workbooks: what the cells show, with their sheet and row, read by the real child."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from media.extraction.outcome import Piece, Reason, Unreadable
from tests.attachments import archive, read_here
from tests.documents.archive import pack
from tests.documents.tables import DAY_STYLE, ods, ods_of, sheet_xml, xlsx, xlsx_members

SHEETS = {
    "Förderplan": [
        ["Name", "Ziel", "Stunden"],
        ["Lesetandem", "flüssig lesen", 4],
        ["Mathe & mehr", "0,5 begreifen", 2.5],
    ],
    "Material": [["Rechenschiffchen"]],
}


def workbook(pages: dict[str, str], shared: str = "", states: tuple[str, ...] = ()) -> bytes:
    """Return a workbook of these sheets by name."""
    named = {f"xl/worksheets/sheet{number}.xml": page for number, page in enumerate(pages.values(), start=1)}
    return pack(xlsx_members(list(pages), named, shared, states))


def test_rows_of_both_formats_are_read_with_sheet_and_first_row() -> None:
    for content, format in ((xlsx(SHEETS), "xlsx"), (ods(SHEETS), "ods")):
        found = read_here(content)
        assert (found.format, found.facts.rows, found.reason, found.note) == (format, 4, "", "")
        number = "2,5" if format == "xlsx" else "2.5"
        assert found.pieces == [
            Piece(
                f"Name, Ziel, Stunden; Lesetandem, flüssig lesen, 4; Mathe & mehr, 0,5 begreifen, {number}",
                "Förderplan",
                row=1,
            ),
            Piece("Rechenschiffchen", "Material", row=1),
        ]


def test_a_long_sheet_is_many_pieces_that_know_where_they_begin() -> None:
    rows = [[f"Zeile {number}", "Wort " * 10] for number in range(1, 101)]
    for content in (xlsx({"Lang": rows}), ods({"Lang": rows})):
        pieces = read_here(content).pieces
        assert len(pieces) > 5
        for piece in pieces:
            assert piece.text.startswith(f"Zeile {piece.row},")
            assert len(piece.text) < 800


def test_a_number_that_is_shown_as_a_day_is_read_as_one() -> None:
    cells = (
        f'<c s="{DAY_STYLE}"><v>46093</v></c><c s="{DAY_STYLE}"><v>46093.604166666664</v></c><c><v>0.30000000000000004</v></c>'
        '<c t="b"><v>1</v></c><c t="e"><v>#NV</v></c><c t="str"><f>A1&amp;"x"</f><v>gerechnet</v></c>'
    )
    (piece,) = read_here(workbook({"Tage": sheet_xml(f'<row r="7">{cells}</row>')})).pieces
    assert piece == Piece("12.03.2026, 12.03.2026 14:30, 0,3, WAHR, gerechnet", "Tage", row=7)


def test_what_is_hidden_in_a_workbook_is_not_read() -> None:
    hidden_row = '<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>Zeilengeheimnis</t></is></c></row>'
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>offen</t></is></c><c r="C1" t="inlineStr"><is><t>Spaltengeheimnis</t></is></c></row>'
        f"{hidden_row}"
    )
    page = sheet_xml(rows, before='<cols><col min="3" max="4" hidden="1"/></cols>')
    found = read_here(
        workbook({"Sicht": page, "Geheim": page, "Tief": page}, states=("visible", "hidden", "veryHidden"))
    )
    assert found.pieces == [Piece("offen", "Sicht", row=1)]
    style = '<style:style style:name="aus"><style:table-properties table:display="false"/></style:style>'
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    tables = (
        f'<table:table table:name="Sicht"><table:table-row>{cell.format("offen")}</table:table-row>'
        f'<table:table-row table:visibility="filter">{cell.format("Zeilengeheimnis")}</table:table-row></table:table>'
        f'<table:table table:name="Zu" table:style-name="aus"><table:table-row>{cell.format("Blattgeheimnis")}</table:table-row></table:table>'
    )
    assert read_here(ods_of(tables, style)).pieces == [Piece("offen", "Sicht", row=1)]


def test_rich_and_phonetic_texts_of_a_cell_are_one_word() -> None:
    shared = "<si><r><t>Förder</t></r><r><t>plan</t></r><rPh><t>フリガナ</t></rPh></si>"
    page = sheet_xml('<row><c t="s"><v>0</v></c><c t="s"><v>7</v></c></row>')
    assert [piece.text for piece in read_here(workbook({"Blatt": page}, shared)).pieces] == ["Förderplan"]


def test_one_damaged_sheet_does_not_cost_the_others() -> None:
    page = sheet_xml('<row r="1"><c t="inlineStr"><is><t>heil</t></is></c></row>')
    found = read_here(workbook({"Eins": page, "Zwei": page[:120], "Drei": page}))
    assert [piece.heading for piece in found.pieces] == ["Eins", "Drei"]
    assert found.note == Reason.PARTS_UNREADABLE
    assert found.facts.unreadable == Unreadable("sheet", 1, 3)
    assert read_here(workbook({"Zwei": page[:120]})).reason == Reason.DAMAGED


def test_a_repeated_row_counts_but_is_read_once() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>Wort</text:p></table:table-cell>'
    rows = (
        f'<table:table-row table:number-rows-repeated="1048000">{cell}</table:table-row>'
        "<table:table-row><table:table-cell><text:p>Zwei<text:s/>Worte</text:p></table:table-cell></table:table-row>"
    )
    found = read_here(ods_of(f'<table:table table:name="Blatt">{rows}</table:table>'))
    assert found.pieces == [Piece("Wort; Zwei Worte", "Blatt", row=1)]


def test_an_open_document_without_the_member_that_names_it_is_known_by_its_list() -> None:
    with zipfile.ZipFile(io.BytesIO(ods(SHEETS))) as source:
        members = {name: source.read(name) for name in source.namelist() if name != "mimetype"}
    found = read_here(archive(members))
    assert (found.format, found.facts.rows) == ("ods", 4)


def test_a_workbook_of_another_program_is_read() -> None:
    made = openpyxl.Workbook()
    made.properties.title = "Stundenplan"
    made.active.title = "Plan"
    made.active.append(["Montag", None, "Lesetandem"])
    file = io.BytesIO()
    made.save(file)
    found = read_here(file.getvalue())
    assert found.pieces == [Piece("Montag, Lesetandem", "Plan", row=1)]
    assert found.facts.title == "Stundenplan"


def test_a_workbook_whose_main_part_has_another_name_is_read() -> None:
    content = xlsx(SHEETS)
    relation = '<Relationships xmlns="x"><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook2.xml"/></Relationships>'
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    members["xl/workbook2.xml"] = members.pop("xl/workbook.xml")
    members["xl/_rels/workbook2.xml.rels"] = members.pop("xl/_rels/workbook.xml.rels")
    assert "Lesetandem" in read_here(archive({**members, "_rels/.rels": relation})).pieces[0].text
