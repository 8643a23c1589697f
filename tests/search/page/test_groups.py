"""Hits in groups where areas mix: counts of everything found, first hits, the same on the page and in the API."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from library.models import LibraryIndexPage
from search.answer.grouping import GROUP_SIZE
from search.engines.embedded.engine import EmbeddedEngine
from search.page.results import ResultsPage
from search.question.request import SearchRequest
from search.question.tree import Sort
from tests.published import index_entries
from tests.searching import search
from tests.words import unbroken

DAY = datetime.timedelta(days=1)


@pytest.fixture
def mixed(library: LibraryIndexPage) -> None:
    """Thirteen entries of the library, twelve networks, two dates, an overview; "sand" is in all, "burg" in some."""
    now = timezone.now()
    index_entries(
        {
            **{n: {"title": f"Sand {n}", "summary": "Bauen.", "date": now - n * DAY} for n in range(1, 14)},
            **{
                n: {"title": f"Sand {n}", "summary": "Reden.", "type": "network", "area": "directory"}
                for n in range(20, 32)
            },
            **{n: {"title": f"Sand Burg {n}", "type": "event", "area": "events", "date": now} for n in (40, 41)},
            50: {"title": "Alles aus Sand", "type": "page", "area": "pages", "focus": ["sehen"]},
        }
    )


def ask(query: str = "sand", **chosen: Any) -> ResultsPage:
    return search(SearchRequest(query=query, **{"grouped": True, **chosen}))


def groups(page: ResultsPage) -> list[tuple[str, int, int]]:
    return [(group.area, group.total, len(group.hits)) for group in page.groups]


def test_each_area_is_a_group_with_the_count_of_everything_found(mixed: None) -> None:
    page = ask()
    assert groups(page) == [("library", 13, 10), ("directory", 12, 10), ("events", 2, 2), ("pages", 1, 1)]
    assert page.total == sum(group.total for group in page.groups)
    assert [str(group.label) for group in page.groups] == ["Material", "Personen und Stellen", "Termine", "Seiten"]


@pytest.mark.parametrize("query", ["sand", "sand burg", "", "bauen sand"])
def test_a_group_holds_the_first_hits_of_its_area_in_their_order(mixed: None, query: str) -> None:
    for group in ask(query).groups:
        alone = search(SearchRequest(query=query, filters={"area": (group.area,)}, page_size=GROUP_SIZE))
        assert [hit.id for hit in group.hits] == [hit.id for hit in alone.hits]
        assert group.total == alone.total


def test_a_group_follows_the_order_of_all_hits(mixed: None) -> None:
    everything = [hit.id for hit in search(SearchRequest(query="sand", page_size=100)).hits]
    for group in ask().groups:
        ids = [hit.id for hit in group.hits]
        assert ids == [id for id in everything if id in ids]


def test_the_library_comes_first_unless_the_best_hits_all_lie_elsewhere(mixed: None) -> None:
    assert ask("sand").groups[0].area == "library"
    index_entries({42: {"title": "Burg", "type": "event", "area": "events"}, 14: {"title": "X", "body": "Eine Burg."}})
    assert [group.area for group in ask("burg").groups] == ["events", "library"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"filters": {"area": ("directory",)}},
        {"filters": {"type": ("network",)}},
        {"sort": Sort.NEWEST},
        {"sort": Sort.TITLE},
        {"page": 2},
        {"grouped": False},
    ],
)
def test_a_chosen_area_an_order_or_a_later_page_is_one_list(mixed: None, chosen: dict[str, Any]) -> None:
    page = search(SearchRequest(**{"query": "sand", "grouped": True, **chosen}))
    assert page.groups == ()
    assert page.hits


def test_a_filter_narrows_all_groups(mixed: None) -> None:
    page = ask(filters={"focus": ("lernen",)})
    assert groups(page) == [("library", 13, 10), ("directory", 12, 10), ("events", 2, 2)]


def test_hits_of_no_area_are_a_last_group_without_an_address(mixed: None) -> None:
    index_entries({60: {"title": "Sand im Getriebe", "area": ""}})
    last = ask().groups[-1]
    assert (last.area, last.total, [hit.id for hit in last.hits], last.url) == ("", 1, [60], "")


def test_all_hits_of_a_group_are_one_filter_away(mixed: None, client: Client) -> None:
    soup = BeautifulSoup(unbroken(client.get("/suche/?q=sand&focus=lernen").content), "html.parser")
    ways = {link.get_text().strip(): str(link["href"]) for link in soup.select(".group .arrow-link")}
    assert ways == {
        "Alle 13 in „Material“": "/suche/?q=sand&area=library&focus=lernen",
        "Alle 12 in „Personen und Stellen“": "/suche/?q=sand&area=directory&focus=lernen",
    }
    jumps = [str(link["href"]) for link in soup.select(".groups-nav a")]
    assert jumps == [f"#{heading['id']}" for heading in soup.select(".group h3")]
    follow = BeautifulSoup(client.get(ways["Alle 13 in „Material“"]).content, "html.parser")
    assert len(follow.select(".hit-list .card-title")) == 13


@pytest.mark.parametrize("query", ["q=sand", "q=sand+burg", "focus=lernen", "", "q=bauen"])
def test_page_and_api_give_the_same_groups(mixed: None, client: Client, query: str) -> None:
    answer = client.get(f"/api/v2/search/?{query}&groups=true").json()
    soup = BeautifulSoup(client.get(f"/suche/?{query}").content, "html.parser")
    shown = [
        (
            heading.parent.select_one(".count").get_text(),
            [str(link["href"]) for link in heading.find_parent("section").select(".card-title a")],
        )
        for heading in soup.select(".group h3")
    ]
    assert shown == [
        (str(group["total_count"]), [item["url"].removeprefix("http://testserver") for item in group["items"]])
        for group in answer["groups"]
    ]
    flat = client.get(f"/api/v2/search/?{query}").json()
    assert (flat["groups"], flat["items"], flat["meta"]) == ([], answer["items"], answer["meta"])


def test_groups_cost_one_more_question_to_the_engine_however_many_there_are(
    mixed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("search", "hits", "passages", "totals"):
        real = getattr(EmbeddedEngine, name)

        def noted(engine: EmbeddedEngine, *given: Any, _name: str = name, _real: Any = real) -> Any:
            asked.append(_name)
            return _real(engine, *given)

        monkeypatch.setattr(EmbeddedEngine, name, noted)
    ask("sand", grouped=False)
    flat = sorted(asked)
    assert flat == ["passages", "search", "totals"]
    asked.clear()
    assert len(ask("sand").groups) == 4
    assert sorted(asked) == ["hits", *flat]


def test_the_api_refuses_another_word_for_groups(client: Client, db: None) -> None:
    response = client.get("/api/v2/search/?groups=ja")
    assert response.status_code == 400
    assert json.loads(response.content)["errors"][0]["field"] == "groups"
