"""Every address of `/api/v2/` asked for what nobody sends by accident: refused in one form, never an error of the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from wagtail.models import Page

from config.api.pages import PublicPagesAPIViewSet, UsedDocumentsAPIViewSet, UsedImagesAPIViewSet
from core.declared.page_types import base_page_types
from core.mentions import kind_of_field
from library.models import BookPage, LibraryIndexPage
from media.models import Document, Image
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

ODD_VALUES = ["", "x", "-1", "0", "1e9", "²", "true", "2026-02-30", "0001-01-01T00:00:00+23:00", "{}", "🤔", '"',
              "99999999999999999999", "9" * 5000, "x" * 5000, "a\x00b", "../..", "*", "(", "-", "_"]  # fmt: skip
FEW_ODD_VALUES = ["", "x", "9" * 5000]
"""For a field of a kind of which another field is asked everything: the code is the same."""

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


def test_no_field_of_any_type_breaks_on_an_odd_value(library: LibraryIndexPage, subtests: pytest.Subtests) -> None:
    kinds: set[type[Any]] = set()
    for model in (Page, *base_page_types(), Image, Document):
        with subtests.test(model.__name__):
            ask_for_odd_values(model, kinds)


def ask_for_odd_values(model: type[Any], kinds: set[type[Any]]) -> None:
    """Ask for odd values of every field that a type brings: for all of them where its kind of field is new."""
    views = {Image: ("images", UsedImagesAPIViewSet), Document: ("documents", UsedDocumentsAPIViewSet)}
    kind, view = views.get(model, ("pages", PublicPagesAPIViewSet))
    prefix = f"/api/v2/{kind}/?" + (f"type={model._meta.label}&" if kind == "pages" else "")
    names = view.get_available_fields(model, db_fields_only=True)
    assert "title" in names
    above = {name for parent in model._meta.get_parent_list() for name in view.get_available_fields(parent)}
    # The others are asked of the type that brings them.
    fields = {name: model._meta.get_field(name) for name in names if name not in above}
    new = {type(field): name for name, field in reversed(fields.items()) if type(field) not in kinds}
    kinds |= {*new}
    every, firsts = [*fields], [*new.values()]
    for value in ODD_VALUES:
        asked = every if value in FEW_ODD_VALUES else firsts
        # One that names a page or file may leave nothing to look for, and a language is looked up before all fields.
        alone = [name for name in asked if name == "locale" or kind_of_field(fields[name])]
        for group in ([name for name in asked if name not in alone], *([name] for name in alone)):
            ask(prefix, group, lambda names, value=value: dict.fromkeys(names, value))
    ask(prefix, every, lambda names: {"order": ",".join(names)})
    ask(prefix, firsts, lambda names: {"order": f"-{',-'.join(names)}"})
    ask(prefix, every, lambda names: {"fields": ",".join(f"{name}(*)" for name in names)})
    ask(prefix, firsts, lambda names: {"fields": ",".join(names)})


def ask(prefix: str, names: Sequence[str], parameters: Callable[[Sequence[str]], dict[str, str]]) -> None:
    """Ask for some fields at once; leave out the one that is refused and ask for the rest, until nothing is refused."""
    left = [*names]
    while left:
        response = Client(raise_request_exception=False).get(prefix + urlencode(parameters(left)))
        assert response.status_code in {200, 400, 404}, left
        assert response["Content-Type"] == "application/json"
        if response.status_code == 200:
            return
        message = response.json()["message"]
        assert message
        if len(left) == 1:
            return
        blamed = re.search(r"(?: for |order by '-?|^')(\w+)", message)
        assert blamed, message
        left.remove(blamed[1])
