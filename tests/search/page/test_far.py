"""Nothing answers the question: what is near is shown as such, with neighbouring concepts and somebody to ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from core.declared.helping import helping_pages
from directory.models import ConsultationIndexPage
from library.models import LibraryIndexPage
from search.answer import service
from search.answer.values import Answer
from search.meaning.embedder import Embedder
from search.question.request import SearchRequest
from search.web import views
from search.web.api import endpoints
from tests.published import index_entries
from tests.words import unbroken


@pytest.fixture
def far(library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search for ADHS finds nothing; nearest are two entries on attention."""
    index_entries(
        {
            1: {"title": "Aufmerksam bleiben", "topic": ["konzentration"], "focus": ["sprache"]},
            2: {"title": "Ruhe im Raum", "topic": ["konzentration"], "focus": ["lernen"], "body": "Aufmerksam <sein>."},
        }
    )

    def search(request: SearchRequest, **chosen: Any) -> Answer:
        answer = service.search(request, **chosen)
        near = service.search(SearchRequest("Aufmerksam")).found.result.hits
        return replace(answer, found=replace(answer.found, far=True, near=near))

    monkeypatch.setattr(views, "search", search)
    monkeypatch.setattr(endpoints, "search", search)


def page(client: Client) -> BeautifulSoup:
    response = client.get("/suche/?q=adhs")
    assert response.status_code == 200
    return BeautifulSoup(unbroken(response.content), "html.parser")


def test_the_page_says_that_nothing_answers_and_shows_what_is_nearest(far: None, client: Client) -> None:
    soup = page(client)
    assert soup.select_one("#treffer").get_text() == "Nichts Genaues gefunden"
    assert [link.get_text() for link in soup.select(".hit-list .card-title a")] == [
        "Aufmerksam bleiben",
        "Ruhe im Raum",
    ]
    assert {text.get_text().split(" ")[0] for text in soup.select(".hit-text")} == {"Gefunden:"}
    assert soup.select(".pagination, .sort, .groups-nav") == []
    # Nothing to subscribe to as a feed yet, but one may be told when there is.
    assert [link["href"] for link in soup.select(".feed a")] == ["/neues-per-mail/?q=adhs"]


def test_neighbouring_concepts_lead_to_what_is_filed_under_them(far: None, client: Client) -> None:
    ways = {link.get_text(): str(link["href"]) for link in page(client).select(".far-words a")}
    assert ways == {
        "konzentration": "/suche/?topic=konzentration",
        "Sprache": "/foerderschwerpunkt/sprache/",
        "Lernen": "/foerderschwerpunkt/lernen/",
    }


def test_somebody_to_ask_is_offered_while_their_page_is_public(far: None, client: Client) -> None:
    offers = ConsultationIndexPage.objects.get(locale__language_code="de")
    link = page(client).select_one(f'.empty a[href="{offers.get_url()}"]')
    assert link is not None
    assert link.get_text() == offers.title
    offers.unpublish()
    assert helping_pages() == []
    assert page(client).select(f'.empty a[href="{offers.get_url()}"]') == []


def test_the_api_says_far_counts_nothing_and_gives_the_nearest_apart(far: None, client: Client) -> None:
    answer = client.get("/api/v2/search/?q=adhs").json()
    assert (answer["meta"]["confidence"], answer["meta"]["total_count"], answer["items"]) == ("far", 0, [])
    assert [(item["id"], item["reason"]) for item in answer["near"]] == [(1, "nur verwandt"), (2, "nur verwandt")]


def test_nothing_is_near_while_no_page_has_its_vectors(
    library: LibraryIndexPage, client: Client, by_meaning: Embedder
) -> None:
    index_entries({1: {"title": "Sand"}, 2: {"title": "Burg"}})
    answer = client.get("/api/v2/search/?q=медузы").json()
    assert (answer["meta"]["confidence"], answer["near"]) == ("far", [])


def test_what_was_excluded_is_not_offered_as_near(library: LibraryIndexPage, client: Client) -> None:
    index_entries({1: {"title": "Sand Burg"}, 2: {"title": "Meer"}})
    answer = client.get("/api/v2/search/?q=sand+-burg").json()
    assert (answer["meta"]["total_count"], answer["near"]) == (0, [])


def test_hits_are_no_far_state(library: LibraryIndexPage, client: Client) -> None:
    index_entries({1: {"title": "Sand"}})
    answer = client.get("/api/v2/search/?q=sand").json()
    assert (answer["meta"]["confidence"], answer["near"]) == ("hits", [])
    # Without vectors there is nothing near, and the page says so as it always did.
    none = BeautifulSoup(client.get("/suche/?q=qqxyzzy").content, "html.parser")
    assert none.select_one("#treffer").get_text() == "Keine Treffer"
    assert none.select_one('.empty a[href="/beratung/"]') is not None
