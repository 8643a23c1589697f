"""What is counted of searches, how it reaches the database, and what of it is shown to whom."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import User
from library.models import LibraryIndexPage
from search.models import QueryCount, UnknownWord
from search.usage import tally as query_counts
from tests.published import index_entries
from tests.scratch import ROOT

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

STOCK: dict[int, dict[str, Any]] = {
    1: {"title": "Die Uhr lesen", "summary": "Zeiger stellen üben.", "focus": ["lernen"]},
    2: {"title": "Der Mond", "summary": "Ein Sachbuch über Sterne.", "focus": ["sehen"]},
    **{number: {"title": f"Karte {number}", "focus": ["hoeren"]} for number in range(10, 30)},
}


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> query_counts._Tally:
    """A memory of this test's own, spooled to a folder of its own."""
    settings.SEARCH_COUNTS_DIR = tmp_path / "counts"
    fresh = query_counts._Tally()
    monkeypatch.setattr(query_counts, "_tally", fresh)
    return fresh


@pytest.fixture
def stock(library: LibraryIndexPage, tally: query_counts._Tally) -> Client:
    """A visitor with a browser, of a library of 22 entries."""
    index_entries(STOCK)
    return Client(headers={"user-agent": AGENT})


def searches(tally: query_counts._Tally) -> dict[str, tuple[str, int]]:
    """Bring the counts to the database; return hits and number of each search."""
    tally.spool()
    query_counts.drain()
    return {row.text: (row.hits, row.count) for row in QueryCount.objects.all()}


def words() -> dict[str, int]:
    return {row.word: row.count for row in UnknownWord.objects.all()}


# What counts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("uhr", {"Uhr": ("1-9", 1)}),
        ("Karten", {"Karten": ("10+", 1)}),
        ("Uhr Mond", {"Uhr Mond": ("0", 1)}),
        ("die uhren lesen", {"die Uhren lesen": ("1-9", 1)}),
        ("sachbhuch", {"Sachbuch": ("1-9", 1)}),
        # What is more than words, or longer than anybody else would type.
        ('"die uhr"', {}),
        ("uhr -mond", {}),
        ("uhr lesen zeiger stellen ueben mond sterne", {}),
        ("", {}),
    ],
)
def test_a_search_is_kept_as_the_words_of_the_stock(
    stock: Client, tally: query_counts._Tally, query: str, expected: dict[str, Any]
) -> None:
    stock.get("/suche/", {"q": query})
    assert searches(tally) == expected
    assert words() == {}


def test_of_other_searches_only_the_words_that_stand_nowhere_are_kept(
    stock: Client, tally: query_counts._Tally
) -> None:
    stock.get("/suche/", {"q": "Jonas Zwirbelquark Uhr"})
    assert searches(tally) == {}
    assert words() == {"jonas": 1, "zwirbelquark": 1}


def test_forms_and_order_of_the_words_are_one_search(stock: Client, tally: query_counts._Tally) -> None:
    for query in ("Uhr lesen", "lesen Uhren"):
        stock.get("/suche/", {"q": query})
    assert len(searches(tally)) == 1


def test_the_api_counts_for_browsers(stock: Client, tally: query_counts._Tally) -> None:
    stock.get("/api/v2/search/", {"q": "Uhr"})
    assert searches(tally) == {"Uhr": ("1-9", 1)}


@pytest.mark.parametrize(
    "path",
    [
        "/suche/?q=uhr&page=2",
        "/suche/?q=uhr&focus=lernen",
        "/suche/?q=uhr&sort=title",
        "/suche/?q=uhr&year_from=2000",
        "/foerderschwerpunkt/lernen/?q=uhr",
        "/suche/feed/?q=uhr",
        "/api/v2/search/suggest/?q=uhr",
    ],
)
def test_pages_filters_orders_and_feeds_do_not_count(stock: Client, tally: query_counts._Tally, path: str) -> None:
    assert stock.get(path).status_code == 200
    assert searches(tally) == {}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": "curl/8.0"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)"},
        {"user-agent": AGENT, "sec-purpose": "prefetch;prerender"},
        {"user-agent": AGENT, "purpose": "prefetch"},
    ],
)
def test_machines_do_not_count(stock: Client, tally: query_counts._Tally, headers: dict[str, str]) -> None:
    Client(headers=headers).get("/suche/?q=uhr")
    Client(headers=headers).get("/suche/?q=zwirbelquark")
    assert searches(tally) == {}
    assert words() == {}


def test_going_back_to_a_search_does_not_count_again(stock: Client, tally: query_counts._Tally) -> None:
    for _ in range(3):
        stock.get("/suche/?q=uhr")
    assert searches(tally) == {"Uhr": ("1-9", 1)}
    tally.again = 0.0
    stock.get("/suche/?q=uhr")
    assert searches(tally) == {"Uhr": ("1-9", 2)}


