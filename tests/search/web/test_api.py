"""The search API: answers as the contract has them, every bad input a 400, the same hits as the page.

Whole answers are compared with the files in `golden/`; after a wanted change, `GOLDEN=write pytest
tests/search/web/test_api.py` writes them anew, and the difference is read in review.
"""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.declared.searchable import ConceptValue, CoverImage, Passage
from library.models import LibraryIndexPage
from search.engines.base import SearchUnavailable
from search.engines.embedded.engine import EmbeddedEngine
from search.facets.facets import FACETS, SHOWN
from search.web.api.parameters import SearchParameters
from search.web.api.schema import SearchAnswer
from search.web.forms import PARAMETERS
from tests.published import index_entries
from tests.words import unbroken

GOLDEN = Path(__file__).parent / "golden"
API = "/api/v2/search/"

STOCK: dict[int, dict[str, Any]] = {
    7: {
        "title": "Sachaufgaben verstehen",
        "summary": "Lesehilfen für leseschwache Kinder in Klasse 4.",
        "body": "Die Kinder markieren in jeder Sachaufgabe, was gefragt ist.",
        "focus": ["lernen", "sprache"],
        "audience": ["lehrkraefte", "schulbegleitung"],
        "level": ["primarbereich"],
        "school_type": ["grundschule"],
        "subject": ["mathematik"],
        "kind": ["arbeitsmaterial"],
        "license": ["cc-by-sa"],
        "language": ["deutsch"],
        "accessibility": ["getaggtes-pdf"],
        "topic": ["rechnen"],
        "people": ("Werkstatt Rechnen", "Arbeitskreis Lesen"),
        "publisher": "Netzwerk",
        "year": 2024,
        "date": datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC),
        "cover": CoverImage("/media/images/heft.webp", 320, 200, "Ein Heft"),
        "files_count": 2,
        "passages": (
            Passage("Diese Sachaufgabe steht auf dem Blatt.", "file", "Blatt", "/documents/3/blatt.pdf#page=12", 12),
        ),
        "url": "/bibliothek/sachaufgaben/",
    },
    8: {
        "title": "Lernen mit Freude",
        "summary": "Ein Ratgeber.",
        "type": "book",
        "focus": [
            ConceptValue(
                "lernen-sprache-emotionale-soziale-entwicklung",
                ("LSE",),
                ("lernen", "sprache", "emotionale-soziale-entwicklung"),
            )
        ],
        "audience": ["eltern"],
        "year": 2019,
        "date": datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC),
        "url": "/bibliothek/freude/",
    },
    **{
        number: {"title": f"Karte {number}", "focus": ["hoeren"], "year": 2000 + number % 7} for number in range(20, 60)
    },
}


@pytest.fixture
def stock(library: LibraryIndexPage) -> Client:
    """A reader of the API over a library of 42 entries."""
    from vocabularies.models import Topic

    Topic.objects.create(name="Rechnen", slug="rechnen")
    index_entries(STOCK)
    return Client()


def get(client: Client, query: str = "", status: int = 200) -> dict[str, Any]:
    response = client.get(f"{API}?{query}")
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    answer: dict[str, Any] = response.json()
    return answer


def ids(answer: dict[str, Any]) -> list[int]:
    return [item["id"] for item in answer["items"]]


# Answers ----------------------------------------------------------------------------------------

CASES = {
    "word_and_filters": "q=sachaufgabe&focus=lernen&audience=lehrkraefte&page_size=1",
    "typing_error": "q=sachaufgabne&page_size=1",
    "broader_concepts": "q=ratgeber",
    "nothing_found": "q=qqxyzzy&focus=sehen",
    "page": "focus=hoeren&sort=title&page=2&page_size=2&year_from=2001&year_to=2002",
    "errors": "focus=x&page=0&foo=bar&year_from=2020&year_to=2010&sort=y",
}


@pytest.mark.parametrize("name", CASES)
def test_answers_are_those_of_the_contract(stock: Client, name: str) -> None:
    answer = get(stock, CASES[name], 400 if name == "errors" else 200)
    for item in answer.get("items", ()):
        # How scores come about is the ranking's business, tested there.
        assert item["score"] >= 0
        item["score"] = "number"
    path = GOLDEN / f"{name}.json"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    assert answer == json.loads(path.read_text())


def test_every_answer_fits_its_description(stock: Client) -> None:
    for query in ("", *(query for name, query in CASES.items() if name != "errors")):
        answer = get(stock, query)
        assert SearchAnswer.model_validate(answer).model_dump() == answer


def test_every_facet_is_a_list_of_slug_and_label_in_every_item(stock: Client) -> None:
    for item in get(stock, "page_size=100")["items"]:
        for facet in FACETS:
            if facet.name not in {"type", "year"}:
                assert all(set(value) == {"slug", "label"} for value in item[facet.name]), facet.name


