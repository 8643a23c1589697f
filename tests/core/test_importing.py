"""The kit of importers: files, tables, the report, and what a command says however an import ends."""

from __future__ import annotations

import csv
import io
import logging
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError
from hypothesis import example, given
from hypothesis import strategies as st

from core.importing.outcome import Action, Outcome
from core.importing.report import Report
from core.importing.rows import Row, RowError, UnreadableFile, without_mark
from core.importing.run import INTERRUPTED, ImportCommand, Importer
from core.importing.source import Source, opened
from core.importing.tables import filled, one_line, read_table
from core.importing.writing import refusal, written
from core.running import bulk

# -- files ------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_part_of_a_file() -> None:
    assert without_mark("\ufeffname".encode()) == without_mark(b"name") == b"name"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_refused_as_a_whole(encoding: str) -> None:
    with pytest.raises(UnreadableFile, match="UTF-8"):
        without_mark("\ufeffname".encode(encoding))


def test_a_file_knows_its_size_and_how_far_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "datei"
    path.write_bytes(b"zwoelf Bytes")
    with opened(str(path)) as source:
        assert (source.size, source.position) == (12, 0)
        assert (source.read(5), source.position) == (b"zwoel", 5)
        assert (source.read(), source.position) == (b"f Bytes", 12)


def test_a_dash_is_standard_input_without_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"abc")))
    with opened("-") as source:
        assert (source.size, source.read()) == (None, b"abc")


def test_a_file_that_cannot_be_opened_is_named_in_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "fehlt", tmp_path):
        with pytest.raises(UnreadableFile) as caught, opened(str(path)):
            pass
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


# -- tables -----------------------------------------------------------------------------------------------

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8).map(str.strip)
TABLES = st.lists(st.tuples(CELLS.filter(bool), CELLS), max_size=5)


@given(table=TABLES, delimiter=st.sampled_from(";,"), mark=st.sampled_from(["", "\ufeff"]))
@example(table=[("a", "\ufb2a")], delimiter=";", mark="")
def test_a_table_comes_back_as_it_was_written(table: list[tuple[str, str]], delimiter: str, mark: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([("art", "name"), *table])
    rows = read_table((mark + file.getvalue()).encode(), ("art", "name"), ())
    # One way to write a letter and its marks, in which whole letters may fall apart: those of Hebrew with dots.
    expected = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in table]
    assert [(row.value["art"], row.value["name"]) for row in rows] == expected
    assert not any(row.problem for row in rows)


@given(data=st.binary(max_size=80))
def test_no_bytes_whatsoever_stop_the_table_reader(data: bytes) -> None:
    rows = read_table(b"art;name\n" + data, ("art", "name"), ("art",))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


def test_rows_have_their_line_in_the_file_and_what_is_wrong_costs_only_one() -> None:
    data = b'\nart;name\n\na;"zwei\nZeilen"\n;;\nb;\x9d\nc;x;zu viel\nd\n'.lstrip()
    rows = read_table(data, ("art", "name", "ort"), ("art",))
    assert [(row.number, row.line, row.value.get("art"), row.problem) for row in rows] == [
        (1, 3, "a", ""),
        (2, 6, "b", "Zeichen, die weder UTF-8 noch Windows-1252 sind"),
        (3, 7, "c", "3 Zellen, aber nur 2 Spalten"),
        (4, 8, "d", ""),
    ]


