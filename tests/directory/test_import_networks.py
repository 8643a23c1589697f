"""The import of networks and schools: faults are told row by row, the rest comes in, a second run writes nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook
from wagtail.models import Page
from wagtail.signals import page_published

from core.importing.rows import UnreadableFile
from directory.importers.networks import COLUMNS, read_rows
from directory.models import Member, NetworkPage
from search.engines.current import get_engine
from tests.directory.helpers import add_member, add_network
from tests.published import settle

pytestmark = pytest.mark.django_db


def run(path: Path, *options: str) -> tuple[list[str], str]:
    """Import a file; return the lines of the report and the error at its end."""
    out, message = io.StringIO(), ""
    try:
        call_command("import_networks", str(path), *options, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        message = str(error)
    return out.getvalue().splitlines(), message


def row(**cells: Any) -> str:
    """Return a line of a file."""
    return ";".join(str(cells.get(column, "")) for column in COLUMNS)


def network(number: Any, **cells: Any) -> str:
    """Return the line of a network that is in order."""
    good = {"art": "koopv", "nummer": number, "name": f"Netz {number}", "region": "leipzig"}
    return row(**{**good, "mailbox": f"koopv-{number}@example.org", **cells})


def school(key: str, number: Any, **cells: Any) -> str:
    """Return the line of a school that is in order."""
    good = {"art": "Grundschule", "nummer": number, "name": f"Schule {key}", "kennung": key}
    return row(**{**good, "plz": "04109", "ort": "Leipzig", **cells})


def write(folder: Path, *lines: str, head: str = ";".join(COLUMNS), encoding: str = "utf-8") -> Path:
    """Write a file of these lines below the head."""
    path = folder / "netze.csv"
    path.write_bytes("\n".join([head, *lines, ""]).encode(encoding))
    return path


FAULTS = {
    "art: „Schlossschule“ gibt es nicht": [school("f1", 1, art="Schlossschule"), school("f2", 2, art="Schlossschule")],
    "art: fehlt": [school("f3", 1, art="")],
    "nummer: „vier“ ist keine Zahl von 1 bis 9999": [network("vier"), school("f4", "vier")],
    "nummer: einen KoopV 99 gibt es nicht": [school(f"f5{one}", 99) for one in "abc"],
    "nummer: steht schon in einer früheren Zeile": [network(1), network(2)],
    "name: fehlt": [network(77, name=""), school("f6", 3, name=" ")],
    "region: „Atlantis“ gibt es nicht": [network(78, region="Atlantis")],
    "mailbox: Bitte das Postfach einer Rolle angeben, z. B. koopv-04@…, nicht das einer Person.": [
        network(79, mailbox="anna.muster@example.org"),
        network(80, mailbox="a.b@example.org"),
    ],
    "plz: „0410“ sind keine fünf Ziffern": [school("f7", 1, plz="0410"), school("f8", 1, plz="0410")],
    "kennung: steht schon in einer früheren Zeile": [school("s1-1", 5), school("s1-2", 5)],
    "14 Zellen, aber nur 13 Spalten": [school("f9", 1) + ";zu viel"],
}
"""Twenty faulty rows by the reason that the report gives: more than eight kinds."""


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A file of 300 rows, 20 of them faulty and spread among the others."""
    good = [network(number, gebiet=f"Gebiet {number}", themen="Lesen|Übergänge") for number in range(1, 41)]
    good += [school(f"s{number}-{one}", number) for number in range(1, 41) for one in range(1, 7)]
    faults = [line for lines in FAULTS.values() for line in lines]
    assert (len(good), len(faults)) == (280, 20)
    lines = list(good)
    for place, line in enumerate(faults):
        # Behind the rows that they repeat.
        lines.insert(60 + place * 11, line)
    return write(tmp_path, *lines)


