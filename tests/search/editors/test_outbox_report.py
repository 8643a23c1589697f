"""The editors' report on index changes that failed."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core.models import User
from library.models import LibraryIndexPage
from search.index import outbox
from search.models import OutboxEntry
from tests.published import add_page, settle
from vocabularies.models import Concept

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/reports/indexaktualisierung/"


def failed(kind: OutboxEntry.Kind, target: int, error: str, **values: Any) -> OutboxEntry:
    """A change that failed twice and is tried again in five minutes."""
    return OutboxEntry.objects.create(
        kind=kind,
        target=target,
        number=1,
        attempts=2,
        last_error=error,
        available_at=timezone.now() + datetime.timedelta(minutes=5),
        **values,
    )


def member(group: str) -> Client:
    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user("eva", password="x")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page(library: LibraryIndexPage) -> Any:
    found = add_page(library, "seite", title="Zahlen legen")
    settle()
    return found


def test_it_says_what_failed_why_and_what_it_is_about(page: Any, admin_client: Client) -> None:
    assert "Keine Änderung ist fehlgeschlagen." in admin_client.get(ADDRESS).content.decode()
    concept = Concept.objects.first()
    assert concept is not None
    row = failed(OutboxEntry.Kind.PAGE, page.pk, "SearchUnavailable: http://user:secret@host refused")
    failed(OutboxEntry.Kind.CONCEPT, concept.pk, "ValueError: geheim")
    failed(OutboxEntry.Kind.SUBTREE, 987654, "OperationalError: gone")
    failed(OutboxEntry.Kind.WORD, 0, "SearchUnavailable: gone", word="lesewort")
    OutboxEntry.objects.create(kind=OutboxEntry.Kind.PAGE, target=987655, number=1)
    html = admin_client.get(ADDRESS).content.decode()
    for text in (
        "Zahlen legen",
        f"/admin/pages/{page.pk}/edit/",
        "Die Suchmaschine hat nicht geantwortet.",
        f"Begriff: {concept}",
        timezone.localtime(row.available_at).strftime("%d.%m.%Y %H:%M"),
        "Der Inhalt konnte nicht gelesen werden (ValueError).",
        "Seitenbaum 987654, inzwischen gelöscht",
        "Wort: lesewort",
        "5 Änderungen warten.",
        "Die Suchmaschine antwortet, 1 Eintrag",
    ):
        assert text in html, text
    for text in ("secret", "geheim", "987655"):
        assert text not in html
    assert admin_client.get(f"{ADDRESS}results/").status_code == 200
    assert ADDRESS in admin_client.get("/admin/").content.decode()
    assert "987654" in b"".join(admin_client.get(f"{ADDRESS}?export=csv").streaming_content).decode()


def test_it_says_that_the_engine_does_not_answer(page: Any, admin_client: Client, empty_index: Path) -> None:
    for meta in empty_index.glob("g-*/meta.json"):
        meta.write_text("{}")
    (empty_index / "current").write_text("g-nothing")
    assert "Die Suchmaschine antwortet nicht." in admin_client.get(ADDRESS).content.decode()


def test_the_number_of_queries_does_not_grow(
    page: Any, admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for target in range(900_000, 900_040):
        failed(OutboxEntry.Kind.PAGE, target, "ValueError: x")
    failed(OutboxEntry.Kind.PAGE, page.pk, "ValueError: x")
    admin_client.get(ADDRESS)
    with django_assert_max_num_queries(14):
        admin_client.get(ADDRESS)


def test_trying_again_makes_the_rows_due_at_once_and_they_go(page: Any) -> None:
    client = member("Chefredaktion")
    ours = failed(OutboxEntry.Kind.PAGE, page.pk, "SearchUnavailable: gone")
    later = timezone.now() + datetime.timedelta(seconds=20)
    held = failed(OutboxEntry.Kind.PAGE, 987654, "ValueError: x", claimed_until=later)
    before = held.available_at
    assert "Erneut versuchen" in client.get(ADDRESS).content.decode()
    answer = client.post(f"{ADDRESS}retry/", follow=True)
    assert "1 Änderung wird in den nächsten Sekunden noch einmal versucht." in answer.content.decode()
    held.refresh_from_db()
    assert held.available_at == before
    assert list(outbox.claimable(timezone.now())) == [ours]
    settle()
    assert not OutboxEntry.objects.filter(pk=ours.pk).exists()


def test_only_the_chief_editors_see_it_and_may_try_again(page: Any) -> None:
    row = failed(OutboxEntry.Kind.PAGE, page.pk, "ValueError: x")
    client = member("Redaktion")
    assert client.get(ADDRESS).status_code == 302
    assert client.post(f"{ADDRESS}retry/").status_code in (302, 403)
    assert ADDRESS not in client.get("/admin/").content.decode()
    row.refresh_from_db()
    assert row.available_at > timezone.now()
    assert Client().post(f"{ADDRESS}retry/").status_code == 302
    chief = member_of_both(client)
    assert chief.get(f"{ADDRESS}retry/").status_code == 405


def member_of_both(client: Client) -> Client:
    """The same editor, promoted."""
    User.objects.get(username="eva").groups.add(Group.objects.get(name="Chefredaktion"))
    return client
