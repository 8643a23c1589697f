"""Every address of `/api/v2/` asked for what nobody sends by accident: refused in one form, never an error of the server."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from library.models import BookPage, LibraryIndexPage
from tests.published import add_page

ENDPOINTS = ("pages", "images", "documents", "networks", "regions")
DEEP = ("a(" * 3900, "a(" * 1300 + "a" + ")" * 1300, "locale(" * 500 + "id" + ")" * 500, "*," * 2000, "(" * 3900)
ODD = (
    "9" * 5000,
    "9223372036854775808",
    "-1",
    "²",
    "٣",
    "1\0",
    "a(" * 3900,
    "/" * 4000,
    "a/" * 1000,
    "\udcff",
    "a," * 2000,
)
"""What is too long, too great, no number or only looks like one, cut off, nested, or no text."""

READ = {
    "pages": (
        "fields",
        "order",
        "type",
        "child_of",
        "ancestor_of",
        "descendant_of",
        "translation_of",
        "locale",
        "site",
    ),
    "images": ("fields", "order", "limit", "tags"),
    "documents": ("fields", "order", "offset", "tags"),
    "networks": ("fields", "order", "region"),
    "regions": ("fields",),
    "search": ("q", "focus", "koopv", "topic", "year_from", "page", "page_size", "sort", "locale"),
    "search/suggest": ("q", "limit", "locale"),
    "search/similar": ("id", "limit", "locale"),
}
"""The parameters that an endpoint reads in a way of its own."""


def refused(path: str, *statuses: int, method: str = "get") -> Any:
    """Ask, and return the first error of an answer that must have one of the statuses and the API's form."""
    response = getattr(Client(raise_request_exception=False), method)(path)
    assert response.status_code in statuses, (path[:100], response.status_code)
    if response.status_code < 400:
        return None
    (error, *_) = response.json()["errors"]
    assert set(error) == {"field", "value", "reason"}
    assert error["reason"]
    return error


def test_an_id_of_another_type_or_of_nothing_is_not_found(library: LibraryIndexPage) -> None:
    book = add_page(library, "buch", BookPage)
    find = "/api/v2/pages/find/"
    assert Client().get(f"{find}?type=library.BookPage&id={book.pk}").status_code == 302
    for type_ in ("library.BookPage", "library.MaterialPage", "library.LibraryPage", "wagtailcore.Page"):
        for id in (library.pk, 999999, 0):
            if (type_, id) != ("wagtailcore.Page", library.pk):
                refused(f"{find}?type={type_}&id={id}", 404)
    refused(f"{find}?type=library.MaterialPage&html_path=/bibliothek/buch/", 404)
    for endpoint in ENDPOINTS:
        refused(f"/api/v2/{endpoint}/find/?id=999999", 404)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_fields_nested_beyond_reason_are_refused(library: LibraryIndexPage, endpoint: str) -> None:
    region = Client().get("/api/v2/regions/").json()["items"][0]["id"]
    shown = {"pages": [f"{library.pk}/"], "regions": [f"{region}/"]}.get(endpoint, [])
    for view in ("", *shown):
        for fields in DEEP:
            error = refused(f"/api/v2/{endpoint}/{view}?fields={fields}", 400)
            assert error["field"] == "fields"
            assert len(error["value"]) <= 100


@pytest.mark.parametrize("endpoint", READ)
def test_odd_values_are_refused_or_find_nothing(library: LibraryIndexPage, endpoint: str) -> None:
    for name in READ[endpoint]:
        for value in ODD:
            path = f"/api/v2/{endpoint}/?{name}={quote(value, errors='surrogateescape')}"
            refused(path, 200, 400, 404)


def test_odd_values_find_no_object(library: LibraryIndexPage) -> None:
    for value in (quote(value, errors="surrogateescape") for value in ODD):
        for endpoint in ENDPOINTS:
            refused(f"/api/v2/{endpoint}/find/?id={value}", 400, 404)
        refused(f"/api/v2/pages/find/?html_path={value}", 302, 404)
        refused(f"/api/v2/pages/find/?type={value}&id=1", 400)


@pytest.mark.parametrize("id", ["9" * 4000, "9" * 4400, "9223372036854775808", "-1", "²", "٣", "1%00", "%FF"])
def test_no_id_in_an_address_breaks_anything(library: LibraryIndexPage, id: str) -> None:
    for endpoint in ENDPOINTS:
        assert Client(raise_request_exception=False).get(f"/api/v2/{endpoint}/{id}/").status_code == 404


@pytest.mark.parametrize("method", ["head", "options"])
def test_other_safe_methods_are_answered_everywhere(library: LibraryIndexPage, method: str) -> None:
    client = Client(raise_request_exception=False)
    for path in [
        *(f"{endpoint}/" for endpoint in READ),
        "pages/find/?type=library.BookPage&id=9",
        f"pages/?fields={DEEP[0]}",
    ]:
        assert getattr(client, method)(f"/api/v2/{path}").status_code in {200, 400, 404, 405}, path


def test_the_one_to_blame_is_named(library: LibraryIndexPage) -> None:
    for query, field in {
        "child_of=x": "child_of", "limit=1&order=foo": "order", "foo=1&limit=1": "foo", "type=x": "type",
        "type=library.BookPage&year=x": "year", "offset=-1": "offset",
    }.items():  # fmt: skip
        assert refused(f"/api/v2/pages/?{query}", 400)["field"] == field
    assert refused("/api/v2/pages/", 405, method="post")["reason"]
