"""What editors see of the counts, and what they decide: nothing is suggested without their yes."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core.models import User
from library.models import LibraryIndexPage
from search.models import MissingCount, QueryCount, SearchVerdict, UnknownWord
from search.usage import keeping, rule, tally
from search.usage.shown import frequent_searches
from search.usage.verdicts import block, offer
from tests.home.test_setup_roles import member, setup_roles

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/was-fehlt/"
FREQUENT = "/admin/reports/haeufige-suchen/"
DECIDE = "/admin/reports/suchen/urteil/"


@pytest.fixture
def counted(library_index: LibraryIndexPage) -> None:
    """Searches, words and wishes of three days."""
    today = timezone.localdate()
    for ago in range(3):
        day = today - datetime.timedelta(days=ago)
        QueryCount.objects.create(day=day, key="uhr", text="Uhr", hits="1-9", count=9)
        QueryCount.objects.create(day=day, key="mond uhr", text="Uhr & Mond", hits="0", count=2)
        UnknownWord.objects.create(day=day, word="dyspraxie", count=1)
        MissingCount.objects.create(day=day, kind="search", key="mond uhr", text="Uhr & Mond", count=3)
        MissingCount.objects.create(day=day, kind="word", key="=dyspraxie", text="=dyspraxie", count=1)


def rows(client: Client, name: str) -> list[tuple[Any, int, int]]:
    response = client.get(f"/admin/reports/{name}/")
    assert response.status_code == 200
    return [(row.get("text") or row["word"], row["uses"], row["days"]) for row in response.context["object_list"]]


def test_reports_show_what_was_looked_for_on_three_days(counted: None, admin_client: Client) -> None:
    assert rows(admin_client, "haeufige-suchen") == [("Uhr", 27, 3), ("Uhr & Mond", 6, 3)]
    assert rows(admin_client, "suchen-ohne-treffer") == [("Uhr & Mond", 6, 3)]
    assert rows(admin_client, "unbekannte-woerter") == [("dyspraxie", 3, 3)]
    for name in ("haeufige-suchen", "suchen-ohne-treffer", "unbekannte-woerter"):
        assert f"/admin/reports/{name}/" in admin_client.get("/admin/").content.decode()
        assert admin_client.get(f"/admin/reports/{name}/results/").status_code == 200
        download = admin_client.get(f"/admin/reports/{name}/?export=csv")
        assert "Anzahl" in b"".join(download.streaming_content).decode()


def test_a_line_leads_to_the_form_with_the_words_filled_in(counted: None, admin_client: Client) -> None:
    html = admin_client.get("/admin/reports/suchen-ohne-treffer/").content.decode()
    assert "/suche/?q=Uhr+%26+Mond" in html
    form = admin_client.get("/admin/pin/new/?query=Uhr+%26+Mond&pk=7").content.decode()
    assert 'value="Uhr &amp; Mond"' in form
    assert (
        "/admin/synonymset/new/?words=dyspraxie"
        in admin_client.get("/admin/reports/unbekannte-woerter/").content.decode()
    )
    assert "dyspraxie</textarea>" in admin_client.get("/admin/synonymset/new/?words=dyspraxie").content.decode()


@pytest.mark.parametrize(("group", "remedy"), [("Redaktion", False), ("Chefredaktion", True)])
def test_editors_see_the_reports_and_steer_as_far_as_they_may(
    counted: None, client: Client, group: str, remedy: bool
) -> None:
    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user("eva", password="x")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    html = client.get("/admin/reports/haeufige-suchen/").content.decode()
    assert "Uhr" in html
    assert ("Empfehlung anlegen" in html) == remedy


def test_others_do_not_see_the_reports(counted: None, client: Client) -> None:
    user = User.objects.create_user("gast", password="x")
    user.groups.add(Group.objects.create(name="Fotos"))
    client.force_login(user)
    assert client.get("/admin/reports/haeufige-suchen/").status_code == 302
    assert Client().get("/admin/reports/haeufige-suchen/").status_code == 302


def test_the_report_shows_searches_first_and_words_apart(counted: None, admin_client: Client) -> None:
    response = admin_client.get(REPORT)
    rows = [(row["kind"], row["text"], row["uses"], row["days"]) for row in response.context["object_list"]]
    assert rows == [("search", "Uhr & Mond", 9, 3), ("word", "=dyspraxie", 3, 3)]
    html = response.content.decode()
    assert "unbekanntes Wort" in html
    assert "/suche/?q=Uhr+%26+Mond" in html
    assert "jonas" not in html
    assert admin_client.get(f"{REPORT}results/").status_code == 200
    assert REPORT in admin_client.get("/admin/").content.decode()


def test_the_report_as_a_table_computes_nothing(counted: None, admin_client: Client) -> None:
    lines = b"".join(admin_client.get(f"{REPORT}?export=csv").streaming_content).decode().splitlines()
    assert lines[0].split(",")[1:4] == ["Art", "Anzahl", "Tage"]
    assert lines[1].startswith("Uhr & Mond,Suche,9,3,")
    assert lines[2].startswith("'=dyspraxie,unbekanntes Wort,3,3,")
    assert len(lines) == 3
    assert admin_client.get(f"{REPORT}?export=xlsx").status_code == 200


@pytest.mark.parametrize(("group", "status"), [("Redaktion", 200), ("Chefredaktion", 200), ("Fotos", 302)])
def test_only_who_may_see_counts_sees_what_is_missing(counted: None, client: Client, group: str, status: int) -> None:
    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user("eva", password="x")
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    client.force_login(user)
    for path in (REPORT, f"{REPORT}results/", f"{REPORT}?export=csv"):
        response = client.get(path)
        assert response.status_code == status
        body = b"".join(response) if response.streaming else response.content
        assert (b"dyspraxie" in body) == (status == 200)
    assert Client().get(REPORT).status_code == 302


# What editors decide -------------------------------------------------------------------------


def suggested() -> list[str]:
    return [search.text for search in frequent_searches()]


def decide(client: Client, **values: Any) -> str:
    return client.post(DECIDE, {"report": "haeufige-suchen", **values}, follow=True).content.decode()


def test_nothing_is_suggested_without_an_editors_yes(counted: None, admin_client: Client) -> None:
    assert suggested() == []
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(username="admin"))
    html = browser.get(FREQUENT).content.decode()
    form = next(part for part in html.split("<form")[1:] if 'aria-label="Vorschlagen: Uhr"' in part)
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert "wird Leserinnen und Lesern jetzt vorgeschlagen" in decide(browser, **values, action="offer")
    assert suggested() == ["Uhr"]
    html = admin_client.get(FREQUENT).content.decode()
    assert "wird vorgeschlagen" in html
    verdict = SearchVerdict.objects.get()
    assert "zurückgenommen" in decide(admin_client, action="withdraw", key=verdict.pk)
    assert suggested() == []


def test_a_blocked_search_is_gone_and_not_counted_again(
    counted: None, admin_client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    offer("uhr")
    assert "nicht mehr gezählt" in decide(admin_client, action="block", kind="search", key="uhr")
    assert suggested() == []
    assert not QueryCount.objects.filter(key="uhr").exists()
    settings.SEARCH_COUNTS_DIR = tmp_path / "counts"
    monkeypatch.setattr(rule, "VOICES_LEAST", 1)
    monkeypatch.setattr(rule, "DAYS_LEAST", 1)
    fresh = tally._Tally()
    today = timezone.localdate().isoformat()
    fresh.add([tally.Counted(today, kind, "uhr", "Uhr", "1-9", "a") for kind in ("search", "missing search")])
    fresh.add([tally.Counted(today, "search", "mond", "Mond", "1-9", "a")])
    fresh.spool()
    keeping.drain()
    assert not QueryCount.objects.filter(key="uhr").exists()
    assert not MissingCount.objects.filter(key="uhr").exists()
    assert QueryCount.objects.filter(key="mond").exists()
    assert "Uhr" in admin_client.get("/admin/reports/gesperrte-suchen/").content.decode()
    decide(admin_client, action="withdraw", key=SearchVerdict.objects.get().pk, report="gesperrte-suchen")
    assert not SearchVerdict.objects.exists()


def test_of_a_blocked_word_only_a_hash_is_left(counted: None, admin_client: Client) -> None:
    MissingCount.objects.create(day=timezone.localdate(), kind="word", key="dyspraxie", text="dyspraxie", count=1)
    decide(admin_client, action="block", kind="word", key="dyspraxie", report="unbekannte-woerter")
    assert not UnknownWord.objects.filter(word="dyspraxie").exists()
    assert not MissingCount.objects.filter(key="dyspraxie").exists()
    assert "dyspraxie" not in repr(list(SearchVerdict.objects.values_list()))
    assert "(das Wort ist gelöscht)" in admin_client.get("/admin/reports/gesperrte-suchen/").content.decode()
    assert block("word", "dyspraxie") is False


def test_only_chief_editors_decide(counted: None, client: Client) -> None:
    setup_roles()
    client.force_login(member("Redaktion"))
    assert "Vorschlagen" not in client.get(FREQUENT).content.decode()
    assert client.post(DECIDE, {"action": "offer", "key": "uhr"}).status_code == 302
    assert suggested() == []
    client.force_login(member("Chefredaktion"))
    assert "Vorschlagen" in client.get(FREQUENT).content.decode()
    assert client.get(DECIDE).status_code == 405
    assert client.post(DECIDE, {"action": "offer", "key": "uhr"}).status_code == 302
    assert suggested() == ["Uhr"]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"action": "offer", "key": "nie gesucht"},
        {"action": "block", "kind": "boese", "key": "uhr"},
        {"action": "block", "kind": "word", "key": "nie"},
        {"action": "withdraw", "key": "9" * 30},
        {"action": "withdraw", "key": "uhr"},
    ],
)
def test_an_odd_decision_changes_nothing(counted: None, admin_client: Client, values: dict[str, str]) -> None:
    assert "Das gibt es nicht mehr" in decide(admin_client, report="//example.org", **values)
    assert QueryCount.objects.count() == 6
    assert not SearchVerdict.objects.exists()