@pytest.mark.parametrize(
    ("head", "reason"),
    [("", "leer"), ("art;farbe", "'farbe'.*art, name"), ("art;art", "zweimal"), ("name", "fehlen: art")],
)
def test_a_head_that_cannot_be_meant_is_refused_as_a_whole(head: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_table(head.encode(), ("art", "name"), ("art",))


def test_cells_are_taken_with_the_name_of_their_column_in_every_fault() -> None:
    cells = {"name": "zwei\n Wörter", "ort": ""}
    assert one_line(cells, "name", 11) == "zwei Wörter"
    assert one_line(cells, "ort", 5) == one_line(cells, "plz", 5) == ""
    faults: Mapping[str, Callable[[], object]] = {
        "name: länger als 10 Zeichen": lambda: one_line(cells, "name", 10),
        "ort: fehlt": lambda: one_line(cells, "ort", 10, required=True),
        "plz: fehlt": lambda: filled(cells, "plz"),
    }
    for message, take in faults.items():
        with pytest.raises(RowError) as caught:
            take()
        assert str(caught.value) == message


# -- the report -------------------------------------------------------------------------------------------


def test_a_line_of_the_report_is_one_line_whatever_the_file_holds() -> None:
    outcome = Outcome(7, "a\tb\u2028c", Action.BROKEN, "zwei\nZeilen\tund  Tab ")
    assert str(outcome) == "7\ta b c\tfehlerhaft\tzwei Zeilen und Tab"
    assert str(Outcome(8, "", Action.NEW)) == "8\t-\tneu"


def test_a_name_keeps_its_blanks_to_be_found_in_the_file() -> None:
    assert str(Outcome(1, "a  b", Action.DRAFT)) == "1\ta  b\tEntwurf"


def test_every_action_has_a_word_of_its_own() -> None:
    assert len({action.label for action in Action}) == len(Action)


def test_the_counts_stand_in_the_order_of_the_actions() -> None:
    report = Report("%(count)s Zeilen")
    assert (report.summary(), report.wrote) == ("0 Zeilen", False)
    report.add(Outcome(1, "a", Action.BROKEN))
    report.add(Outcome(2, "b", Action.UNCHANGED))
    assert not report.wrote
    for place in (3, 4):
        report.add(Outcome(place, "c", Action.NEW))
    assert report.summary() == "4 Zeilen: 2 neu, 1 unverändert, 1 fehlerhaft"
    assert (report.total, report.wrote) == (4, True)


# -- writing ----------------------------------------------------------------------------------------------


def test_a_refusal_is_told_with_the_name_that_the_file_has_for_the_field() -> None:
    names = {"title": "name"}
    told = {
        "name: zu lang": ValidationError({"title": ["zu lang", "zu bunt"]}),
        "year: zu alt": ValidationError({"year": "zu alt"}),
        "so nicht": ValidationError({"__all__": "so nicht"}),
        "gar nicht": ValidationError("gar nicht"),
        "duplicate key": IntegrityError("duplicate key\nDETAIL: Key (x)=(1)"),
    }
    assert {message: str(refusal(error, names)) for message, error in told.items()} == {key: key for key in told}


@pytest.mark.django_db
@pytest.mark.parametrize("error", [RowError("x", "y"), ValidationError("y"), IntegrityError("y")])
def test_a_row_that_fails_leaves_nothing_behind(error: Exception) -> None:
    def write() -> None:
        Group.objects.create(name="neu")
        raise error

    with pytest.raises(RowError, match="y"):
        written(write)
    assert not Group.objects.filter(name="neu").exists()


@pytest.mark.django_db
def test_a_dry_run_writes_and_rolls_back() -> None:
    assert written(lambda: Group.objects.create(name="neu").name, dry_run=True) == "neu"
    assert not Group.objects.filter(name="neu").exists()
    assert written(lambda: Group.objects.create(name="neu").name) == "neu"
    assert Group.objects.filter(name="neu").exists()


@pytest.mark.django_db
def test_errors_of_the_database_itself_are_no_fault_of_a_row() -> None:
    def gone() -> None:
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        written(gone)


# -- the command ------------------------------------------------------------------------------------------


class Lines:
    """An importer of lines: each is an action; `?` ends the import with `error`."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
        self.in_bulk: set[bool] = set()

    def outcomes(self, source: Source) -> Iterable[Outcome]:
        """Yield an outcome for each line."""
        data = without_mark(source.read())
        return self._each(Row(number, number, line.decode()) for number, line in enumerate(data.split(), start=1))

    def _each(self, rows: Iterable[Row[str]]) -> Iterator[Outcome]:
        for row in rows:
            self.in_bulk.add(bulk.is_active())
            logging.getLogger("wagtail").info("Page edited")
            if row.value == "?" and self.error:
                raise self.error
            yield Outcome(row.number, row.value, Action(row.value))


class Command(ImportCommand):
    """A command for `Lines`."""

    def __init__(self, lines: Importer, **options: Any) -> None:
        super().__init__(**options)
        self.lines = lines

    def importer(self, options: Mapping[str, Any]) -> Importer:
        """Return the importer of the test."""
        return self.lines


Told = tuple[list[str], list[str], str, int]


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Import lines and return standard output, standard error, the last word and the exit code; nothing follows."""
    monkeypatch.setattr(bulk, "_callbacks", [])

    def _tell(data: bytes, *options: str, lines: Importer | None = None, progress: bool = True) -> Told:
        path = tmp_path / "zeilen"
        path.write_bytes(data)
        command = Command(lines or Lines())
        command.shows_progress = progress
        out, err, message, code = io.StringIO(), io.StringIO(), "", 0
        try:
            call_command(command, str(path), *options, stdout=out, stderr=err)
        except CommandError as error:
            message, code = str(error), error.returncode
        return out.getvalue().splitlines(), err.getvalue().splitlines(), message, code

    return _tell


SEARCH = "Der Suchindex wird nachgeführt; Strg-C überlässt ihn dem Worker."
DRY = "Probelauf: Es wird nichts geschrieben."


def test_a_command_reports_each_row_and_the_counts(tell: Callable[..., Told]) -> None:
    report = ["1\tnew\tneu", "2\tunchanged\tunverändert", "2 Datensätze: 1 neu, 1 unverändert"]
    assert tell(b"new\nunchanged") == (report, [SEARCH], "", 0)
    assert tell(b"new\nunchanged", "--dry-run") == (report, [DRY], "", 0)
    assert tell(b"new\nunchanged", progress=False) == (report, [], "", 0)
    assert tell(b"unchanged")[1] == []


def test_broken_rows_end_with_exit_code_1_after_the_counts(tell: Callable[..., Told]) -> None:
    out, _err, message, code = tell(b"broken\nnew\nbroken")
    assert (out[-1], message, code) == (
        "3 Datensätze: 1 neu, 2 fehlerhaft",
        "2 Datensätze sind fehlerhaft.",
        1,
    )
    assert tell(b"broken")[2] == "1 Datensatz ist fehlerhaft."


def test_an_unreadable_file_is_one_line_and_no_report(tell: Callable[..., Told]) -> None:
    for options in ((), ("--dry-run",)):
        out, err, message, code = tell("new".encode("utf-16"), *options)
        assert (out, err, code) == ([], [], 1)
        assert "UTF-16" in message


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (KeyboardInterrupt(), "Abgebrochen nach 1 Datensätzen; was fertig ist, bleibt.", INTERRUPTED),
        (
            OSError(28, "No space left"),
            "Lesen oder Schreiben ging nicht (No space left); 1 Datensätze sind fertig.",
            1,
        ),
        (
            OperationalError("database is\nlocked"),
            "Die Datenbank antwortet nicht (database is locked); 1 Datensätze sind fertig.",
            1,
        ),
    ],
)
def test_what_ends_an_import_early_is_one_line(
    tell: Callable[..., Told], error: BaseException, message: str, code: int
) -> None:
    told = tell(b"new\n?\nnew", lines=Lines(error))
    assert told == (["1\tnew\tneu"], [SEARCH], message, code)


def test_an_interruption_of_what_follows_leaves_it_to_the_worker(
    tell: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bulk, "_callbacks", [interrupt])
    monkeypatch.setattr("core.running.bulk.transaction.on_commit", lambda callback: callback())
    out, _err, message, code = tell(b"new")
    assert out[-1] == "1 Datensatz: 1 neu"
    assert (message, code) == ("1 Datensätze sind fertig; den Suchindex führt der Worker nach.", INTERRUPTED)


def test_only_a_real_run_puts_off_what_follows_its_changes(tell: Callable[..., Told]) -> None:
    for options, expected in (((), {True}), (("--dry-run",), {False})):
        lines = Lines()
        tell(b"new", *options, lines=lines)
        assert lines.in_bulk == expected


@pytest.mark.parametrize("error", [None, KeyboardInterrupt()])
def test_wagtail_is_quiet_during_an_import_and_speaks_afterwards(
    tell: Callable[..., Told], caplog: pytest.LogCaptureFixture, error: BaseException | None
) -> None:
    logger = logging.getLogger("wagtail")
    level = logger.level
    with caplog.at_level(logging.INFO):
        tell(b"new\n?" if error else b"new", lines=Lines(error))
    assert caplog.records == []
    assert logger.level == level