def test_counted_facets_come_in_the_order_of_the_list(stock: Client) -> None:
    # Nothing in this stock is filed under a network, and a facet without a value is left out.
    assert [facet["name"] for facet in get(stock)["facets"]] == [facet.name for facet in SHOWN if facet.name != "koopv"]


def test_counts_of_a_facet_ignore_its_own_filter(stock: Client) -> None:
    (focus,) = [facet for facet in get(stock, "focus=hoeren")["facets"] if facet["name"] == "focus"]
    counts = {value["slug"]: (value["count"], value["selected"]) for value in focus["values"]}
    assert counts["hoeren"] == (40, True)
    assert counts["lernen"] == (2, False)


def test_a_hundred_items_at_most_come_at_once(stock: Client) -> None:
    assert len(get(stock, "page_size=100")["items"]) == 42
    assert get(stock)["meta"]["page_size"] == len(get(stock)["items"]) == 20


def test_a_page_beyond_the_end_is_empty(stock: Client) -> None:
    answer = get(stock, "page=3")
    assert (answer["meta"]["total_count"], answer["meta"]["page"], len(answer["items"])) == (42, 3, 2)
    assert get(stock, "page=4")["items"] == []


def test_markup_in_entries_is_escaped_in_highlights_and_plain_elsewhere(stock: Client) -> None:
    evil = '<script>alert(1)</script> "><img src=x onerror=alert(2)> Zwirbelquark'
    files = (Passage(evil, "file", evil, "/documents/1/a.pdf", 1),)
    index_entries({99: {"title": evil, "summary": evil, "body": evil, "passages": files}})
    (item,) = get(stock, "q=zwirbelquark")["items"]
    assert (item["title"], item["summary"]) == (evil, evil)
    marked = [
        item["highlights"]["title"],
        *item["highlights"]["text"],
        *(f["text"] for f in item["highlights"]["files"]),
    ]
    assert len(marked) == 3
    for text in marked:
        assert "<mark>Zwirbelquark</mark>" in text
        assert "<" not in text.replace("<mark>", "").replace("</mark>", "")


# Refusals ---------------------------------------------------------------------------------------

BAD = [
    ("foo=bar", "foo", "bar"),
    ("Q=x", "Q", "x"),
    ("focus=unbekannt", "focus", "unbekannt"),
    ("focus=Lernen", "focus", "Lernen"),
    ("type=nirgends", "type", "nirgends"),
    ("area=nirgends", "area", "nirgends"),
    ("topic=unbekannt", "topic", "unbekannt"),
    ("year=99999", "year", "99999"),
    ("page=0", "page", "0"),
    ("page=-1", "page", "-1"),
    ("page=x", "page", "x"),
    ("page=501", "page", "501"),
    ("page=101&page_size=100", "page", "101"),
    ("page_size=0", "page_size", "0"),
    ("page_size=101", "page_size", "101"),
    ("page_size=x", "page_size", "x"),
    ("sort=x", "sort", "x"),
    (f"q={'x' * 301}", "q", "x" * 100),
    ("q=a%00b", "q", "a\0b"),
    ("year_from=2020&year_to=2019", "year_to", "2019"),
    ("year_from=x", "year_from", "x"),
    ("year_to=99999", "year_to", "99999"),
    ("locale=xx", "locale", "xx"),
]


@pytest.mark.parametrize(("query", "field", "value"), BAD, ids=[query[:24] for query, _, _ in BAD])
def test_bad_input_is_refused_with_field_value_and_reason(stock: Client, query: str, field: str, value: str) -> None:
    answer = get(stock, query, 400)
    assert list(answer) == ["errors"]
    assert [(error["field"], error["value"]) for error in answer["errors"]] == [(field, value)]
    assert all(set(error) == {"field", "value", "reason"} and error["reason"] for error in answer["errors"])


def test_all_bad_values_are_named_at_once(stock: Client) -> None:
    answer = get(stock, "focus=x&focus=y&page=0&foo=1", 400)
    assert sorted((error["field"], error["value"]) for error in answer["errors"]) == [
        ("focus", "x"), ("focus", "y"), ("foo", "1"), ("page", "0"),
    ]  # fmt: skip


