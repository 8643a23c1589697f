"""No hit without a visible reason: marks in its texts, else the name, concept or hidden word that found it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from core.declared.searchable import Passage
from library.models import LibraryIndexPage
from search.answer.service import search as answered
from search.facets.labels import load_labels
from search.models import Pin
from search.page.present import present
from search.page.results import Hit, ResultsPage
from search.question.request import SearchRequest
from tests.published import index_entries
from tests.searching import search
from vocabularies.models import Concept, ConceptLabel

LONG = "Wort " * 100


@pytest.fixture
def entries(library: LibraryIndexPage) -> None:
    """Entries that are found by something besides their texts."""
    concept = Concept.objects.get(vocabulary__slug="subject", slug="mathematik")
    ConceptLabel.objects.create(concept=concept, text="Zahlenkunde")
    ConceptLabel.objects.create(concept=concept, text="Ziffernkram", kind=ConceptLabel.Kind.HIDDEN)
    index_entries(
        {
            1: {"title": "Eins", "people": ("Ada Muster",), "publisher": "Verlag am See"},
            2: {"title": "Zwei", "keywords": "Trommel Geheimwort Pauke"},
            3: {"title": "Drei", "topic": ["wolkenkunde"]},
            4: {"title": "Vier", "identifiers": ("9783161484100",), "reference": {"isbn": "9783161484100"}},
            5: {"title": "Fünf <b>", "summary": f"{LONG} Am Ende die Laterne. {LONG}", "body": "Laterne, Laternen."},
            6: {"title": "Sechs", "body": f"{LONG} Ein Leuchtturm <i> am Meer. {LONG}"},
        }
    )


def only(query: str) -> Hit:
    (hit,) = search(SearchRequest(query=query)).hits
    return hit


@pytest.mark.parametrize(
    ("query", "id", "reason"),
    [
        ("Muster", 1, "Name: Ada <mark>Muster</mark>"),
        ("Verlag", 1, "Name: <mark>Verlag</mark> am See"),
        ("Geheimwort", 2, "Schlagwort: Geheimwort"),
        ("Pauke Trommel", 2, "Schlagwort: Trommel, Pauke"),
        ("wolkenkunde", 3, "Thema: <mark>wolkenkunde</mark>"),
        ("978-3-16-148410-0", 4, "ISBN: 9783161484100"),
    ],
)
def test_a_hit_says_what_found_it(entries: None, query: str, id: int, reason: str) -> None:
    hit = only(query)
    assert (hit.id, str(hit.reason)) == (id, reason)


def test_hidden_words_that_did_not_match_stay_hidden(entries: None, client: Client) -> None:
    for path in ("/suche/?q=geheimwort", "/api/v2/search/?q=geheimwort"):
        text = client.get(path).content.decode()
        assert "Schlagwort: Geheimwort" in text
        assert "Pauke" not in text
        assert "Trommel" not in text


def test_a_concept_is_named_with_the_other_name_that_matched_but_not_with_a_hidden_one(entries: None) -> None:
    from core.declared.searchable import ConceptValue

    value = ConceptValue("mathematik", ("Mathematik", "Zahlenkunde", "Ziffernkram"))
    index_entries({7: {"title": "Sieben", "subject": [value]}})
    assert only("Zahlenkunde").reason == "Fach: Mathematik (<mark>Zahlenkunde</mark>)"
    assert only("Mathematik").reason == "Fach: <mark>Mathematik</mark>"
    assert only("Ziffernkram").reason == "Fach: Mathematik"


def test_where_texts_show_it_there_is_no_other_reason(entries: None) -> None:
    for query in ("Laterne", "Leuchtturm", "Eins"):
        assert only(query).reason == ""
    assert {str(hit.reason) for hit in search(SearchRequest()).hits} == {""}


def test_a_pinned_page_without_the_words_is_recommended(entries: None, library: LibraryIndexPage) -> None:
    Pin.objects.create(query="Laterne", page_id=library.pk)
    index_entries({library.pk: {"title": "Acht"}})
    hits = search(SearchRequest(query="Laterne")).hits
    assert [(hit.id, str(hit.reason)) for hit in hits] == [(library.pk, "Empfehlung der Redaktion"), (5, "")]


def test_the_excerpt_is_short_and_shows_the_match(entries: None) -> None:
    for query in ("Laterne", "Leuchtturm"):
        excerpt = only(query).excerpt
        assert excerpt is not None
        text = BeautifulSoup(excerpt.text, "html.parser")
        assert text.select("mark")
        assert len(text.get_text()) < 200
    assert "&lt;i&gt;" in str(only("Leuchtturm").excerpt)


def test_the_excerpt_of_a_file_leads_to_its_page(entries: None) -> None:
    passage = Passage("Der Kompass zeigt nach Norden.", "file", "Karte.pdf", "/d/karte.pdf#page=3", 3)
    index_entries({9: {"title": "Neun", "passages": (passage,)}})
    excerpt = only("Kompass").excerpt
    assert excerpt is not None
    assert (excerpt.title, excerpt.url, excerpt.place) == ("Karte.pdf", "/d/karte.pdf#page=3", "Seite 3")


def shown(query: str, **found: Any) -> ResultsPage:
    """Return the page for a search of which the meaning found something too."""
    answer = answered(SearchRequest(query=query))
    return present(replace(answer, found=replace(answer.found, **found)), load_labels(), "/suche/")


def test_what_only_meaning_found_says_so_and_shows_its_nearest_passage_without_marks(entries: None) -> None:
    nearest = {2: Passage("Ein <Licht> in der Nacht.")}
    hits = answered(SearchRequest(query="Geheimwort")).found.result.hits
    result = replace(answered(SearchRequest(query="Finsternis")).found.result, hits=hits, total=1)
    (hit,) = shown("Finsternis", result=result, far=False, by_meaning=frozenset({2}), nearest_passages=nearest).hits
    assert hit.reason == "passt vom Sinn her"
    assert hit.excerpt is not None
    assert hit.excerpt.text == "Ein &lt;Licht&gt; in der Nacht."


def test_a_hit_of_the_page_has_title_one_text_and_one_line(entries: None, client: Client) -> None:
    soup = BeautifulSoup(client.get("/suche/?q=laterne").content, "html.parser")
    (hit,) = soup.select(".hit")
    assert hit.select_one(".card-title a").get_text() == "Fünf <b>"
    assert len(hit.select(".hit-text")) == 1
    assert [item.get_text() for item in hit.select(".hit-line li")] == ["Material", "Lernen"]
    assert hit.select("img") == []