def test_three_hundred_rows_with_twenty_faults(library: Any, big: Path) -> None:
    dry, dry_message = run(big, "--dry-run")
    assert not NetworkPage.objects.exists()
    assert not Member.objects.exists()
    report, message = run(big)
    assert report == dry
    assert message == dry_message == "20 Zeilen sind fehlerhaft."
    assert report[-1] == "300 Zeilen: 280 neu, 20 fehlerhaft"
    assert len(report) == 301
    broken = [line.split("\t") for line in report if "\tfehlerhaft\t" in line]
    lines = big.read_text().splitlines()
    assert {reason: sum(one[-1] == reason for one in broken) for reason in FAULTS} == {
        reason: len(rows) for reason, rows in FAULTS.items()
    }
    for one in broken:
        assert lines[int(one[0]) - 1] in FAULTS[one[-1]], "the line number leads to the row"
    assert NetworkPage.objects.live().count() == 40
    assert Member.objects.count() == 240
    assert NetworkPage.objects.get(number=7).members.count() == 6
    settle()
    assert get_engine().ids() >= set(NetworkPage.objects.values_list("pk", flat=True))

    with CaptureQueriesContext(connection) as queries:
        again, message = run(big)
    assert again[-1] == "300 Zeilen: 280 unverändert, 20 fehlerhaft"
    assert message == "20 Zeilen sind fehlerhaft."
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert run(big, "--dry-run")[0] == again


def test_changed_cells_are_named_and_written_and_empty_ones_change_nothing(library: Any, tmp_path: Path) -> None:
    run(write(tmp_path, network(1, gebiet="Alt", telefon="030 1"), network(2), school("a", 1)))
    file = write(tmp_path, network(1, gebiet="Neu", region="Stadt Dresden"), school("a", 2, ort="Taucha"))
    dry, _ = run(file, "--dry-run")
    report, message = run(file)
    assert (
        report == dry == ["2\tKoopV 1\tgeändert\tgebiet, region", "3\ta\tgeändert\tnummer, ort", "2 Zeilen: 2 geändert"]
    )
    assert message == ""
    page = NetworkPage.objects.get(number=1)
    assert (page.area, page.region.slug, page.phone, page.members.count()) == ("Neu", "dresden", "030 1", 0)
    assert page.get_latest_revision_as_object().area == "Neu"
    assert Member.objects.get(key="a").network.number == 2
    assert run(file)[0][-1] == "2 Zeilen: 2 unverändert"


def test_row_that_the_database_refuses_is_broken_and_so_are_its_members(library: Any, tmp_path: Path) -> None:
    file = write(
        tmp_path, school("a", 1), network(1, mailbox=f"{'koopv' * 50}@example.org"), network(2), school("b", 2)
    )
    for action in ("neu", "unverändert"):
        report, message = run(file)
        assert [line.split("\t")[:3] for line in report[:-1]] == [
            ["2", "a", "fehlerhaft"],
            ["3", "KoopV 1", "fehlerhaft"],
            ["4", "KoopV 2", action],
            ["5", "b", action],
        ]
        assert "ließ sich nicht anlegen" in report[0]
        assert "254 Zeichen" in report[1]
        assert message == "2 Zeilen sind fehlerhaft."


def test_an_interruption_is_one_line_and_keeps_what_is_finished(library: Any, tmp_path: Path) -> None:
    def interrupt(instance: Page, **_kwargs: Any) -> None:
        if instance.title == "KoopV 2 Netz 2":
            raise KeyboardInterrupt

    file = write(tmp_path, network(1), network(2), school("a", 1))
    page_published.connect(interrupt)
    try:
        report, message = run(file)
    finally:
        page_published.disconnect(interrupt)
    assert report == ["2\tKoopV 1\tneu"]
    assert message == "Abgebrochen nach 1 Datensätzen; was fertig ist, bleibt."
    assert list(NetworkPage.objects.values_list("number", flat=True)) == [1]
    assert run(file)[0][-1] == "3 Zeilen: 2 neu, 1 unverändert"


