"""What readers say is missing: stored as words only once they identify nobody, shown to those who may see counts."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core.models import User
from search.models import MissingCount, QueryCount, UnknownWord
from search.usage import tally
from search.usage.missing import shown_missing

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/was-fehlt/"


def count(kind: str, text: str, number: int = 1, ago: int = 0, key: str = "") -> None:
    """Bring a count of some days ago to the database, as the worker does."""
    day = timezone.localdate() - datetime.timedelta(days=ago)
    tally._keep({tally.Counted(day.isoformat(), f"missing {kind}", key or text.lower(), text, ""): number})


def stored() -> str:
    """Return everything that the table holds, as text."""
    return repr(list(MissingCount.objects.values_list()))


def shown() -> list[tuple[str, str, int, int]]:
    return list(shown_missing().values_list("kind", "text", "uses", "days"))


def test_a_word_is_stored_from_its_third_day_on() -> None:
    for ago in (2, 1):
        count("word", "zwirbelquark", 40, ago)
        assert "zwirbelquark" not in stored()
        assert shown() == []
    count("word", "zwirbelquark")
    assert shown() == [("word", "zwirbelquark", 81, 3)]


def test_a_search_is_stored_from_five_uses_on_three_days() -> None:
    for ago in (2, 1, 0):
        count("search", "Uhr Mond", 1, ago)
    count("search", "Uhr Mond")
    assert "Uhr" not in stored()
    assert shown() == []
    count("search", "Mond Uhren", key="uhr mond")
    assert shown() == [("search", "Mond Uhren", 5, 3)]


def test_the_words_of_one_reader_cannot_be_put_together_again() -> None:
    words = ["xaveriusz", "autismus", "hinterpfuiteufelsdorf", "klasse"]
    day = timezone.localdate().isoformat()
    tally._keep({tally.Counted(day, "missing word", word, word, ""): 1 for word in words})
    assert not any(word in stored() for word in words)
    keys = list(MissingCount.objects.order_by("pk").values_list("key", flat=True))
    assert keys == sorted(keys)
    assert not UnknownWord.objects.exists()
    assert not QueryCount.objects.exists()


def test_the_key_of_a_word_needs_the_key_of_the_site(settings: Any) -> None:
    count("word", "zwirbelquark")
    settings.SECRET_KEY = "another" * 10
    count("word", "zwirbelquark")
    assert MissingCount.objects.count() == 2


def test_forms_of_one_search_in_one_batch_are_added_up() -> None:
    day = timezone.localdate().isoformat()
    counts = {tally.Counted(day, "missing search", "uhr mond", text, ""): 2 for text in ("Uhr Mond", "Mond Uhr")}
    tally._keep(counts)
    assert MissingCount.objects.get().count == 4


def test_a_flood_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "NEW_PER_DAY", 7)
    for number in range(2):
        day = timezone.localdate().isoformat()
        tally._keep({tally.Counted(day, "missing word", f"w{n}{number}", "w", ""): 1 for n in range(5)})
    assert MissingCount.objects.count() == 7


def test_counts_are_deleted_after_the_set_time(settings: Any) -> None:
    settings.QUERY_COUNT_DAYS = 10
    for ago in (0, 10, 11, 400):
        count("word", "dyspraxie", 1, ago)
    assert tally.forget_old() == 2
    assert MissingCount.objects.count() == 2


@pytest.fixture
def counted() -> None:
    """Two searches and two words, one of each on two days only."""
    for ago in (2, 1, 0):
        count("search", "Uhr & Mond", 3, ago)
        count("word", "=dyspraxie", 1, ago)
    for ago in (1, 0):
        count("search", "Zwei Tage", 50, ago)
        count("word", "jonas", 50, ago)


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
def test_only_who_may_see_counts_sees_the_report(counted: None, client: Client, group: str, status: int) -> None:
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
