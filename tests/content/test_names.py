"""Names in lists of literature: groups stay whole, people are sorted; read back by the libraries others read them with."""

from __future__ import annotations

import pytest
import rispy
from pybtex.database import parse_string

from content.citations import bibtex, citation_line, family_first, ris
from content.names import person
from core.declared.reference import Name, Reference

PEOPLE = [
    ("J. R. R. Muster", "Muster, J. R. R."),
    ("J.R.R. Muster", "Muster, J.R.R."),
    ("H.-J. Muster", "Muster, H.-J."),
    ("Anna B. C. Muster", "Muster, Anna B. C."),
    ("Prof. Dr. Anna Muster", "Muster, Prof. Dr. Anna"),
    ("Łukasz Żółć", "Żółć, Łukasz"),
    ("Đorđe Đukić", "Đukić, Đorđe"),
    ("Çiğdem Şahin", "Şahin, Çiğdem"),
    ("Øystein Åsen", "Åsen, Øystein"),
    ("Z\u030celjko S\u030ctimac", "Štimac, Željko"),
    ("Тарас Шевченко", "Шевченко, Тарас"),
    ("Т. Г. Шевченко", "Шевченко, Т. Г."),
    ("Νίκος Παπάς", "Παπάς, Νίκος"),
    ("Anna von der Muster", "Muster, Anna von der"),
    ("Ludwig van den Muster", "Muster, Ludwig van den"),
    ("Alexander von und zu Muster", "Muster, Alexander von und zu"),
    ("Jean de La Muster", "La Muster, Jean de"),
    ("Marie Le Muster", "Le Muster, Marie"),
    ("Anna Zum Felde", "Zum Felde, Anna"),
    ("Jan Van der Muster", "Van der Muster, Jan"),
    ("Dara Ó Muster", "Ó Muster, Dara"),
    ("Ana María de la Muster", "Muster, Ana María de la"),
    ("Jean d’Alembert", "d’Alembert, Jean"),
    ("Ali al-Muster", "al-Muster, Ali"),
    ("José Muster y Probe", "Muster y Probe, José"),
    ("Hans Muster jr.", "Muster, Hans, jr."),
    ("Hans Muster, Jr.", "Muster, Hans, Jr."),
    ("Muster, Jr., Hans", "Muster, Hans, Jr."),
    ("John Muster III", "Muster, John, III"),
    ("Nikita Muster", "Muster, Nikita"),
    ("Estelle Muster", "Muster, Estelle"),
]
GROUPS = [
    *("Aktion Mensch", "Lebenshilfe Leipzig", "Deutsches Rotes Kreuz", "Stadt Leipzig", "Freie Schule Dresden"),
    *("GEW Sachsen", "Wort & Bild", "Muster Lernmedien GmbH", "Leichter Lesen e. V.", "Kita Regenbogen"),
    *("Landesamt für Schule und Bildung", "Die Sterne", "Unbekannt", "von der Muster", "王 小明"),
]  # fmt: skip


def reference(*names: str | Name) -> Reference:
    return Reference("Titel", id=1, author=names)


def read_ris(*names: str | Name) -> list[str]:
    (record,) = rispy.loads(ris([reference(*names)]))
    authors: list[str] = record["authors"]
    return authors


def read_bibtex(*names: str | Name) -> list[tuple[str, str, str, str]]:
    """Return given name, particles, family name and suffix of each author, as BibTeX takes them apart."""
    (entry,) = parse_string(bibtex([reference(*names)]), "bibtex").entries.values()
    found = []
    for one in entry.persons["author"]:
        parts = ([*one.first_names, *one.middle_names], one.prelast_names, one.last_names, one.lineage_names)
        given, particles, family, suffix = (" ".join(words) for words in parts)
        found.append((given, particles, family, suffix))
    return found


@pytest.mark.parametrize(("written", "sorted_name"), PEOPLE)
def test_a_person_is_sorted_by_the_family_name(written: str, sorted_name: str) -> None:
    assert family_first(written) == sorted_name
    assert read_ris(written, Name(written)) == [sorted_name, sorted_name]


@pytest.mark.parametrize(("written", "sorted_name"), PEOPLE)
def test_bibtex_finds_the_same_parts_of_a_person(written: str, sorted_name: str) -> None:
    found = person(written)
    assert found
    (parts,) = read_bibtex(written)
    family = f"{{{found.family}}}" if parts[2].startswith("{") else found.family
    assert parts == (found.given, found.particle, family, found.suffix)
    assert sorted_name.startswith(found.family)


@pytest.mark.parametrize("written", GROUPS)
def test_a_group_stays_whole_though_nobody_says_that_it_is_one(written: str) -> None:
    assert read_ris(written) == [written]
    (parts,) = read_bibtex(written)
    assert parts == ("", "", f"{{{written}}}".replace("&", r"\&"), "")


@pytest.mark.parametrize(
    "written", ["Anna Muster", "Helle Kreise", "Muster, Probe und Co", "Łódź Lernt", "Anna and Bo"]
)
def test_a_group_that_is_called_one_stays_whole_whatever_it_looks_like(written: str) -> None:
    assert read_ris(Name(written, is_group=True)) == [written]
    assert read_bibtex(Name(written, is_group=True)) == [("", "", f"{{{written}}}", "")]


@pytest.mark.parametrize(
    ("written", "family", "sorted_name"),
    [
        ("Anna Bund", "", "Bund, Anna"),
        ("Rosa Freie Schule", "", "Schule, Rosa Freie"),
        ("María Muster Probe", "Muster Probe", "Muster Probe, María"),
        ("Anna von der Muster", "Muster", "Muster, Anna von der"),
        ("Anna von der Muster", "von der Muster", "Muster, Anna von der"),
        ("Anna Muster", "Meier", "Muster, Anna"),
        ("Muster", "Muster", "Muster"),
    ],
)
def test_a_person_that_is_called_one_is_sorted_by_what_is_known(written: str, family: str, sorted_name: str) -> None:
    assert read_ris(Name(written, family=family)) == [sorted_name]


def test_several_authors_stay_apart_and_in_order() -> None:
    names = (Name("Aktion Mensch", is_group=True), "Anna von Muster", "Muster, Bo", "Amt A, Amt B, Amt C")
    assert read_ris(*names) == ["Aktion Mensch", "Muster, Anna von", "Muster, Bo", "Amt A, Amt B, Amt C"]
    assert [parts[2] for parts in read_bibtex(*names)] == [
        "{Aktion Mensch}",
        "Muster",
        "Muster",
        "{Amt A, Amt B, Amt C}",
    ]
    assert citation_line(reference(*names)).startswith(
        "Aktion Mensch; Muster, Anna von; Muster, Bo; Amt A, Amt B, Amt C:"
    )


def test_what_is_known_of_a_name_survives_the_index() -> None:
    whole = reference(
        "Anna Muster", Name("Aktion Mensch", is_group=True), Name("María Muster", family="Muster"), Name("A")
    )
    assert Reference.from_dict(whole.as_dict()) == whole
    assert all(isinstance(one, str | dict) for one in whole.as_dict()["author"])
