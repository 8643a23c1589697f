"""Tables as office programs really write them: encodings, separators, what they alter, workbooks and their limits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.importing import workbook
from core.importing.rows import Row, RowError, UnreadableFile
from core.importing.tables import Cells, day, read_table

COLUMNS = ("art", "name", "plz", "kennung")
HEAD = "art;name;plz;kennung"


def read(data: bytes) -> list[Row[Cells]]:
    return read_table(data, COLUMNS, ("art", "name"))


def values(data: bytes) -> list[list[str]]:
    """Return the cells in the order of the columns; a row with a problem fails."""
    rows = read(data)
    assert [row.problem for row in rows if row.problem] == []
    return [[row.value.get(column, "") for column in COLUMNS] for row in rows]


def table(*lines: str, end: str = "\r\n") -> str:
    return end.join(lines) + end


SCHOOL = ["Förderschule", "Schule an der Straße", "01067", "0420"]
WRITTEN = table(HEAD, ";".join(SCHOOL))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(WRITTEN.encode(), id="utf-8"),
        pytest.param(WRITTEN.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(WRITTEN.encode("cp1252"), id="windows-1252"),
        pytest.param(WRITTEN.encode("cp850"), id="dos"),
        pytest.param(WRITTEN.replace(";", "\t").encode("utf-16"), id="unicode text"),
        pytest.param(b"\xfe\xff" + WRITTEN.replace(";", "\t").encode("utf-16-be"), id="unicode text, big end first"),
        pytest.param(WRITTEN.replace(";", "\t").encode("cp1252"), id="tabs"),
        pytest.param(WRITTEN.replace(";", ",").encode(), id="commas"),
        pytest.param(WRITTEN.replace(";", "|").encode(), id="bars"),
        pytest.param(WRITTEN.replace("\r\n", "\r").encode(), id="ends of lines of old Macs"),
        pytest.param(("sep=;\r\n" + WRITTEN).encode("cp1252"), id="sep"),
        pytest.param(('"sep=;"\r\n' + WRITTEN).encode(), id="sep in quotation marks"),
        pytest.param(("\ufeffsep=,\r\n" + WRITTEN.replace(";", ",")).encode(), id="sep behind a mark"),
        pytest.param(("SEP=\t\r\n" + WRITTEN.replace(";", "\t")).encode(), id="sep with a tab"),
        pytest.param(("sep=;;;;\r\n" + WRITTEN).encode(), id="sep saved once more"),
        pytest.param(table(HEAD + ";;;", ";".join(SCHOOL) + ";;;").encode(), id="empty columns at the end"),
        pytest.param(table(";" + HEAD, ";" + ";".join(SCHOOL)).encode(), id="an empty column at the beginning"),
        pytest.param(table("art;;name;plz;kennung", "Förderschule;;" + ";".join(SCHOOL[1:])).encode(), id="between"),
        pytest.param(table(";;;", HEAD, ";;;", ";".join(SCHOOL), ";;;").encode(), id="empty rows"),
        pytest.param(table(HEAD, ";".join(SCHOOL)).replace("ö", "o\u0308").encode(), id="decomposed letters"),
        pytest.param(
            table(HEAD, 'Förderschule;Schule an der Straße;="01067";="0420"').encode(), id="kept by a formula"
        ),
        pytest.param(
            table(HEAD, "Förderschule;Schule an der Straße;'01067;'0420").encode(), id="kept by an apostrophe"
        ),
        pytest.param(table(" ART;Name ;PLZ\xa0;Kennung", ";".join(SCHOOL) + "\xa0").encode(), id="blanks and capitals"),
        pytest.param(table(HEAD, '"' + '";"'.join(SCHOOL) + '"').encode(), id="quoted"),
    ],
)
def test_a_table_is_read_however_a_program_here_saves_it(data: bytes) -> None:
    assert values(data) == [SCHOOL]


def test_the_separator_is_the_one_that_names_the_columns_not_the_commonest_sign() -> None:
    assert values(b"art;name\nKita;a,b,c,d,e\n") == [["Kita", "a,b,c,d,e", "", ""]]
    assert values(b'art,name,plz\nKita,"a;b;c;d;e;f",01067\n') == [["Kita", "a;b;c;d;e;f", "01067", ""]]


def test_lines_are_counted_from_the_first_one_of_the_file() -> None:
    rows = read(("sep=;\n;;\n" + HEAD + '\nKita;"zwei\nZeilen"\n\nHort;x\n').encode())
    assert [(row.number, row.line) for row in rows] == [(1, 4), (2, 7)]


def test_a_row_in_another_encoding_than_the_others_costs_only_itself() -> None:
    rows = read((HEAD + "\nKita;Übergang\n").encode() + b"Kita;\xdcbergang\nKita;b\n")
    assert [(row.value["name"], bool(row.problem)) for row in rows] == [
        ("Übergang", False), ("\ufffdbergang", True), ("b", False),
    ]  # fmt: skip
    assert "Windows-1252" in rows[1].problem
    assert [bool(row.problem) for row in read((HEAD + "\n").encode() + b"Kita;a\x9db\nKita;\xfc\n")] == [True, False]


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        *((number, "gekürzte Zahl") for number in ("4,99E+06", "4.99E+06", "4E+15", "1,2e-05", "-4,99E+06")),
        *((day, "Datum") for day in ("04.01.2025", "1.2.25", "2025-02-01", "2025-02-01 00:00:00", "01. Feb", "Mrz 41")),
        *((day, "Datum") for day in ("4-Dec", "Feb-25", "12/31/2025", "04. Mai 2025", "1. Dez.", "01.02.")),
        *((number, "formatierte Zahl") for number in ("4.990.001", "4990001.0", "4\xa0990\xa0001")),
        *((error, "Fehlermeldung") for error in ("#NV", "#BEZUG!", "#NAME?", "#########", "#DIV/0!")),
    ],
)
def test_what_a_program_has_altered_is_refused_with_column_and_reason(cell: str, word: str) -> None:
    for row in (f"Kita;a;;{cell}", f'Kita;"{cell}"'):
        (found,) = read(table(HEAD, row).encode())
        assert word in found.problem
        assert cell in found.problem
        assert found.problem.startswith("name:" if row.count(";") == 1 else "kennung:")


@pytest.mark.parametrize(
    "cell",
    [
        "4990001",
        "E06",
        "4E6",
        "Kita 2.0",
        "0341/123456",
        "5. Grundschule",
        "10.1",
        "0341.123.456",
        "Nr. 5.0",
        "Maier 25",
        "+49 341 1",
        "#1",
    ],
)
def test_what_only_looks_a_little_like_it_stays_what_was_typed(cell: str) -> None:
    assert values(table(HEAD, f"Kita;{cell}").encode())[0][1] == cell


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(
            (text, date(2025, 2, 1))
            for text in ("01.02.2025", "1.2.2025", "1. 2. 2025", "2025-02-01", "01.02.2025 00:00")
        ),
        *((text, None) for text in ("01.02.25", "31.02.2025", "Feb 25", "bald", "1.2.", "4,99E+06")),
    ],
)
def test_a_day_is_read_where_one_is_meant(written: str, meant: date | None) -> None:
    (row,) = read_table(f"name;tag\na;{written}\n".encode(), ("name", "tag"), ("name",), days=["tag"])
    if meant:
        assert (row.problem, day(row.value, "tag")) == ("", meant)
    else:
        with pytest.raises(RowError, match="kein Tag wie"):
            day(row.value, "tag")


def test_a_day_of_a_workbook_is_the_same_day() -> None:
    for cell in (date(2025, 2, 1), datetime(2025, 2, 1), "01.02.2025"):  # noqa: DTZ001 - a cell has no time zone
        (row,) = read_table(book(("name", "tag"), ("a", cell)), ("name", "tag"), ("name",), days=["tag"])
        assert (row.problem, day(row.value, "tag")) == ("", date(2025, 2, 1))


def test_a_cell_below_no_heading_is_told_not_lost() -> None:
    (row,) = read(b"art;name;;\nKita;a;;b\n")
    assert row.problem == "Spalte 4 hat keine Überschrift"
    (row,) = read(b"art;name\nKita;a;b\n")
    assert row.problem == "3 Zellen, aber nur 2 Spalten"


def test_a_file_that_is_no_table_is_refused_in_one_short_line() -> None:
    for data in (
        b"%PDF-1.7\n" + bytes(range(256)) * 50,
        b"<html><table>" * 99,
        b"\xff\xfea",
        b"sep=;\n",
        b"\r\n;;\r\n",
    ):
        with pytest.raises(UnreadableFile) as caught:
            read(data)
        assert len(str(caught.value)) < 400
        assert "\n" not in str(caught.value)


@given(data=st.binary(max_size=120), lead=st.sampled_from([b"", b"art;name\n", b"sep=", b"\xff\xfe", b"PK\x03\x04"]))
def test_no_bytes_whatsoever_end_otherwise_than_as_rows_or_a_refusal(data: bytes, lead: bytes) -> None:
    try:
        rows = read(lead + data)
    except UnreadableFile:
        return
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


# -- workbooks --------------------------------------------------------------------------------------------

Build = Callable[[Workbook], None]


def book(*rows: Iterable[Any], build: Build | None = None, formats: dict[str, str] | None = None) -> bytes:
    """Return a workbook with these rows; `formats` gives cells by address their number format."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for address, shown in (formats or {}).items():
        sheet[address].number_format = shown
    if build:
        build(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


HEADINGS = COLUMNS


def test_a_workbook_is_read_like_a_csv() -> None:
    assert values(book(HEADINGS, SCHOOL)) == [SCHOOL]
    assert values(book((), ("", *HEADINGS), ("", *SCHOOL), ())) == [SCHOOL]
    assert values(book([*HEADINGS, None, None], [*SCHOOL, None, ""])) == [SCHOOL]
    rows = read(book(HEADINGS, (), SCHOOL))
    assert [(row.number, row.line) for row in rows] == [(1, 3)]


def test_a_number_is_read_with_the_digits_that_were_typed() -> None:
    data = book(HEADINGS, ("Kita", 4.0, 1067, 4990001), formats={"C2": "00000", "D2": "0.00E+00"})
    assert values(data) == [["Kita", "4", "01067", "4990001"]]
    assert values(book(HEADINGS, (True, 1.5, 1067, "'01"))) == [["wahr", "1,5", "1067", "01"]]


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        (1234567890123456789, "Ziffern"),
        (date(2025, 2, 1), "Datum"),
        (datetime(2025, 2, 1, 8, 30), "Datum"),  # noqa: DTZ001 - a cell has no time zone
        (time(8, 30), "Uhrzeit"),
        ("4,99E+06", "gekürzte Zahl"),
        ("#NV", "Fehlermeldung"),
    ],
)
def test_a_cell_that_is_no_longer_what_was_typed_is_refused_in_a_workbook_too(cell: Any, word: str) -> None:
    (row,) = read(book(HEADINGS, ("Kita", "a", None, cell)))
    assert word in row.problem


