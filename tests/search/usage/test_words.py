"""Nobody's words are kept: what stands in database, files and log after few have typed something, and after many."""

from __future__ import annotations

import datetime
import itertools
import json
import re
import sqlite3
import stat
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as current
from django.test import Client
from django.utils import timezone

from config.settings.base import SQLITE_OPTIONS
from library.models import LibraryIndexPage
from search.models import MissingCount, PendingCount, QueryCount, UnknownWord
from search.usage import keeping, tally
from search.usage.key import current_key
from search.usage.rule import DAYS_OF_A_VOICE, KEY_DAYS, VOICES
from tests.published import index_entries

pytestmark = pytest.mark.django_db

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOW = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)

PERSONAL = (
    "Kind Xaveriusz Autismus Hinterpfuiteufelsdorf",
    "Kind Xaveriusz Autismus Klasse 4b Hinterpfuiteufelsdorf",
    "DE89370400440532013000",
    "DE89 3704 0044 0532 0130 00",
    "0151 23456789",
    "+49 (0)351 / 564-0",
    "max.mustermannowitsch@example.org",
    "https://www.mustermannowitsch.example/xaveriusz",
)
PARTS = ("xaveriusz", "hinterpfui", "de89", "3704", "0151", "23456789", "564", "mustermann", "4b")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Path:
    """A folder and memories of this test's own."""
    settings.SEARCH_COUNTS_DIR = tmp_path / "counts"
    settings.CLIENT_ADDRESS_HEADER = "X-Real-IP"
    monkeypatch.setattr(tally, "_tally", tally._Tally(0.0))
    monkeypatch.setattr(tally, "_missing", tally._Tally(0.0))
    return Path(settings.SEARCH_COUNTS_DIR)


@pytest.fixture
def stock(library: LibraryIndexPage) -> None:
    index_entries({1: {"title": "Kind und Klasse", "summary": "Autismus, Uhr, Mond."}})


def ask(query: str, address: str = "93.184.216.34", path: str = "/suche/") -> None:
    response = Client(headers={"user-agent": AGENT, "x-real-ip": address}).get(path, {"q": query})
    assert response.status_code == 200


def say(kind: str, words: str, speakers: Iterable[str], day: datetime.date | None = None, times: int = 1) -> None:
    """Count as web process and worker do, for one day and some speakers."""
    found = (day or timezone.localdate()).isoformat()
    for _ in range(times):
        for speaker in speakers:
            tally._tally.add([tally.Counted(found, kind, words.lower(), words, "1-9" * (kind == "search"), speaker)])
            work()


def work() -> None:
    tally._tally.spool()
    tally._missing.spool()
    keeping.drain()


def on_disk(folder: Path) -> str:
    """Everything that the folder's files and the tables of the counts hold."""
    files = "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    models = [model for model in apps.get_app_config("search").get_models() if "count" in model.__name__.lower()]
    assert len(models) == 3
    # Numbers drawn by chance, and hashes, may happen to hold what is looked for.
    rows = [list(model.objects.defer("id").values()) for model in (*models, UnknownWord)]
    for row in itertools.chain.from_iterable(rows):
        row["id"] = row["voices"] = 0
    return re.sub(r"\b([0-9a-f]{64}|[0-9a-f]{16})\b", "", f"{files}{rows}".lower())


