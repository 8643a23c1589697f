"""From a page to its document: compared as a whole."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from core.declared.searchable import ConceptValue, CoverImage, Occurrence, Passage, SearchContent
from library.models import MaterialFile
from search.analysis.analysers import Analyser, analyser
from search.analysis.tokens import AnalysedText
from search.document import FOREVER, PassageDocument, SearchDocument
from search.facets.facets import FACETS
from search.index.documents import from_content, from_page
from tests.published import add_page, concept

WHEN = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)

CONTENT = SearchContent(
    title="Lesen lernen",
    summary="Kurz gesagt.",
    people=("Ada Berg", "Cora Dahl"),
    publisher="Verlag",
    keywords="LRS",
    identifiers=("9783161484100",),
    concepts={
        "focus": (ConceptValue("lse", ("LSE", "Lernen"), ("lernen", "sprache")), ConceptValue("lernen", ("Lernen",))),
        "topic": (ConceptValue("lesen", ("Lesen",)),),
    },
    year=2024,
    date=WHEN,
    expires_at=WHEN + datetime.timedelta(days=1, microseconds=5),
    cover=CoverImage("/media/a.webp", 320, 200, "Ein Buch"),
    files_count=2,
    facts=("Kurz",),
    reference={"isbn": "9783161484100"},
    passages=(Passage("Erster Absatz."), Passage("Seite zwölf.", "file", "Blatt", "/blatt.pdf", 12)),
)


GERMAN = analyser("de")


def build(content: SearchContent, analyser: Analyser = GERMAN, **values: Any) -> SearchDocument:
    arguments = {"id": 7, "type": "material", "area": "library", "locale": "de", "url": "/lesen/", **values}
    return from_content(content, analyser, **arguments)


def analysed(*texts: str) -> AnalysedText:
    words = " ␟ ".join(GERMAN.text(text).words for text in texts)
    return AnalysedText(words, " ".join(GERMAN.text(text).terms for text in texts))


def test_document_of_a_content() -> None:
    facets = {facet.name: () for facet in FACETS} | {
        "type": ("material",),
        "area": ("library",),
        "focus": ("lse", "lernen", "sprache"),
        "topic": ("lesen",),
        "year": ("2024",),
    }
    assert build(CONTENT, version=3) == SearchDocument(
        id=7,
        version=3,
        locale="de",
        payload={
            "type": "material",
            "title": "Lesen lernen",
            "summary": "Kurz gesagt.",
            "url": "/lesen/",
            "authors": ["Ada Berg", "Cora Dahl"],
            "publisher": "Verlag",
            "year": 2024,
            "date": "2024-05-01T12:00:00+00:00",
            "cover": {"url": "/media/a.webp", "width": 320, "height": 200, "alt": "Ein Buch"},
            "files_count": 2,
            "keywords": "LRS",
            "facts": ["Kurz"],
            "occurrences": None,
            "reference": {"isbn": "9783161484100"},
            "facets": {name: list(values) for name, values in facets.items()},
        },
        facets=facets,
        texts={
            "title": analysed("Lesen lernen"),
            "labels": analysed("Förderschwerpunkt LSE", "Lernen", "Förderschwerpunkt Lernen", "Lesen", "2024"),
            "summary": analysed("Kurz gesagt."),
            "people": analysed("Ada Berg", "Cora Dahl", "Verlag"),
            "keywords": analysed("LRS"),
            "text": analysed("Lesen lernen", "Kurz gesagt.", "Erster Absatz.", "Seite zwölf."),
        },
        identifiers=("9783161484100",),
        title_sort="lesen lernen",
        date=int(WHEN.timestamp()),
        expires=int(WHEN.timestamp()) + 24 * 60 * 60,
        year=2024,
        passages=(
            PassageDocument(CONTENT.passages[0], analysed("Erster Absatz.")),
            PassageDocument(CONTENT.passages[1], analysed("Seite zwölf.")),
        ),
        filed_under=("Material", "Förderschwerpunkt LSE, Lernen"),
    )


def test_document_of_an_empty_content() -> None:
    document = build(SearchContent(title=""), area="")
    assert document.texts == dict.fromkeys(document.texts, AnalysedText("", ""))
    assert (document.date, document.expires, document.year) == (0, FOREVER, None)
    assert document.payload["date"] is None
    assert document.payload["cover"] is None
    assert document.facets["area"] == document.facets["year"] == ()


def changed(field: str) -> SearchDocument:
    """Return the document with one value of its content changed."""
    other: dict[str, Any] = {
        "title": "Anders",
        "summary": "Anders",
        "people": ("Anders",),
        "publisher": "Anders",
        "keywords": "Anders",
        "identifiers": ("1",),
        "concepts": {},
        "year": 2023,
        "date": WHEN + datetime.timedelta(seconds=1),
        "expires_at": None,
        "cover": None,
        "files_count": 3,
        "is_meant": False,
        "facts": (),
        "occurrences": (Occurrence(WHEN, WHEN + datetime.timedelta(hours=1)),),
        "reference": {},
        "passages": (CONTENT.passages[0], dataclasses.replace(CONTENT.passages[1], page_number=13)),
    }
    return build(dataclasses.replace(CONTENT, **{field: other[field]}))


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(SearchContent)])
def test_fingerprint_depends_on_everything_of_the_content(field: str) -> None:
    assert changed(field).fingerprint() != build(CONTENT).fingerprint()


@pytest.mark.parametrize("values", [{"id": 8}, {"type": "book"}, {"area": ""}, {"locale": "da"}, {"url": "/anders/"}])
def test_fingerprint_depends_on_what_the_page_adds(values: dict[str, Any]) -> None:
    assert build(CONTENT, **values).fingerprint() != build(CONTENT).fingerprint()


def test_fingerprint_does_not_depend_on_the_version_or_the_order_of_keys() -> None:
    document = build(CONTENT)
    turned = dataclasses.replace(
        document,
        version=9,
        payload=dict(reversed(document.payload.items())),
        facets=dict(reversed(document.facets.items())),
    )
    assert turned.fingerprint() == document.fingerprint()


@pytest.mark.parametrize(("locale", "facet"), [("en", "Support area"), ("da", "Støtteområde")])
def test_a_document_in_another_language_holds_no_german_name_of_a_facet_or_type(locale: str, facet: str) -> None:
    content = SearchContent(title="", concepts={"focus": (ConceptValue("lernen", ("xyz",)),)})
    reader = analyser(locale)
    document = from_content(content, reader, id=1, type="book", area="library", locale=locale, url="")
    assert document.texts["labels"] == reader.text(f"{facet} xyz")
    assert document.filed_under == ({"en": "Book", "da": "Bog"}[locale], f"{facet} xyz")


def test_labels_are_analysed_anew_when_the_lexicon_changes() -> None:
    content = SearchContent(title="", concepts={"focus": (ConceptValue("x", ("Blumsakonter",)),)})
    before = build(content).texts["labels"].terms
    assert "+blumsa" not in before.split()
    with_words = analyser("de", ("blumsa", "konter"))
    assert "+blumsa" in build(content, with_words).texts["labels"].terms.split()
    assert build(content).texts["labels"].terms == before


@pytest.mark.django_db
def test_document_of_a_page(library: Any) -> None:
    page = add_page(
        library,
        "lesen",
        title="Lesen lernen",
        summary="Kurz gesagt.",
        authors="Ada Berg\n\n Cora Dahl ",
        body="Ein Zitat.",
        topics=["Vorlesen", "Anfang"],
        focus=["lernen-sprache-emotionale-soziale-entwicklung"],
        language=concept("language", "deutsch"),
        license=concept("license", "cc-by"),
        files=[MaterialFile(url="https://example.org/")],
        year=2024,
    )
    document = from_page(page, GERMAN, 5)
    assert (document.id, document.version, document.locale) == (page.pk, 5, "de")
    assert {name: value for name, value in document.payload.items() if name not in {"date", "facets"}} == {
        "type": "material",
        "title": "Lesen lernen",
        "summary": "Kurz gesagt.",
        "url": "/bibliothek/lesen/",
        "authors": ["Ada Berg", "Cora Dahl"],
        "publisher": "",
        "year": 2024,
        "cover": None,
        "files_count": 1,
        "keywords": "",
        "facts": [],
        "occurrences": None,
        "reference": {
            "title": "Lesen lernen",
            "author": ["Ada Berg", "Cora Dahl"],
            "issued": 2024,
            "language": "de",
            "licence": "CC BY 4.0",
            "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        },
    }
    assert {name: set(values) for name, values in document.facets.items() if values} == {
        "area": {"library"},
        "type": {"material"},
        "focus": {
            "lernen-sprache-emotionale-soziale-entwicklung",
            "lernen",
            "sprache",
            "emotionale-soziale-entwicklung",
        },
        "audience": {"lehrkraefte"},
        "year": {"2024"},
        "license": {"cc-by"},
        "language": {"deutsch"},
        "topic": {"anfang", "vorlesen"},
    }
    assert document.facets["topic"] == ("anfang", "vorlesen")
    assert [passage.passage.text for passage in document.passages] == ["Ein Zitat."]
    assert document == from_page(type(page).objects.get(pk=page.pk), GERMAN, 5)
