"""No table that the site gives away computes anything when it is opened."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect

from core.output.tables import cell
from search.models import LexiconWord
from tests import states
from tests.directory.helpers import add_member, add_network
from tests.published import add_page, settle
from vocabularies.models import Topic

ROOT = Path(__file__).parents[3]
SIGNS = "=+-@＝＋－＠﹢﹣﹦﹫−"
BEFORE = ("", " ", "\t", "\r", "\n", "\ufeff", "\u200b", "\u00a0", "\u00ad", " \u200b ")
NASTY = "\u200b ＝1+1"


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_cell_that_begins_with_a_sign_is_text_whatever_invisible_stands_before_it(before: str, sign: str) -> None:
    assert cell(f"{before}{sign}1+1") == f"'{before}{sign}1+1"


@pytest.mark.parametrize("value", ["", "KoopV 12", "a=b", "–1", "'x", "1-2", "Straße", 12, 3.5, -4])
def test_a_cell_that_is_no_formula_stays_as_it_is(value: Any) -> None:
    assert cell(value) == value


@pytest.mark.parametrize("start", ["\tx", "\rx", "\nx"])
def test_a_cell_that_begins_with_a_break_is_text(start: str) -> None:
    assert cell(start) == f"'{start}"


def exports() -> Iterator[str]:
    """Yield the address of every list and report of the admin that can be downloaded and needs no argument."""

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            path = before + re.sub(r"^\^|\$$|\\Z$", "", str(one.pattern))
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, path)
            elif isinstance(one, URLPattern) and "<" not in path and "results" not in path:
                view = getattr(one.callback, "view_class", None) or getattr(
                    getattr(one.callback, "__wrapped__", None), "view_class", None
                )
                if view is not None and issubclass(view, SpreadsheetExportMixin):
                    yield f"/{path}"

    yield from walk(get_resolver().url_patterns, "")


def rows(response: Any) -> list[list[str]]:
    """Return the cells of a download."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text.splitlines()[0] else ","))


@pytest.mark.django_db
def test_no_export_of_the_site_holds_a_formula(library: Any, admin_client: Client) -> None:
    network = add_network(1, title=NASTY, area=NASTY, themes=NASTY, moderator_role=NASTY)
    add_member(network, NASTY)
    page = add_page(library, "a", title=NASTY)
    Topic.objects.create(name=NASTY, slug="x")
    LexiconWord.objects.create(word="Xylofon")
    Redirect.objects.create(old_path="/＝1", redirect_link="=1")
    settle()
    public = ["/koopv/export/", "/koopv/export/regionen/", f"/merkliste/export/?format=csv&id={page.pk}"]
    lists = sorted(set(exports()))
    assert {reverse("wagtailadmin_reports:site_history"), reverse("reihen-ohne-termin"), "/admin/member/"} <= set(lists)
    held: dict[str, list[str]] = {}
    for address in [*public, *(f"{one}?export=csv" for one in lists)]:
        response = admin_client.get(address)
        assert response.status_code == 200, address
        if "csv" not in response["Content-Type"]:
            assert address not in public
            continue
        cells = [value for row in rows(response)[1:] for value in row]
        assert [value for value in cells if value != cell(value)] == [], address
        held[address] = [value for value in cells if value.startswith("'")]
    for address in (
        *public[::2],
        "/admin/member/?export=csv",
        "/admin/themen/?export=csv",
        "/admin/reports/site-history/?export=csv",
    ):
        assert held[address], address


def test_one_place_writes_cells() -> None:
    writers = [
        str(path.relative_to(ROOT))
        for app in states.APPS
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"csv\.(?:Dict)?[wW]riter|Workbook\(|write_only", path.read_text(encoding="utf-8"))
    ]
    assert writers == ["core/output/tables.py"]
