"""The Atom feed of a search: valid, the newest first, the same hits as the page."""

from __future__ import annotations

import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from core.identity import page_urn
from library.models import LibraryIndexPage
from search.engines.base import SearchUnavailable
from search.engines.embedded.engine import EmbeddedEngine
from tests.published import index_entries

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC) + datetime.timedelta(days=number)


@pytest.fixture
def stock(library: LibraryIndexPage) -> Client:
    """A visitor of a library of forty entries; every other one is about sand."""
    index_entries(
        {
            number: {
                "title": f"Sandkuchen {number}" if number % 2 else f"Karte {number}",
                "summary": f"Nummer {number}.",
                "focus": ["sehen"] if number % 4 else ["lernen"],
                "date": day(number),
            }
            for number in range(1, 81)
        }
    )
    return Client()


def read(client: Client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(feed: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in feed.findall(path, ATOM)]


def test_the_feed_holds_the_thirty_newest_hits(stock: Client) -> None:
    feed = read(stock, "/suche/feed/?q=sandkuchen")
    assert texts(feed, "a:entry/a:title") == [f"Sandkuchen {number}" for number in range(79, 19, -2)]


def test_an_entry_has_address_date_and_summary(stock: Client) -> None:
    entry = read(stock, "/suche/feed/").find("a:entry", ATOM)
    assert entry is not None
    assert entry.find("a:link", ATOM).attrib["href"] == "http://testserver/bibliothek/80/"
    assert texts(entry, "a:id") == [page_urn(80)]
    assert texts(entry, "a:summary") == ["Nummer 80."]
    assert [datetime.datetime.fromisoformat(text) for text in texts(entry, "a:published")] == [day(80)]
    assert texts(entry, "a:updated") == texts(entry, "a:published")


def test_the_feed_names_its_search_and_both_addresses(stock: Client) -> None:
    feed = read(stock, "/suche/feed/?q=sandkuchen&focus=sehen&page=3&sort=title")
    assert texts(feed, "a:title") == ["Fundus · „sandkuchen“ · Sehen"]
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall("a:link", ATOM)}
    assert links == {
        "alternate": "http://testserver/suche/?q=sandkuchen&focus=sehen",
        "self": "http://testserver/suche/feed/?q=sandkuchen&focus=sehen",
    }
    assert texts(feed, "a:updated") == [texts(feed, "a:entry/a:updated")[0]]


def test_filters_hold_in_the_feed(stock: Client) -> None:
    feed = read(stock, "/suche/feed/?focus=lernen")
    assert texts(feed, "a:entry/a:title") == [f"Karte {number}" for number in range(80, 0, -4)]


@pytest.mark.parametrize("query", ["page=0", "focus=unbekannt", "sort=x", "utm_source=x", "page_size=1", "topic=%00"])
def test_what_is_not_valid_is_left_out(stock: Client, query: str) -> None:
    assert len(texts(read(stock, f"/suche/feed/?{query}"), "a:entry/a:title")) == 30


@pytest.mark.parametrize(
    "query",
    ["%01", "a%08b", "%EF%BF%BE", "<script>alert(1)</script>", "]]>", "&amp;&lt;", '"x"', "🦉", "%1B[31m", "%7F"],
)
def test_the_feed_stays_well_formed_whatever_is_asked(stock: Client, query: str) -> None:
    read(stock, f"/suche/feed/?q={query}")


def test_markup_and_control_characters_of_entries_stay_text(stock: Client) -> None:
    evil = 'Quark <script>alert(1)</script> "><img onerror=x> \x01\x0b\ufffe & Co.'
    index_entries({99: {"title": evil, "summary": evil, "people": (evil,), "date": day(99)}})
    response = stock.get("/suche/feed/?q=quark")
    assert b"<script" not in response.content
    assert b"<img" not in response.content
    (title,) = texts(ElementTree.fromstring(response.content), "a:entry/a:title")
    assert title.split() == ["Quark", "<script>alert(1)</script>", '"><img', "onerror=x>", "&", "Co."]


def test_what_has_no_date_is_never_new(stock: Client) -> None:
    index_entries({98: {"title": "Undatiert"}, 99: {"title": "Nicht undatiert", "date": day(99)}})
    assert texts(read(stock, "/suche/feed/?q=undatiert"), "a:entry/a:title") == ["Nicht undatiert"]


def test_a_feed_without_hits_is_a_feed(stock: Client) -> None:
    feed = read(stock, "/suche/feed/?q=qqxyzzy")
    assert texts(feed, "a:entry/a:title") == []
    assert texts(feed, "a:updated")


def test_without_an_engine_readers_are_told_to_come_back(stock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise SearchUnavailable("stopped")

    monkeypatch.setattr(EmbeddedEngine, "search", fail)
    response = stock.get("/suche/feed/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
