"""Overviews are found like any page, but are never news and belong to no list of what is new."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from core.declared.page_types import searchable_types
from directory.models import ConsultationIndexPage, NetworkIndexPage
from library.models import LibraryIndexPage
from search.answer.lists import newest
from search.question.request import SearchRequest
from search.question.tree import Sort
from tests.searching import search


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("termine", "Termine"),
        ("Kalender", "Termine"),
        ("Bibliothek", "Bibliothek"),
        ("neuigkeiten", "Neuigkeiten"),
        ("Verbund finden", "Verbund finden"),
        ("KoopV Karte", "Verbund finden"),
        ("Beratung", "Beratung"),
    ],
)
def test_an_overview_leads_its_group_for_its_name(sample: LibraryIndexPage, query: str, title: str) -> None:
    pages = search(SearchRequest(query=query, filters={"area": ("pages",)})).hits
    assert (pages[0].title, pages[0].type, str(pages[0].type_label)) == (title, "page", "Seite")


def test_an_overview_is_suggested(sample: LibraryIndexPage, client: Client) -> None:
    items = client.get("/api/v2/search/suggest/?q=termin").json()["items"]
    assert ("Termine", "Seite") in [(item["text"], item["note"]) for item in items]


def test_what_an_overview_says_of_itself_has_no_date(library: LibraryIndexPage) -> None:
    offers = ConsultationIndexPage.objects.get(locale__language_code="de")
    offers.introduction = "<p>Erster &amp; zweiter.</p><p>Dritter.</p>"
    content = offers.search_content()
    assert (content.title, content.date) == (offers.title, None)
    assert content.summary == "Erster & zweiter. Dritter."
    assert NetworkIndexPage.objects.get(locale__language_code="de").search_content().keywords


def undated() -> set[str]:
    return {str(model.search_type) for model in searchable_types()} & {"page", "info", "network", "consultation"}


def test_the_newest_begin_with_what_has_a_date(sample: LibraryIndexPage) -> None:
    for query in ("", "lesen"):
        hits = search(SearchRequest(query=query, sort=Sort.NEWEST, page_size=100)).hits
        dated = [hit.date is not None for hit in hits]
        assert dated == sorted(dated, reverse=True)
        assert dated[0]
    assert {hit.payload["type"] for hit in newest(60, "de")} & undated() == set()


@pytest.mark.parametrize("query", ["", "q=termine", "q=beratung", "area=pages", "area=directory", "type=page"])
def test_no_feed_has_what_is_never_new(sample: LibraryIndexPage, client: Client, query: str) -> None:
    feed = ElementTree.fromstring(client.get(f"/suche/feed/?{query}").content)
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    addresses = [entry.find("{http://www.w3.org/2005/Atom}link").attrib["href"] for entry in entries]
    assert all(entry.find("{http://www.w3.org/2005/Atom}published") is not None for entry in entries)
    known: Any = search(SearchRequest(filters={"type": tuple(undated())}, page_size=100)).hits
    assert not {f"http://testserver{hit.url}" for hit in known} & set(addresses)
    assert bool(entries) == (not query.startswith(("area", "type")))


def test_the_empty_search_begins_with_the_library(sample: LibraryIndexPage, client: Client) -> None:
    page = search(SearchRequest(grouped=True))
    assert [group.area for group in page.groups] == ["library", "directory", "people", "events", "news", "pages"]
    assert {item["area"][0]["slug"] for item in client.get("/api/v2/search/").json()["items"]} <= {
        *("library", "people", "news", "events")
    }


def test_the_shelf_keeps_to_its_entries(sample: LibraryIndexPage, client: Client) -> None:
    text = client.get(sample.get_url()).content.decode()
    assert '<input type="hidden" name="area" value="library">' in text
    assert 'href="/suche/?area=library"' in text
