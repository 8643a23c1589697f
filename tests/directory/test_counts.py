"""Counts per region are the database's, in table, figure, CSV and API alike, and change everywhere at once."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from lxml import html
from wagtail.models import PageViewRestriction

from directory.counts import overview
from directory.models import Member, NetworkIndexPage, NetworkPage, Region
from tests.directory.helpers import add_member, add_network
from tests.words import unbroken

pytestmark = pytest.mark.django_db


def rows(path: str) -> list[dict[str, str]]:
    """Return the rows of an export."""
    response = Client().get(path)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def shown() -> dict[str, dict[str, int]]:
    """Return the number of networks by slug of the region, as each of the places shows it."""
    page = html.fromstring(unbroken(Client().get("/koopv/").content))
    table = {
        row.xpath(".//a/@href")[0].removeprefix("#region-"): int(row.xpath("./td[1]")[0].text_content())
        for row in page.xpath("//table[contains(@class, 'region-table')]/tbody/tr")
    }
    figure = {
        cell.get("href").removeprefix("#region-"): int(cell.xpath(".//*[@class='number']")[0].text_content())
        for cell in page.xpath("//svg/a | //*[local-name()='svg']/*[local-name()='a']")
    }
    words = dict(
        re.findall(
            r"(?:: |, )([^,:]+?) (\d+)(?=[,.])", page.xpath("//*[@class='figure-words']/p[last()]")[0].text_content()
        )
    )
    listed = {
        section.get("id").removeprefix("region-"): len(section.xpath("./ul/li"))
        for section in page.xpath("//section[starts-with(@id, 'region-')]")
    }
    networks: dict[str, int] = dict.fromkeys(table, 0)
    for row in rows("/koopv/export/"):
        networks[row["region"]] += 1
    names = dict(Region.objects.values_list("name", "slug"))
    items = json.loads(Client().get("/api/v2/regions/?limit=100").content)["items"]
    return {
        "table": table,
        "figure": figure,
        "words": {names[name]: int(number) for name, number in words.items()},
        "list": listed,
        "csv": {row["region"]: int(row["verbuende"]) for row in rows("/koopv/export/regionen/")},
        "csv of networks": networks,
        "api": {item["slug"]: item["networks_count"] for item in items},
    }


def in_database() -> dict[str, int]:
    """Count with a query of its own."""
    found = NetworkPage.objects.live().order_by().values_list("region__slug").annotate(number=Count("pk"))
    return {**dict.fromkeys(Region.objects.values_list("slug", flat=True), 0), **dict(found)}


def test_counts_are_the_databases_everywhere_and_a_move_changes_all_at_once(sample: Any) -> None:
    before = in_database()
    assert sum(before.values()) == 64
    assert len(before) == 13
    assert min(before.values()) >= 3
    found = shown()
    assert {place for place in found if found[place] != before} == set()
    moved = NetworkPage.objects.get(number=4)
    moved.region = Region.objects.get(slug="vogtlandkreis")
    moved.save_revision().publish()
    after = in_database()
    assert after == {**before, "leipzig": before["leipzig"] - 1, "vogtlandkreis": before["vogtlandkreis"] + 1}
    found = shown()
    assert {place for place in found if found[place] != after} == set()


def test_members_and_schools_are_counted_everywhere_alike(sample: Any) -> None:
    page = html.fromstring(unbroken(Client().get("/koopv/").content))
    total = [int(cell.text_content()) for cell in page.xpath("//tfoot//td")]
    schools = Member.objects.filter(kind__in=Member.SCHOOLS).count()
    assert total == [64, schools, Member.objects.count()]
    assert schools >= 120
    items = json.loads(Client().get("/api/v2/regions/?limit=100").content)["items"]
    exported = rows("/koopv/export/regionen/")
    for item, row in zip(items, exported, strict=True):
        assert [item["schools_count"], item["members_count"]] == [int(row["schulen"]), int(row["mitglieder"])]
    assert sum(int(row["schulen"]) for row in rows("/koopv/export/")) == schools


def test_hidden_networks_and_their_members_are_not_counted(library: Any) -> None:
    hidden = [add_network(1, publish=False), add_network(2), add_network(3)]
    PageViewRestriction.objects.create(page=hidden[1], restriction_type="login")
    hidden[2].unpublish()
    add_network(4)
    for network in hidden:
        add_member(network)
    leipzig = next(count for count in overview().regions if count.region.slug == "leipzig")
    assert (leipzig.count, leipzig.members, leipzig.schools) == (1, 0, 0)
    assert all(found["leipzig"] == 1 for found in shown().values())


def test_counting_takes_three_queries(sample: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        found = overview()
        assert [network.page.region.office.name for network in found.networks]


def test_a_cell_is_never_a_formula(library: Any) -> None:
    add_network(1, area="=1+1", phone="+49 30 23125 100")
    row = rows("/koopv/export/")[0]
    assert (row["gebiet"], row["telefon"]) == ("'=1+1", "'+49 30 23125 100")


def test_a_region_without_a_place_is_counted_but_not_drawn(library: Any) -> None:
    Region.objects.filter(slug="leipzig").update(column=None)
    found = shown()
    assert "leipzig" not in found["figure"]
    assert len(found["table"]) == 13
    assert NetworkIndexPage.objects.get(locale__language_code="de").live
