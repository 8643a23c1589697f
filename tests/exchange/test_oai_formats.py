"""What a record says in each format: everything the page shows, whatever its words are, and as others read it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from lxml import etree

from core.declared.reference import Name
from core.identity import page_urn
from library.models import BookPage, LibraryIndexPage, MaterialFile, MaterialPage
from tests.exchange.harvest import ask, settle_rows
from tests.published import add_document, add_page, concept

AMB = "{https://w3id.org/kim/amb/}amb"
DC = "{http://purl.org/dc/elements/1.1/}"
LOM = {"l": "http://ltsc.ieee.org/xsd/LOM"}
SITE = "http://localhost:8000"
EVIL = '1 < 2 & "so" ]]> <b>fett</b> \x01\x0b\ufffe 😀 Ende'
PLAIN = '1 < 2 & "so" ]]> <b>fett</b> 😀 Ende'
ELEMENTS = {
    *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format", "identifier"),
    *("source", "language", "relation", "coverage", "rights"),
}


def record(page: Any, prefix: str) -> Any:
    """Return what stands below `metadata`."""
    settle_rows()
    answer = ask("GetRecord", metadataPrefix=prefix, identifier=page_urn(page.pk))
    return next(answer.iter("{http://www.openarchives.org/OAI/2.0/}metadata"))[0]


def words(text: str | None) -> str:
    return " ".join((text or "").split())


def amb(page: Any) -> dict[str, Any]:
    element = record(page, "amb")
    assert element.tag == AMB
    values: dict[str, Any] = json.loads(element.text or "")
    return values


def dublin_core(page: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in record(page, "oai_dc"):
        name = element.tag.removeprefix(DC)
        assert name in ELEMENTS
        found.setdefault(name, []).append(element.text or "")
    return found


def lom(page: Any) -> Any:
    """Return a function that reads texts of the record by a path without prefixes."""
    root = record(page, "oai_lom-de")

    def read(path: str) -> list[str]:
        return [found.text or "" for found in root.findall("/".join(f"l:{step}" for step in path.split("/")), LOM)]

    return read


@pytest.fixture
def full(library: LibraryIndexPage) -> MaterialPage:
    """A material with everything that a record can say."""
    page: MaterialPage = add_page(
        library, "tandem", title="Lesetandem", summary="Lesen zu zweit.", authors="Łukasz Żółć\nWerkstatt Lesen, Leipzig",
        publisher="Verein <Lesen> & Co.", year=2024, topics=["Lesen", "Tandem"], focus=["lernen", "sprache"],
        subject=["deutsch"], kind=["uebung"], level=["primarbereich"], audience=["lehrkraefte", "eltern"],
        license=concept("license", "cc-by-sa"), language=concept("language", "deutsch"),
        files=[
            MaterialFile(document=add_document("Blatt", "blatt.pdf", file_size=15), title="Blatt"),
            MaterialFile(url="https://faelle.example.org/mehr?a=1&b=2", title="Mehr"),
        ],
    )  # fmt: skip
    return page


def test_dublin_core_says_what_it_has_a_place_for(full: MaterialPage) -> None:
    found = dublin_core(full)
    assert found.pop("format") == ["application/pdf"]
    assert found == {
        "title": ["Lesetandem"],
        "creator": ["Łukasz Żółć", "Werkstatt Lesen, Leipzig"],
        "subject": ["Deutsch", "Lernen", "Sprache", "Lesen", "Tandem"],
        "description": ["Lesen zu zweit."],
        "publisher": ["Verein <Lesen> & Co."],
        "date": ["2024"],
        "type": ["Material", "Übung"],
        "identifier": [f"{SITE}/bibliothek/tandem/"],
        "language": ["de"],
        "rights": ["https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"],
    }


def test_amb_says_what_it_has_a_place_for(full: MaterialPage) -> None:
    found = amb(full)
    assert found["@context"] == ["https://w3id.org/kim/amb/context.jsonld", {"@language": "de"}]
    assert (found["id"], found["name"], found["type"]) == (
        f"{SITE}/bibliothek/tandem/",
        "Lesetandem",
        ["LearningResource"],
    )
    assert found["about"][0]["id"].startswith("http://w3id.org/kim/schulfaecher/")
    assert [one["prefLabel"]["de"] for one in found["about"]] == ["Deutsch", "Lernen", "Sprache"]
    assert found["keywords"] == ["Lesen", "Tandem", "Lernen", "Sprache"]
    assert found["learningResourceType"][0]["id"].startswith("https://w3id.org/kim/hcrt/")
    assert found["educationalLevel"][0]["id"].startswith("https://w3id.org/kim/educationalLevel/")
    assert found["license"] == {"id": "https://creativecommons.org/licenses/by-sa/4.0/"}
    assert found["inLanguage"] == ["de"]
    assert found["mainEntityOfPage"][0]["provider"] == {"id": f"{SITE}/", "type": "Service", "name": "Fundus"}
    assert [one["contentUrl"].rpartition("/")[2] for one in found["encoding"]][1] == "mehr?a=1&b=2"
    assert found["encoding"][0]["encodingFormat"] == "application/pdf"
    assert found["encoding"][0]["contentSize"].isdigit()
    assert {one["type"] for one in found["creator"]} <= {"Person", "Organization"}
    assert [one["name"] for one in found["creator"]] == ["Łukasz Żółć", "Werkstatt Lesen, Leipzig"]


def test_a_group_that_an_import_knew_stays_one(library: LibraryIndexPage) -> None:
    names = {
        "authors": "Aktion Mensch\nAnna Muster",
        "known_names": {"Aktion Mensch": Name("Aktion Mensch", is_group=True).known()},
    }
    found = amb(add_page(library, "heft", MaterialPage, title="Heft", **names))
    assert [(one["type"], one["name"]) for one in found["creator"]] == [
        ("Organization", "Aktion Mensch"),
        ("Person", "Anna Muster"),
    ]


def test_the_form_of_amb_has_no_empty_and_no_wrong_value(library: LibraryIndexPage) -> None:
    # What the schema refuses: about without a school subject, a licence that is none, a language of three letters.
    page = add_page(
        library, "karg", license=concept("license", "urheberrecht"), language=concept("language", "sorbisch")
    )  # fmt: skip
    found = amb(page)
    assert not {"about", "license", "encoding", "creator", "publisher", "learningResourceType", "image"} & set(found)
    assert found["keywords"] == ["Lernen"]
    assert all(value not in ("", None, [], {}) for value in found.values())
    assert all(len(code) == 2 for code in found.get("inLanguage", []))


def test_a_book_and_a_collection_are_called_so(library: LibraryIndexPage) -> None:
    book = add_page(library, "buch", BookPage, isbn="9783161484100", authors="A. Autor")
    found = amb(book)
    assert found["type"] == ["LearningResource", "Book"]
    assert found["learningResourceType"][0]["id"] == "https://w3id.org/kim/hcrt/textbook"
    # Nobody knows whether a printed book is to be had for nothing.
    assert not {"isAccessibleForFree", "conditionsOfAccess"} & set(found)
    assert dublin_core(book)["identifier"] == [f"{SITE}/bibliothek/buch/", "urn:isbn:9783161484100"]
    assert lom(book)("general/identifier/entry") == [f"{SITE}/bibliothek/buch/", "9783161484100"]


def test_lom_is_read_where_harvesters_of_school_materials_look(full: MaterialPage) -> None:
    read = lom(full)
    assert read("general/title/string") == ["Lesetandem"]
    assert read("general/description/string") == ["Lesen zu zweit."]
    assert read("general/keyword/string") == ["Lesen", "Tandem", "Lernen", "Sprache"]
    assert read("lifeCycle/contribute/role/value") == ["author", "author", "publisher"]
    cards = read("lifeCycle/contribute/entity")
    assert "N:Żółć;Łukasz;;;" in cards[0] or "ORG:Łukasz Żółć" in cards[0]
    assert "FN:Werkstatt Lesen\\, Leipzig" in cards[1]
    assert "ORG:Verein <Lesen> & Co." in cards[2]
    assert read("technical/format") == ["text/html", "application/pdf"]
    assert read("technical/location")[0] == f"{SITE}/bibliothek/tandem/"
    assert read("educational/intendedEndUserRole/value")[0] == "teacher"
    assert read("rights/description/string") == ["https://creativecommons.org/licenses/by-sa/4.0/"]
    assert read("rights/copyrightAndOtherRestrictions/value") == ["yes"]
    assert len(read("classification/taxonPath/taxon/id")) == 3


ORDER = {
    "lom": ["general", "lifeCycle", "metaMetadata", "technical", "educational", "rights", "relation", "classification"],
    "general": ["identifier", "title", "language", "description", "keyword"],
    "contribute": ["role", "entity", "date"],
    "metaMetadata": ["identifier", "contribute", "metadataSchema", "language"],
    "technical": ["format", "size", "location"],
    "educational": ["learningResourceType", "intendedEndUserRole", "context", "language"],
    "rights": ["cost", "copyrightAndOtherRestrictions", "description"],
    "classification": ["purpose", "taxonPath"],
    "taxonPath": ["source", "taxon"],
    "taxon": ["id", "entry"],
}
"""The order of elements in the standard's binding, of those that are written."""