def test_the_sheet_with_the_head_is_read_and_hidden_ones_are_not() -> None:
    def second(made: Workbook) -> None:
        made.create_sheet("Daten").append(list(HEADINGS))
        made["Daten"].append(SCHOOL)

    def hidden(made: Workbook) -> None:
        second(made)
        made["Daten"].sheet_state = "hidden"

    assert values(book(("Stand", "heute"), build=second)) == [SCHOOL]
    with pytest.raises(UnreadableFile, match="'stand'"):
        read(book(("Stand", "heute"), build=hidden))
    with pytest.raises(UnreadableFile, match="leer"):
        read(book())


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04" + bytes(range(200)), "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "verschlüsselte Excel"),
        (book(HEADINGS)[:-200], "Excel"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_called_by_its_name(data: bytes, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        read(data)


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return file.getvalue()


def replaced(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return archive(**{name: change(old.read(name)) if name == part else old.read(name) for name in old.namelist()})


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData><row><c t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (archive(**{"content.xml": b"", "mimetype": b""}), "LibreOffice"),
        (archive(**{"xl/workbook.bin": b"", "[Content_Types].xml": b""}), "XLSB"),
        (archive(**{"bild.png": b""}), "ZIP-Archiv"),
        (archive(**{"[Content_Types].xml": b"", "x": bytes(workbook.MOST_BYTES + 1)}), "größer als"),
        (replaced(book(HEADINGS, SCHOOL), SHEET, lambda _sheet: BOMB), "lässt sich nicht lesen"),
        (replaced(book(HEADINGS, SCHOOL), SHEET, lambda sheet: sheet[: len(sheet) // 2]), "lässt sich nicht lesen"),
        (replaced(book(HEADINGS, SCHOOL), "xl/workbook.xml", lambda _part: b"<x/>"), "Excel|leer"),
    ],
)
def test_a_hostile_or_foreign_archive_ends_as_a_refusal(data: bytes, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        read(data)


def test_formats_down_to_the_last_row_of_a_sheet_are_no_rows() -> None:
    last = b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
    data = replaced(book(HEADINGS, SCHOOL), SHEET, lambda sheet: sheet.replace(b"</sheetData>", last))
    assert values(data) == [SCHOOL]


def test_a_workbook_is_read_only_up_to_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as few:
        few.setattr(workbook, "MOST_ROWS", 3)
        with pytest.raises(UnreadableFile, match="mehr als 3 Zeilen"):
            read(book(HEADINGS, SCHOOL, SCHOOL, SCHOOL))
        assert len(read(book(HEADINGS, SCHOOL, (), (), SCHOOL))) == 2
    far = replaced(book(HEADINGS, SCHOOL), SHEET, lambda sheet: sheet.replace(b'r="2"', b'r="1999999999"'))
    with pytest.raises(UnreadableFile, match="Zeilen"):
        read(far)
    (row,) = read(book(HEADINGS, (*SCHOOL, *[None] * 300, "x")))
    assert row.problem == "305 Zellen, aber nur 4 Spalten"
    monkeypatch.setattr(workbook, "MOST_CELLS", 300)
    with pytest.raises(UnreadableFile, match="mehr als 300 Zellen"):
        read(book(HEADINGS, (*SCHOOL, *[None] * 300, "x")))
