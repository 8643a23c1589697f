"""The directory as CSV, for further calculation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from core.output.tables import csv_table
from directory.counts import overview

NETWORK_COLUMNS = (
    "nummer",
    "name",
    "region",
    "region_name",
    "lasub",
    "gebiet",
    "moderation",
    "mailbox",
    "telefon",
    "themen",
    "mitglieder",
    "schulen",
    "adresse",
)
REGION_COLUMNS = ("region", "region_name", "art", "lasub", "verbuende", "mitglieder", "schulen")


def networks_csv(request: HttpRequest) -> HttpResponse:
    """Return the public networks, one per row, by number."""
    rows = []
    for network in overview().networks:
        page = network.page
        rows.append(
            [
                page.number,
                page.title,
                network.region.slug,
                network.region.name,
                network.region.office,
                page.area,
                page.moderator_role,
                page.mailbox,
                page.phone,
                "|".join(page.themes.splitlines()),
                network.members,
                network.schools,
                page.get_full_url(request),
            ]
        )
    return _csv("kooperationsverbuende.csv", NETWORK_COLUMNS, rows)


def regions_csv() -> HttpResponse:
    """Return the regions with their numbers, one per row."""
    rows = [
        [
            count.region.slug,
            count.region.name,
            count.region.get_kind_display(),
            count.region.office,
            count.count,
            count.members,
            count.schools,
        ]
        for count in overview().regions
    ]
    return _csv("regionen.csv", REGION_COLUMNS, rows)


def _csv(name: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    response = HttpResponse(csv_table(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
