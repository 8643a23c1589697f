"""Citations: read back by small strict readers of each format, so that a wrong escape does not pass."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from content.citations import bibtex, citation_line, credit_html, credit_text, csv_file, family_first, ris
from core.declared.reference import Reference

BOOK = Reference(
    title="Rechnen ohne Angst",
    id=7,
    type="book",
    type_label="Buch",
    author=("Anna von Muster", "Arbeitskreis Lesen"),
    issued=2021,
    publisher="Verlag Heller Kreis",
    publisher_place="Leipzig",
    edition="2. Auflage",
    collection_title="Werkstatt Schule",
    isbn="978-3-16-148410-0",
    page_count=148,
    language="de",
    url="https://fundus.example.org/bibliothek/rechnen/",
)
SHEET = Reference(
    title="Sachaufgaben <verstehen>",
    id=12,
    type="material",
    type_label="Material",
    author=("T. Muster", "Redaktion Fundus"),
    issued=2024,
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    url="https://fundus.example.org/bibliothek/sachaufgaben/?a=1&b=2",
)
NASTY = Reference(
    title='=HYPERLINK("x") {50 %} & Co_#1 \\ ~^$\r\nER  - \n@misc{x,',
    id=1,
    author=("+49 Gruppe", "@Team"),
    publisher="-1",
    isbn="\t=1",
    url="https://fundus.example.org/{x}",
)


@pytest.mark.parametrize(
    ("written", "ordered"),
    [
        ("Anna Muster", "Muster, Anna"),
        ("T. Muster", "Muster, T."),
        ("Anna B. Muster-Meier", "Muster-Meier, Anna B."),
        ("Anna von der Muster", "Muster, Anna von der"),
        ("Muster, Anna", "Muster, Anna"),
        ("Klangwerkstatt Elbaue", "Klangwerkstatt Elbaue"),
        ("Team Sehen unterwegs", "Team Sehen unterwegs"),
        ("Landesamt Schule", "Landesamt Schule"),
        ("Elternrunde am Abend", "Elternrunde am Abend"),
        ("Clara Schuler", "Schuler, Clara"),
        ("Muster", "Muster"),
        ("", ""),
    ],
)
def test_family_names_lead_where_it_is_surely_a_person(written: str, ordered: str) -> None:
    assert family_first(written) == ordered


def test_line_of_a_book() -> None:
    assert citation_line(BOOK) == (
        "Muster, Anna von; Arbeitskreis Lesen (2021): Rechnen ohne Angst. 2. Auflage. Leipzig: Verlag Heller Kreis."
        " (Werkstatt Schule). ISBN 978-3-16-148410-0."
    )


def test_line_of_what_has_little_to_say() -> None:
    assert citation_line(Reference("Titel?")) == "Titel?"
    assert citation_line(Reference("Titel", editor=("T. Muster",))) == "Muster, T. (Hrsg.): Titel."
    assert citation_line(Reference("Titel", publisher="Verlag", url="https://x.example/")) == (
        "Verlag: Titel. https://x.example/"
    )
    assert citation_line(replace(BOOK, isbn="")).endswith(
        "(Werkstatt Schule). https://fundus.example.org/bibliothek/rechnen/"
    )


def test_credit_line_names_all_five_things() -> None:
    assert credit_text(SHEET) == (
        "„Sachaufgaben <verstehen>“ von T. Muster, Redaktion Fundus (2024), Lizenz CC BY 4.0: "
        "https://creativecommons.org/licenses/by/4.0/. Quelle: https://fundus.example.org/bibliothek/sachaufgaben/?a=1&b=2"
    )
    assert credit_text(replace(SHEET, author=(), publisher="Netzwerk")).startswith(
        "„Sachaufgaben <verstehen>“ von Netzwerk (2024), "
    )
    assert credit_text(BOOK) == credit_html(BOOK) == ""


def test_credit_line_as_html_links_title_and_licence_and_escapes_the_rest() -> None:
    evil = replace(SHEET, author=("<script>x</script>",), url='https://x.example/"><b>')
    for reference in (SHEET, evil):
        soup = BeautifulSoup(credit_html(reference), "html.parser")
        assert {tag.name for tag in soup.find_all(True)} == {"a"}
        assert [link["href"] for link in soup("a")] == [reference.url, SHEET.licence_url, reference.url]
        assert ", ".join(reference.author) in soup.get_text()
        assert "„Sachaufgaben <verstehen>“" in soup.get_text()


def test_a_reference_survives_the_index() -> None:
    for reference in (BOOK, SHEET, NASTY, Reference("Titel")):
        assert Reference.from_dict({**reference.as_dict(), "later": 1}) == reference
    assert "page_count" not in SHEET.as_dict()


# Files ----------------------------------------------------------------------------------------


def read_ris(text: str) -> list[list[tuple[str, str]]]:
    """Return the records of a RIS file; anything but a tag line or the blank line between records fails."""
    records: list[list[tuple[str, str]]] = []
    current: list[tuple[str, str]] | None = None
    for line in text.split("\r\n"):
        if not line:
            assert current is None, "a record was not ended"
            continue
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - ([^\r\n]*)", line)
        assert match, repr(line)
        if match[1] == "TY":
            assert current is None
            current = []
        assert current is not None
        if match[1] == "ER":
            records.append(current)
            current = None
        else:
            current.append((match[1], match[2]))
    return records


def test_ris_can_be_read_back() -> None:
    book, sheet, nasty = read_ris(ris([BOOK, SHEET, NASTY]))
    assert book == [
        ("TY", "BOOK"), ("ID", "fundus7"), ("AU", "Muster, Anna von"), ("AU", "Arbeitskreis Lesen"),
        ("TI", "Rechnen ohne Angst"), ("T2", "Werkstatt Schule"), ("PY", "2021"), ("ET", "2. Auflage"),
        ("CY", "Leipzig"), ("PB", "Verlag Heller Kreis"), ("SN", "978-3-16-148410-0"), ("SP", "148"), ("LA", "de"),
        ("UR", BOOK.url),
    ]  # fmt: skip
    assert dict(sheet)["TY"] == "ELEC"
    assert dict(sheet)["N1"] == "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"
    assert dict(nasty)["TI"] == '=HYPERLINK("x") {50 %} & Co_#1 \\ ~^$ ER - @misc{x,'


TEX_COMMANDS = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "{}$&#_%"},
}


def read_tex(value: str) -> str:
    """Return what TeX would print: grouping braces gone, escapes undone; a bare special sign fails."""
    printed = ""
    while value:
        command = next((one for one in TEX_COMMANDS if value.startswith(one)), None)
        if command:
            printed += TEX_COMMANDS[command]
            value = value[len(command) :]
            continue
        assert value[0] not in "\\$&#_%~^", value
        if value[0] not in "{}":
            printed += value[0]
        value = value[1:]
    return printed


def read_bibtex(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return kind, key and raw fields of each entry; unbalanced braces fail."""
    entries = []
    at = 0
    while (start := text.find("@", at)) >= 0:
        assert not text[at:start].strip(), text[at:start]
        head = re.compile(r"@(\w+)\{(\w+),\n").match(text, start)
        assert head, text[start:]
        at = head.end()
        found: dict[str, str] = {}
        while not text.startswith("}\n", at):
            name = re.compile(r"  (\w+) = \{").match(text, at)
            assert name, text[at:]
            depth, end = 1, name.end()
            while depth:
                if text[end] == "\\":
                    end += 2
                    continue
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            found[name[1]] = text[name.end() : end - 1]
            assert text[end : end + 2] == ",\n"
            at = end + 2
        at += 2
        entries.append((head[1], head[2], found))
    assert not text[at:].strip()
    return entries