def test_elements_of_lom_stand_in_the_order_of_the_standard(full: MaterialPage) -> None:
    for element in record(full, "oai_lom-de").iter():
        name = etree.QName(element).localname
        inner = [etree.QName(one).localname for one in element]
        if name in ORDER:
            assert set(inner) <= set(ORDER[name]), name
            assert inner == sorted(inner, key=ORDER[name].index), name


@pytest.mark.parametrize("prefix", ["oai_dc", "amb", "oai_lom-de"])
def test_no_word_of_an_editor_breaks_a_record(library: LibraryIndexPage, prefix: str) -> None:
    page = add_page(
        library, "boese", title=f"Titel {EVIL}", summary=EVIL, authors=f"Name {EVIL}", publisher=EVIL,
        topics=["Thema \x02 & <x>"],
    )  # fmt: skip
    found = record(page, prefix)
    text = words(
        json.dumps(json.loads(found.text or ""), ensure_ascii=False) if prefix == "amb" else "".join(found.itertext())
    )
    assert (PLAIN.replace('"', '\\"') if prefix == "amb" else PLAIN) in text
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe]", text)


def test_an_exported_record_comes_back_by_our_own_import(full: MaterialPage, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "amb.jsonl"
    file.write_text(json.dumps(amb(full)) + "\n", encoding="utf-8")
    full.delete()
    call_command("import_amb", str(file), "--publish")
    back = MaterialPage.objects.get(title="Lesetandem")
    assert back.summary == "Lesen zu zweit."
    assert back.publisher == "Verein <Lesen> & Co."
    assert back.authors.splitlines() == ["Łukasz Żółć", "Werkstatt Lesen, Leipzig"]
    assert back.license == concept("license", "cc-by-sa")
    assert back.language == concept("language", "deutsch")
    for name, slugs in {
        "focus": {"lernen", "sprache"},
        "subject": {"deutsch"},
        "kind": {"uebung"},
        "level": {"primarbereich"},
        "audience": {"lehrkraefte", "eltern"},
    }.items():
        assert {one.slug for one in getattr(back, name).all()} == slugs, name
    assert {"Lesen", "Tandem"} <= {topic.name for topic in back.topics.all()}