def test_members_may_stand_before_their_network(library: Any, tmp_path: Path) -> None:
    report, _ = run(write(tmp_path, school("a", 1), network(1)))
    assert report[-1] == "2 Zeilen: 2 neu"
    assert Member.objects.get().network.number == 1


def test_what_editors_are_writing_is_not_published(library: Any, tmp_path: Path) -> None:
    page = add_network(1, title="KoopV 1 Netz 1")
    page.aims = "Noch nicht fertig"
    page.save_revision()
    file = write(tmp_path, network(1, gebiet="Neu"))
    dry, _ = run(file, "--dry-run")
    report, message = run(file)
    assert report == dry
    assert report[0] == "2\tKoopV 1\tbearbeitet\tEs gibt einen Entwurf, der noch nicht veröffentlicht ist."
    assert message == ""
    page.refresh_from_db()
    assert (page.area, page.aims) == ("", "")


def test_withdrawn_network_is_brought_up_to_date_and_stays_withdrawn(library: Any, tmp_path: Path) -> None:
    page = add_network(1)
    page.unpublish()
    file = write(tmp_path, network(1, gebiet="Neu"))
    assert run(file)[0][-1] == "1 Zeile: 1 geändert"
    page = NetworkPage.objects.get(number=1)
    assert not page.live
    assert page.get_latest_revision_as_object().area == "Neu"
    assert run(file)[0][-1] == "1 Zeile: 1 unverändert"


def test_text_of_editors_stays(library: Any, tmp_path: Path) -> None:
    page = add_network(1, title="KoopV 1 Netz 1", aims="Unser Ziel", body=[("text", "<p>Von Hand.</p>")])
    add_member(page, key=None, name="Von Hand eingetragen")
    run(write(tmp_path, network(1, gebiet="Neu")))
    page.refresh_from_db()
    assert (page.area, page.aims) == ("Neu", "Unser Ziel")
    assert "Von Hand" in str(page.body)
    assert page.members.count() == 1


@pytest.mark.parametrize(
    ("head", "encoding"),
    [(";".join(COLUMNS), "utf-8-sig"), (";".join(COLUMNS).upper(), "utf-8"), (" ; ".join(COLUMNS), "utf-8")],
)
def test_spelling_of_the_file_does_not_matter(library: Any, tmp_path: Path, head: str, encoding: str) -> None:
    path = write(tmp_path, network(1, gebiet="Görlitz"), "", ";;;", school("a", 1), head=head, encoding=encoding)
    assert run(path)[0][-1] == "2 Zeilen: 2 neu"
    assert NetworkPage.objects.get().area == "Görlitz"


def test_commas_and_quoted_cells_with_line_ends_are_read(library: Any, tmp_path: Path) -> None:
    path = tmp_path / "komma.csv"
    lines = 'art,nummer,name,region,mailbox,gebiet\r\nkoopv,1,"Netz, groß",leipzig,koopv@example.org,"Nord,\nSüd"\r\n'
    path.write_bytes((lines + "koopv,2,,leipzig,koopv@example.org,\r\n").encode())
    report, _ = run(path)
    assert report == ["2\tKoopV 1\tneu", "4\tKoopV 2\tfehlerhaft\tname: fehlt", "2 Zeilen: 1 neu, 1 fehlerhaft"]
    assert (NetworkPage.objects.get().title, NetworkPage.objects.get().area) == ("KoopV 1 Netz, groß", "Nord, Süd")