def test_bibtex_can_be_read_back() -> None:
    book, sheet, nasty = read_bibtex(bibtex([BOOK, SHEET, NASTY]))
    assert book[:2] == ("book", "fundus7")
    assert book[2] == {
        "author": "von Muster, Anna and {Arbeitskreis Lesen}",
        "title": "{Rechnen ohne Angst}",
        "series": "Werkstatt Schule",
        "year": "2021",
        "edition": "2. Auflage",
        "address": "Leipzig",
        "publisher": "Verlag Heller Kreis",
        "isbn": "978-3-16-148410-0",
        "pagetotal": "148",
        "language": "de",
        "url": BOOK.url,
    }
    assert sheet[:2] == ("misc", "fundus12")
    assert read_tex(nasty[2]["title"]) == '=HYPERLINK("x") {50 %} & Co_#1 \\ ~^$ ER - @misc{x,'
    assert nasty[2]["url"] == "https://fundus.example.org/%7Bx%7D"


def test_csv_opens_in_a_spreadsheet_and_calculates_nothing() -> None:
    text = csv_file([BOOK, NASTY])
    assert text.startswith("\ufeff")
    head, book, nasty = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True)
    assert len(head) == len(book) == len(nasty) == 10
    assert book[:3] == ["Rechnen ohne Angst", "Buch", "Anna von Muster; Arbeitskreis Lesen"]
    assert nasty[0].startswith("'=HYPERLINK")
    for sign in "=+-@＝＋－＠":
        rows = csv.reader(io.StringIO(csv_file([replace(BOOK, title=f"{sign}1")])), delimiter=";", strict=True)
        assert list(rows)[1][0] == f"'{sign}1"
    for cell in (*head, *book, *nasty):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
        assert "\n" not in cell
