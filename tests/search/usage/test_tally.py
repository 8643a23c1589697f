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
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models import LibraryIndexPage
from search.models import QueryCount, UnknownWord
from search.usage import keeping, rule
from search.usage import tally as query_counts
from search.usage.key import current_key
from tests.published import index_entries
from tests.scratch import ROOT

TODAY = timezone.localdate().isoformat()

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

STOCK: dict[int, dict[str, Any]] = {
    1: {"title": "Die Uhr lesen", "summary": "Zeiger stellen üben.", "focus": ["lernen"]},
    2: {"title": "Der Mond", "summary": "Ein Sachbuch über Sterne.", "focus": ["sehen"]},
    **{number: {"title": f"Karte {number}", "focus": ["hoeren"]} for number in range(10, 30)},
}


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> query_counts._Tally:
    """A memory of this test's own, spooled to a folder of its own; the first use of anything is enough to keep it."""
    monkeypatch.setattr(rule, "VOICES_LEAST", 1)
    monkeypatch.setattr(rule, "DAYS_LEAST", 1)
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
    keeping.drain()
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
            own.add([query_counts.Counted(TODAY, "search", f"wort {place}", f"Wort {place}", "1-9", "a")])
            if place % 10 == 0:
                own.spool()
        own.spool()

    threads = [threading.Thread(target=count, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        keeping.drain()
    keeping.drain()
    assert list(QueryCount.objects.values_list("count", flat=True)) == [4] * 50


@pytest.mark.services
def test_a_process_that_ends_writes_what_it_counted(tally: query_counts._Tally, settings: Any, db: None) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "settings.SEARCH_COUNTS_DIR = __import__('sys').argv[1]\n"
        "from search.usage import tally as query_counts\n"
        "from search.usage import rule\n"
        "rule.VOICES_LEAST = rule.DAYS_LEAST = 1\n"
        "today = __import__('sys').argv[2]\n"
        "query_counts._tally.add([query_counts.Counted(today, 'word', 'dyspraxie', 'dyspraxie', '', 'a')])\n"
    )
    folder = str(settings.SEARCH_COUNTS_DIR)
    subprocess.run([sys.executable, "-c", code, folder, TODAY], cwd=ROOT, check=True, timeout=120)
    assert keeping.drain() == 1
    assert words() == {"dyspraxie": 1}


def line(settings: Any, word: str, count: int = 1) -> str:
    """Return what a web process writes of an unknown word."""
    key = current_key(query_counts.counts_folder())
    mark = key.mark("word", word)
    return json.dumps([mark, key.name, TODAY, "7", "", "word", word, word, count])


def test_a_line_cut_short_does_not_stop_the_others(tally: query_counts._Tally, settings: Any, db: None) -> None:
    good = line(settings, "dyspraxie", 2)
    (Path(settings.SEARCH_COUNTS_DIR) / "spool").write_text(f'{good}\n["2026-11-\n{good}\n[]\n"x"\n7\n')
    assert keeping.drain() == 4
    assert words() == {"dyspraxie": 4}
    assert keeping.drain() == 0


def test_what_a_dead_worker_had_taken_is_counted_by_the_next(
    tally: query_counts._Tally, settings: Any, db: None
) -> None:
    for name in ("taken", "spool"):
        (Path(settings.SEARCH_COUNTS_DIR) / name).write_text(line(settings, name) + "\n")
    assert (keeping.drain(), keeping.drain()) == (1, 1)
    assert words() == {"taken": 1, "spool": 1}


def test_a_flood_is_cut_off(
    tally: query_counts._Tally, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_counts, "HELD_AT_MOST", 20)
    monkeypatch.setattr(keeping, "NEW_PER_DAY", 7)
    tally.add(query_counts.Counted(TODAY, "search", f"w {n}", f"W {n}", "0", "a") for n in range(100))
    tally.spool()
    assert keeping.drain() == 20
    assert QueryCount.objects.count() == 7
    monkeypatch.setattr(query_counts, "SPOOL_BYTES_AT_MOST", 0)
    tally.add([query_counts.Counted(TODAY, "search", "v", "V", "0", "a")])
    tally.spool()
    assert keeping.drain() == 0


def test_counts_are_deleted_after_the_set_time(tally: query_counts._Tally, settings: Any, db: None) -> None:
    settings.QUERY_COUNT_DAYS = 10
    today = timezone.localdate()
    for ago in (0, 10, 11, 400):
        day = today - datetime.timedelta(days=ago)
        QueryCount.objects.create(day=day, key="uhr", text="Uhr", hits="1-9", count=1)
        UnknownWord.objects.create(day=day, word="dyspraxie", count=1)
    assert keeping.forget_old() == 4
    assert QueryCount.objects.count() == UnknownWord.objects.count() == 2


def test_the_worker_does_both() -> None:
    from core.running.jobs import JOBS

    assert JOBS["query_counts"].run is keeping.drain
    assert JOBS["query_counts_retention"].run is keeping.forget_old