def test_a_search_writes_nothing_to_the_database(stock: Client, tally: query_counts._Tally) -> None:
    with CaptureQueriesContext(connection) as captured:
        stock.get("/suche/?q=uhr")
        stock.get("/suche/?q=zwirbelquark")
    assert [query["sql"] for query in captured if not query["sql"].lstrip().startswith("SELECT")] == []


# From memory to the database -----------------------------------------------------------------


def test_several_processes_and_threads_lose_nothing(tally: query_counts._Tally, db: None) -> None:
    def count(number: int) -> None:
        own = query_counts._Tally()
        for place in range(50):
            own.add([query_counts.Counted("2026-11-22", "search", f"wort {place}", f"Wort {place}", "1-9")])
            if place % 10 == 0:
                own.spool()
        own.spool()

    threads = [threading.Thread(target=count, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        query_counts.drain()
    query_counts.drain()
    assert list(QueryCount.objects.values_list("count", flat=True)) == [4] * 50


@pytest.mark.services
def test_a_process_that_ends_writes_what_it_counted(tally: query_counts._Tally, settings: Any, db: None) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "settings.SEARCH_COUNTS_DIR = __import__('sys').argv[1]\n"
        "from search.usage import tally as query_counts\n"
        "query_counts._tally.add([query_counts.Counted('2026-11-22', 'word', 'dyspraxie', 'dyspraxie', '')])\n"
    )
    folder = str(settings.SEARCH_COUNTS_DIR)
    subprocess.run([sys.executable, "-c", code, folder], cwd=ROOT, check=True, timeout=120)
    assert query_counts.drain() == 1
    assert words() == {"dyspraxie": 1}


def test_a_line_cut_short_does_not_stop_the_others(tally: query_counts._Tally, settings: Any, db: None) -> None:
    folder = Path(settings.SEARCH_COUNTS_DIR)
    folder.mkdir()
    good = json.dumps(["2026-11-22", "word", "dyspraxie", "dyspraxie", "", 2])
    (folder / "spool").write_text(f'{good}\n["2026-11-\n{good}\n[]\n"x"\n7\n')
    assert query_counts.drain() == 4
    assert words() == {"dyspraxie": 4}
    assert query_counts.drain() == 0


def test_what_a_dead_worker_had_taken_is_counted_by_the_next(
    tally: query_counts._Tally, settings: Any, db: None
) -> None:
    folder = Path(settings.SEARCH_COUNTS_DIR)
    folder.mkdir()
    for name in ("taken", "spool"):
        (folder / name).write_text(json.dumps(["2026-11-22", "word", name, name, "", 1]) + "\n")
    assert (query_counts.drain(), query_counts.drain()) == (1, 1)
    assert words() == {"taken": 1, "spool": 1}


def test_a_flood_is_cut_off(
    tally: query_counts._Tally, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_counts, "HELD_AT_MOST", 20)
    monkeypatch.setattr(query_counts, "NEW_PER_DAY", 7)
    tally.add(query_counts.Counted("2026-11-22", "search", f"w {n}", f"W {n}", "0") for n in range(100))
    tally.spool()
    assert query_counts.drain() == 20
    assert QueryCount.objects.count() == 7
    monkeypatch.setattr(query_counts, "SPOOL_BYTES_AT_MOST", 0)
    tally.add([query_counts.Counted("2026-11-22", "search", "v", "V", "0")])
    tally.spool()
    assert query_counts.drain() == 0


def test_counts_are_deleted_after_the_set_time(tally: query_counts._Tally, settings: Any, db: None) -> None:
    settings.QUERY_COUNT_DAYS = 10
    today = timezone.localdate()
    for ago in (0, 10, 11, 400):
        day = today - datetime.timedelta(days=ago)
        QueryCount.objects.create(day=day, key="uhr", text="Uhr", hits="1-9", count=1)
        UnknownWord.objects.create(day=day, word="dyspraxie", count=1)
    assert query_counts.forget_old() == 4
    assert QueryCount.objects.count() == UnknownWord.objects.count() == 2


def test_the_worker_does_both() -> None:
    from core.running.jobs import JOBS

    assert JOBS["query_counts"].run is query_counts.drain
    assert JOBS["query_counts_retention"].run is query_counts.forget_old


# Reports -------------------------------------------------------------------------------------


@pytest.fixture
def counted(library_index: LibraryIndexPage) -> None:
    """Searches and words of three days; one of each was made on two days only."""
    today = timezone.localdate()
    for ago in range(3):
        day = today - datetime.timedelta(days=ago)
        QueryCount.objects.create(day=day, key="uhr", text="Uhr", hits="1-9", count=9)
        QueryCount.objects.create(day=day, key="mond uhr", text="Uhr & Mond", hits="0", count=2)
        QueryCount.objects.create(day=day, key="selten", text="Selten", hits="0", count=1)
        UnknownWord.objects.create(day=day, word="dyspraxie", count=1)
        if ago < 2:
            QueryCount.objects.create(day=day, key="zwei tage", text="Zwei Tage", hits="0", count=50)
            UnknownWord.objects.create(day=day, word="jonas", count=50)


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