def test_row_in_another_encoding_costs_only_itself(library: Any, tmp_path: Path) -> None:
    path = write(tmp_path, network(1), network(2))
    other = network(3, name="Görlitz").encode("latin-1")
    path.write_bytes(path.read_bytes() + network(5, name="Übergang").encode() + b"\n" + other + b"\nkoopv;\x004\n")
    report, message = run(path)
    assert report[3] == "5\tKoopV 3\tfehlerhaft\tZeichen, die weder UTF-8 noch Windows-1252 sind"
    assert report[-1] == "5 Zeilen: 3 neu, 2 fehlerhaft"
    assert message == "2 Zeilen sind fehlerhaft."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Die Datei ist leer."),
        (b"\xff\xfea", "UTF-16"),
        (b"art;nummer;name;farbe\n", "'farbe'"),
        (b"art;nummer\n", "In der Kopfzeile fehlen: name"),
        (b"art;nummer;name;art\n", "zweimal"),
        (b'{"art": 1}', "unbekannt"),
    ],
)
def test_unusable_file_is_told_in_one_line_before_any_change(
    library: Any, tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "kaputt.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        read_rows(data)
    report, message = run(path)
    assert report == []
    assert reason in message
    assert "\n" not in message


def test_missing_file_and_missing_directory_are_told(db: None, tmp_path: Path) -> None:
    assert "setup_site" in run(tmp_path / "fehlt.csv")[1]


def test_missing_file_is_told(library: Any, tmp_path: Path) -> None:
    assert "lässt sich nicht öffnen" in run(tmp_path / "fehlt.csv")[1]


def as_workbook(path: Path, *lines: str) -> Path:
    """Write the same cells as a workbook: numbers as numbers, postal codes by their format."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (";".join(COLUMNS), *lines):
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in line.split(";")])
    for cell in list(sheet.columns)[COLUMNS.index("plz")][1:]:
        cell.number_format = "00000"
    book.save(path)
    return path


def test_a_german_excel_may_save_the_file_as_it_likes_and_the_second_run_writes_nothing(
    library: Any, tmp_path: Path
) -> None:
    lines = [network(1, name="Görlitz"), school("4990001", 1, art="Förderschule", plz="01067", name="Schule am Fluß")]
    path = tmp_path / "netze.csv"
    table = "\r\n".join([";".join(COLUMNS) + ";;;", *(line + ";;;" for line in lines), ";" * 15, ""])
    path.write_bytes(("sep=;\r\n" + table).encode("cp1252"))
    assert run(path) == (["3\tKoopV 1\tneu", "4\t4990001\tneu", "2 Zeilen: 2 neu"], "")
    member = Member.objects.get()
    assert (member.kind, member.postal_code, member.name) == ("foerderschule", "01067", "Schule am Fluß")
    path.write_bytes(table.replace("ö", "o\u0308").replace(";", "\t").encode("utf-16"))
    assert run(path)[0][-1] == "2 Zeilen: 2 unverändert"
    assert run(as_workbook(tmp_path / "netze.xlsx", *lines))[0][-1] == "2 Zeilen: 2 unverändert"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"kennung": "4,99E+06"}, "kennung: „4,99E+06“ ist eine gekürzte Zahl"),
        ({"plz": "1067"}, "plz: „1067“ hat vier Ziffern: Wohl ging die führende Null verloren"),
        ({"name": "01. Feb"}, "name: „01. Feb“ ist ein Datum"),
        ({"ort": "#NV"}, "ort: „#NV“ ist die Fehlermeldung einer Formel"),
    ],
)
def test_what_excel_has_altered_makes_no_second_school(
    library: Any, tmp_path: Path, cells: dict[str, str], reason: str
) -> None:
    report, message = run(write(tmp_path, network(1), school("4990001", 1, **cells)))
    assert reason in report[1]
    assert message == "1 Zeile ist fehlerhaft."
    assert not Member.objects.exists()


def test_networks_of_one_name_get_addresses_of_their_own(library: Any, tmp_path: Path) -> None:
    run(
        write(
            tmp_path,
            network(1, name="Mitte"),
            network(2, name="Mitte"),
            network(3, name="Karte"),
            network(4, name="???"),
        )
    )
    slugs = NetworkPage.objects.order_by("number").values_list("slug", flat=True)
    assert list(slugs) == ["mitte", "mitte-2", "karte-3", "koopv-4"]
