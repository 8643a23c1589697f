"""The editors' report on the search by meaning: how far it has come, what failed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library.models import LibraryIndexPage
from search.meaning.vectors import choose
from search.models import EmbeddingSource, PageToEmbed
from tests.published import add_page, settle
from tests.search.editors.test_outbox_report import member

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/reports/suche-nach-bedeutung/"


@pytest.fixture
def page(library: LibraryIndexPage) -> Any:
    """A page that waits."""
    choose("first")
    found = add_page(library, "seite", title="Zahlen legen")
    settle()
    return found


def failed(page: int, error: str) -> PageToEmbed:
    """A page that failed twice and is tried again in five minutes."""
    values = {"attempts": 2, "last_error": error, "available_at": timezone.now() + datetime.timedelta(minutes=5)}
    return PageToEmbed.objects.update_or_create(page=page, defaults=values)[0]


def test_it_says_how_far_it_has_come_and_what_failed(page: Any, admin_client: Client) -> None:
    html = admin_client.get(ADDRESS).content.decode()
    for text in ("0 % eingebettet:", "0 von 1 Einträgen", "1 Seite wartet.", "Keine Seite ist fehlgeschlagen."):
        assert text in html, text
    moment = timezone.now()
    EmbeddingSource.objects.update(computed_at=moment, last_error="EmbeddingUnavailable: http://geheim")
    row = failed(page.pk, "EmbeddingUnavailable: http://geheim")
    failed(987654, "ValueError: geheim")
    html = admin_client.get(ADDRESS).content.decode()
    for text in (
        "Zahlen legen",
        f"/admin/pages/{page.pk}/edit/",
        "Das Sprachmodell hat einen Text dieser Seite abgelehnt.",
        "Der Inhalt konnte nicht verarbeitet werden (ValueError).",
        "Seite 987654, inzwischen gelöscht",
        timezone.localtime(row.available_at).strftime("%d.%m.%Y %H:%M"),
        timezone.localtime(moment).strftime("%d.%m.%Y %H:%M"),
        "2 Seiten warten.",
        "Das Sprachmodell antwortet zurzeit nicht.",
    ):
        assert text in html, text
    assert "geheim" not in html
    assert admin_client.get(f"{ADDRESS}results/").status_code == 200
    assert ADDRESS in admin_client.get("/admin/").content.decode()


def test_it_says_that_the_site_searches_by_words(library: LibraryIndexPage, admin_client: Client) -> None:
    assert "gesucht wird nach Wörtern" in admin_client.get(ADDRESS).content.decode()


def test_trying_again_makes_failed_pages_due(page: Any) -> None:
    failed(page.pk, "ValueError: x")
    client = member("Chefredaktion")
    assert "Erneut versuchen" in client.get(ADDRESS).content.decode()
    answer = client.post(f"{ADDRESS}retry/", follow=True)
    assert "1 Seite wird in den nächsten Sekunden noch einmal versucht." in answer.content.decode()
    assert PageToEmbed.objects.get().available_at <= timezone.now()
    client = Client()
    assert client.post(f"{ADDRESS}retry/").status_code == 302
    assert PageToEmbed.objects.get().attempts == 2