@pytest.mark.parametrize("query", PERSONAL)
def test_no_word_of_one_who_searches_stands_anywhere_on_disk(
    stock: None, folder: Path, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for _ in range(6):
        ask(query)
        ask(query, path="/api/v2/search/")
        tally._tally.spool()
        assert not any(part in on_disk(folder) for part in PARTS)
        keeping.drain()
    assert not any(part in on_disk(folder) for part in PARTS)
    assert not any(part in caplog.text.lower() for part in PARTS)
    assert not UnknownWord.objects.exists()
    assert not QueryCount.objects.exists()


@pytest.mark.parametrize("query", PERSONAL[1:])
def test_of_what_holds_numbers_or_addresses_not_even_a_hash_is_kept(stock: None, query: str) -> None:
    ask(query)
    work()
    assert not PendingCount.objects.exists()


def test_a_word_is_kept_from_the_use_that_makes_it_many(stock: None, folder: Path) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        # The key is drawn by chance: among any five networks two are often one voice.
        key = current_key(tally.counts_folder())
        mark = key.mark("word", "zwirbelquark")
        networks = {key.voice(mark, f"93.184.{number}.0/24"): f"93.184.{number}.34" for number in range(256)}
        for number, address in enumerate(list(networks.values())[:5]):
            assert not UnknownWord.objects.exists()
            ask("Zwirbelquark", address)
            tally._tally.spool()
            # Only the use that is enough brings the word, and only until the worker has read it.
            assert ("zwirbelquark" in on_disk(folder)) == (number == 4)
            keeping.drain()
            clock.shift(datetime.timedelta(days=number % 2))
    row = UnknownWord.objects.get()
    assert (row.word, row.count, row.days) == ("zwirbelquark", 5, 3)
    assert not PendingCount.objects.exists()
    with time_machine.travel(NOW + datetime.timedelta(days=9), tick=False):
        ask("zwirbelquark")
        work()
    assert sorted(UnknownWord.objects.values_list("count", "days")) == [(1, 1), (5, 3)]


@pytest.mark.parametrize(("kind", "model"), [("search", QueryCount), ("word", UnknownWord)])
def test_one_network_is_one_voice_however_often_it_speaks(kind: str, model: Any) -> None:
    for ago in range(20):
        say(
            kind, "Kinder ohne Schule", ["93.184.216.0/24"], timezone.localdate() - datetime.timedelta(days=20 - ago), 3
        )
    assert not model.objects.exists()
    assert PendingCount.objects.get().voices.bit_count() == 1


def test_five_voices_on_two_days_are_not_many() -> None:
    today = timezone.localdate()
    for ago in (1, 0):
        say("search", "Uhr", (f"net {number}" for number in range(12)), today - datetime.timedelta(days=ago))
    assert not QueryCount.objects.exists()
    say("search", "Uhr", ["net 1"], today + datetime.timedelta(days=1))
    assert QueryCount.objects.get().count == 25


def test_without_known_addresses_voices_are_days_far_apart(stock: None, settings: Any) -> None:
    settings.CLIENT_ADDRESS_HEADER = ""
    with time_machine.travel(NOW, tick=False) as clock:
        for day in range(13):
            ask("Zwirbelquark")
            work()
            assert not UnknownWord.objects.exists(), day
            clock.shift(datetime.timedelta(days=1))
        assert PendingCount.objects.get().voices.bit_count() <= 13 // DAYS_OF_A_VOICE + 1


def test_a_visitor_with_many_addresses_of_one_network_is_one_voice(stock: None) -> None:
    for number in range(20):
        ask("Zwirbelquark", f"2a02:8108:8a40:{number:x}::{number}")
        ask("Zwirbelquark", f"93.184.216.{number}")
        ask("Zwirbelquark", f"::ffff:93.184.216.{number}")
    work()
    assert PendingCount.objects.get().voices.bit_count() <= 2


def test_voices_of_one_speaker_for_two_words_do_not_tell_that_they_are_one(folder: Path) -> None:
    key = current_key(tally.counts_folder())
    voices = [key.voice(key.mark("word", f"wort{number}"), "93.184.216.0/24") for number in range(400)]
    assert set(voices) == set(range(VOICES))


def test_neither_rows_nor_lines_tell_what_was_typed_together(stock: None, folder: Path) -> None:
    for query in ("Xaveriusz Hinterpfuiteufelsdorf Zwirbelquark", "Autismus Uhr"):
        ask(query)
    tally._tally.spool()
    lines = (folder / "spool").read_text().splitlines()
    assert lines == sorted(lines)
    keeping.drain()
    assert PendingCount.objects.count() == 4
    for model in (PendingCount, QueryCount, UnknownWord, MissingCount):
        made = [model().pk for _ in range(20)]
        assert made != sorted(made)
        assert len(set(made)) == 20


def test_after_four_weeks_the_key_is_another_and_its_hashes_are_gone(stock: None, folder: Path) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ask("Zwirbelquark")
        work()
        (before,) = PendingCount.objects.values_list("mark", flat=True)
        secret = (folder / "key").read_text()
        clock.shift(datetime.timedelta(days=KEY_DAYS - 1))
        keeping.drain()
        assert PendingCount.objects.count() == 1
        # What still lies in the file when the key is replaced is worth nothing, too.
        ask("Xaveriusz")
        tally._tally.spool()
        clock.shift(datetime.timedelta(days=1))
        keeping.drain()
        assert not PendingCount.objects.exists()
        assert (folder / "key").read_text() != secret
        ask("Zwirbelquark")
        work()
        assert PendingCount.objects.get().mark != before


@pytest.mark.parametrize(
    "damage", ["gone", "", "2026-11-02 kurz\n", "2026-13-45 " + "a" * 64 + "\n", "2999-01-01 " + "a" * 64 + "\n"]
)
def test_a_key_that_is_lost_or_spoilt_is_replaced_with_its_hashes(stock: None, folder: Path, damage: str) -> None:
    ask("Zwirbelquark")
    work()
    (folder / "key").unlink()
    if damage != "gone":
        (folder / "key").write_text(damage)
    keeping.drain()
    assert not PendingCount.objects.exists()
    ask("Zwirbelquark")
    work()
    assert PendingCount.objects.count() == 1


def test_files_of_the_counts_are_for_their_owner_alone_and_not_in_the_backup(stock: None, folder: Path) -> None:
    ask("Zwirbelquark")
    tally._tally.spool()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.name != "lock"}
    keeping.drain()
    modes |= {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.name != "lock"}
    assert modes == dict.fromkeys(("key", "spool", "wanted"), 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "lock").read_bytes() == b""
    assert not folder.is_relative_to(current.MEDIA_ROOT)