def test_without_an_engine_readers_are_told_to_come_back(stock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise SearchUnavailable("stopped")

    monkeypatch.setattr(EmbeddedEngine, "search", fail)
    response = stock.get(API)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json()["errors"][0]["reason"] == "search is unavailable, try again later"


def test_without_an_engine_bad_input_is_still_refused(stock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise SearchUnavailable("stopped")

    monkeypatch.setattr(EmbeddedEngine, "search", fail)
    get(stock, "page=0", 400)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_only_reads(stock: Client, method: str) -> None:
    assert getattr(stock, method)(API).status_code == 405


# Any value and any name: the answer is 200 or 400, and never a page of HTML.
VALUES = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.sampled_from(
        ["lernen", "hoeren", "material", "2024", "title", "newest", "de", "rechnen", "sachaufgabe", "0", "1"]
    ),
)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.one_of(st.sampled_from(PARAMETERS), st.text(max_size=8)), VALUES), max_size=6))
def test_garbage_never_breaks_the_api(stock: Client, pairs: list[tuple[str, str]]) -> None:
    response = stock.get(f"{API}?{urlencode(pairs)}")
    assert response.status_code in {200, 400}
    answer = response.json()
    assert set(answer) == (
        {"errors"}
        if response.status_code == 400
        else {"meta", "answers", "ready_filters", "items", "groups", "near", "facets"}
    )


# One search behind both -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "", "q=karte", "q=karte&page=2", "q=karte&sort=title", "sort=newest", "q=sachaufgabe&focus=lernen",
        "focus=hoeren&focus=lernen&audience=lehrkraefte", "year=2003&year=2004&sort=title", "year_from=2003",
        "q=karte&focus=sehen", "q=sachaufgabne", "q=-karte", "type=book&q=lernen", "q=qqxyzzy", "page=3",
    ],
)  # fmt: skip
def test_page_and_api_give_the_same_hits_order_and_counts(stock: Client, query: str) -> None:
    answer = get(stock, query)
    soup = BeautifulSoup(unbroken(stock.get(f"/suche/?{query}").content), "html.parser")
    urls = [str(link["href"]) for link in soup.select("ol.card-list .card-title a")]
    assert urls == [item["url"].removeprefix("http://testserver") for item in answer["items"]]
    heading = soup.select_one("#treffer")
    assert heading is not None
    total = answer["meta"]["total_count"]
    assert heading.get_text().strip() == (f"{total} Treffer" if total else "Keine Treffer")
    shown = [
        (
            str(box["name"]),
            str(box["value"]),
            int(box.parent.select_one("small").get_text()),
            box.has_attr("checked"),
        )
        for box in soup.select("form.facets input[type=checkbox]")
    ]
    assert shown == [
        (facet["name"], value["slug"], value["count"], value["selected"])
        for facet in answer["facets"]
        for value in facet["values"]
    ]


# Description ------------------------------------------------------------------------------------


@pytest.fixture
def description(db: None) -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = Client().get("/api/v2/openapi.json").json()
    return document


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _references(inner)]
    return []


def test_every_example_of_the_description_is_answered(description: dict[str, Any], library: Any) -> None:
    for path, operations in description["paths"].items():
        shown = {one["name"]: one["example"] for one in operations["get"]["parameters"] if "example" in one}
        assert {"q", "locale"} & set(shown)
        for name, value in shown.items():
            needed = {key: shown[key] for key in ("q", "id") if key in shown and path != "/api/v2/search/"}
            # No entry has a number for sure: what is not there is said to be not there.
            answers = {200, 404} if path.endswith("/similar/") else {200}
            sent = json.dumps(value) if isinstance(value, bool) else value
            assert Client().get(path, {**needed, name: sent}).status_code in answers, (path, name)


def test_the_description_is_a_whole_openapi_document(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(description["info"])
    for path, operations in description["paths"].items():
        assert path.startswith("/api/v2/search/"), path
        for operation in operations.values():
            assert {"200"} <= set(operation["responses"])
            assert operation["operationId"]
            for response in operation["responses"].values():
                assert "description" in response
            for parameter in operation["parameters"]:
                assert {"name", "in", "schema"} <= set(parameter)
    schemas = description["components"]["schemas"]
    for reference in _references(description):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference


def test_its_parameters_are_those_of_the_form(description: dict[str, Any]) -> None:
    parameters = description["paths"][API]["get"]["parameters"]
    assert {parameter["name"] for parameter in parameters} == set(PARAMETERS) == set(SearchParameters.model_fields)
    assert all(parameter["in"] == "query" and not parameter["required"] for parameter in parameters)
    kinds = {parameter["name"]: parameter["schema"]["type"] for parameter in parameters}
    assert {name for name, kind in kinds.items() if kind == "array"} == {facet.name for facet in FACETS}
    assert kinds["page"] == kinds["page_size"] == kinds["year_from"] == "integer"
    assert set(description["paths"][API]["get"]["responses"]) == {"200", "400", "503"}


def test_no_page_of_documentation_loads_from_elsewhere(db: None) -> None:
    assert Client().get("/api/v2/docs/").status_code == 404
