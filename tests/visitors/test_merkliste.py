"""The Merkliste as the server sees it: a list in an address, shown and given away from the index alone."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client

from tests.published import index_entries
from tests.words import unbroken
from visitors.merkliste import MOST, ChosenIds, read_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock(library_index: Any, empty_index: Any) -> Client:
    """A visitor of an index with three entries."""
    index_entries(
        {
            1: {
                "title": "Sanduhr",
                "reference": {"isbn": "978-3-16-148410-0", "author": ["A. Muster"], "issued": 2021},
            },
            2: {"title": '=Karte "<b>"', "reference": {"licence": "CC BY 4.0"}},
            3: {"title": "Zeiger"},
        }
    )
    return Client()


def titles(client: Client, path: str) -> list[str]:
    soup = BeautifulSoup(unbroken(client.get(path).content), "html.parser")
    return [found.get_text() for found in soup.select("#merkliste .card-title")]


@pytest.mark.parametrize(
    ("query", "ids", "notices"),
    [
        ("", (), 0),
        ("id=12&id=7", (12, 7), 0),
        ("ids=12,7", (12, 7), 0),
        ("ids=7, 7 ,12,&id=3", (3, 7, 12), 0),
        ("id=12&id=12", (12,), 0),
        ("id=x&id=-1&id=1.5&id=٣&id=12&id=%00", (12,), 1),
        ("id=" + "9" * 19, (), 1),
        ("ids=" + ",".join(map(str, range(1, 151))), tuple(range(1, MOST + 1)), 1),
    ],
)
def test_ids_are_read_in_order_and_what_is_wrong_is_told(query: str, ids: tuple[int, ...], notices: int) -> None:
    found = read_ids(QueryDict(query))
    assert found == ChosenIds(ids, found.notices)
    assert len(found.notices) == notices


def test_entries_stand_in_the_order_of_the_address(stock: Client) -> None:
    assert titles(stock, "/merkliste/?id=3&id=1&id=2") == ["Zeiger", "Sanduhr", '=Karte "<b>"']
    assert titles(stock, "/merkliste/?ids=2,3") == ['=Karte "<b>"', "Zeiger"]


def test_what_is_gone_is_counted_and_left_out_of_the_links(stock: Client) -> None:
    soup = BeautifulSoup(unbroken(stock.get("/merkliste/?id=1&id=98&id=99&id=x").content), "html.parser")
    assert "2 Einträge sind nicht mehr verfügbar." in soup.get_text()
    assert "1 Angabe in der Adresse ist keine Nummer" in soup.get_text()
    link = soup.select_one("#link")
    assert link is not None
    assert link["value"] == "http://testserver/merkliste/?id=1"
    assert [one["href"] for one in soup.select(".list-actions a")] == [
        f"/merkliste/export/?format={name}&id=1" for name in ("ris", "bibtex", "csv")
    ]
    assert "1 Eintrag ist nicht mehr verfügbar." in stock.get("/merkliste/?id=1&id=99").content.decode()
    assert "Keiner der Einträge" in stock.get("/merkliste/?id=99").content.decode()


def test_without_a_list_the_page_says_how_to_make_one(stock: Client) -> None:
    soup = BeautifulSoup(unbroken(stock.get("/merkliste/").content), "html.parser")
    assert soup.select_one(".no-js")
    assert soup.select_one(".prose .js-only")
    assert not soup.select(".list-tools")


def test_search_machines_stay_away(stock: Client) -> None:
    for path in ("/merkliste/", "/merkliste/?id=1"):
        assert '<meta name="robots" content="noindex">' in stock.get(path).content.decode()
    assert stock.get("/merkliste/export/?format=csv&id=1")["X-Robots-Tag"] == "noindex"
    assert "Disallow: /merkliste/" in stock.get("/robots.txt").content.decode()


@pytest.mark.parametrize(
    ("format", "content_type", "name", "holds"),
    [
        ("ris", "application/x-research-info-systems; charset=utf-8", "merkliste.ris", "SN  - 978-3-16-148410-0"),
        ("bibtex", "application/x-bibtex; charset=utf-8", "merkliste.bib", "isbn = {978-3-16-148410-0}"),
        ("csv", "text/csv; charset=utf-8", "merkliste.csv", '"978-3-16-148410-0"'),
    ],
)
def test_a_list_can_be_taken_away(stock: Client, format: str, content_type: str, name: str, holds: str) -> None:
    response = stock.get(f"/merkliste/export/?format={format}&id=2&id=1&id=99")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    text = response.content.decode()
    assert holds in text
    assert "Muster, A." in text or "A. Muster" in text
    assert text.index("Karte") < text.index("Sanduhr")


def test_a_title_becomes_no_formula_on_its_way(stock: Client) -> None:
    text = stock.get("/merkliste/export/?format=csv&id=2").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[1][0] == '\'=Karte "<b>"'


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 400, "format"),
        ("format=doc&id=1", 400, "format"),
        ("format=ris", 400, "id"),
        ("format=ris&id=x", 400, "id"),
        ("format=ris&id=99", 404, "id"),
    ],
)
def test_a_bad_export_is_refused_with_its_reason(stock: Client, query: str, status: int, field: str) -> None:
    response = stock.get(f"/merkliste/export/?{query}")
    assert response.status_code == status
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith(f"{field}: ")


def test_a_hundred_entries_are_shown(library_index: Any, empty_index: Any) -> None:
    index_entries({number: {"title": f"Eintrag {number}"} for number in range(1, 102)})
    query = urlencode([("id", number) for number in range(101, 0, -1)])
    shown = titles(Client(), f"/merkliste/?{query}")
    assert shown == [f"Eintrag {number}" for number in range(101, 1, -1)]


def test_a_search_that_is_down_is_told(stock: Client, empty_index: Any) -> None:
    for meta in empty_index.glob("g-*/meta.json"):
        meta.write_text("{}")
    from search.engines.current import get_engine

    get_engine.cache_clear()
    for path in ("/merkliste/?id=1", "/merkliste/export/?format=ris&id=1"):
        response = stock.get(path)
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