def test_lines_that_no_web_process_wrote_are_left_out(folder: Path) -> None:
    key = current_key(tally.counts_folder())
    today = timezone.localdate().isoformat()
    mark, other = key.mark("word", "wort"), key.mark("word", "anderes")
    good = [mark, key.name, today, "7", "", 1]
    bad = [
        [other, key.name, today, "7", "", "word", "wort", "wort", 1],
        [mark, key.name, today, "7", "", "word", "wort", 1],
        [key.mark("boese", "wort"), key.name, today, "7", "", "boese", "wort", "wort", 1],
        [mark, key.name, today, str(VOICES), "", 1],
        [mark, key.name, today, "-1", "", 1],
        [mark, key.name, today, "7", "viele", 1],
        [mark, key.name, today, "7", "", 10**9],
        [mark, key.name, today, "7", "", -5],
        [mark, key.name, "1999-01-01", "7", "", 1],
        [mark, "0" * 16, today, "7", "", 1],
        ["x", key.name, today, "7", "", 1],
        [7, key.name, today, "7", "", 1],
        {"mark": mark},
    ]
    (folder / "spool").write_text("".join(json.dumps(line) + "\n" for line in (good, *bad)))
    assert keeping.drain() == 1
    assert PendingCount.objects.get().count == 1
    assert not UnknownWord.objects.exists()


def test_a_forged_list_of_wanted_words_gives_none_away_to_the_database(stock: None, folder: Path) -> None:
    key = current_key(tally.counts_folder())
    (folder / "wanted").write_text(f"{key.mark('word', 'xaveriusz')} {2**VOICES - 1} 9 2026-11-01\n")
    ask("Xaveriusz")
    work()
    assert not UnknownWord.objects.exists()
    assert "xaveriusz" not in on_disk(folder)


def test_a_flood_begins_no_more_than_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "NEW_PER_DAY", 7)
    for number in range(10):
        say("word", f"wort{number}", ["a"])
    assert PendingCount.objects.count() == 7


def test_what_readers_miss_is_kept_by_the_same_rule(stock: None, folder: Path) -> None:
    today = timezone.localdate()
    for number in range(30):
        found = (today + datetime.timedelta(days=number // 10)).isoformat()
        counted = tally.Counted(found, "missing word", "dyspraxie", "dyspraxie", "", f"net {number}")
        tally._missing.add([counted])
        work()
        if number < 20:
            assert "dyspraxie" not in on_disk(folder)
    (row,) = MissingCount.objects.filter(days=3)
    assert (row.kind, row.text) == ("word", "dyspraxie")
    assert not UnknownWord.objects.exists()


def test_what_is_deleted_is_overwritten_in_the_file_of_the_database(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        # As SQLite is by itself; some systems build it otherwise.
        database.execute("PRAGMA secure_delete = OFF")
        database.executescript(SQLITE_OPTIONS["init_command"])
        database.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT)")
        database.executemany("INSERT INTO words (word) VALUES (?)", [("xaveriusz",)] * 500)
        database.commit()
        database.execute("DELETE FROM words WHERE id % 100")
        database.execute("UPDATE words SET word = 'anders'")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"anders" in path.read_bytes()
    assert b"xaveriusz" not in path.read_bytes()
