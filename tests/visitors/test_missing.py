"""Das fehlt mir: one click from a search without hits, counted by its words, and nothing else is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library.models import LibraryIndexPage
from search.engines.base import SearchUnavailable
from search.usage import rule, tally
from tests.published import index_entries
from tests.words import unbroken
from visitors.sending import tokens

ADDRESS, THANKS = "/suche/fehlt/", "/suche/fehlt/danke/"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OURS = {"user-agent": AGENT, "origin": "http://testserver", "sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def stock(library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A library of two entries, and counts of this test alone."""
    settings.SEARCH_COUNTS_DIR = tmp_path / "counts"
    # The first use is enough to be written down in words.
    monkeypatch.setattr(rule, "VOICES_LEAST", 1)
    monkeypatch.setattr(rule, "DAYS_LEAST", 1)
    for name in ("_tally", "_missing"):
        monkeypatch.setattr(tally, name, tally._Tally(getattr(tally, name).again))
    index_entries({1: {"title": "Die Uhr lesen", "summary": "Zeiger stellen üben."}, 2: {"title": "Der Mond"}})


def spooled() -> dict[str, int]:
    """Return what the web process wrote down: kind and text of each count, and the number."""
    tally._missing.spool()
    file = tally.counts_folder() / "spool"
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return {f"{kind}: {text}": count for *_mark, kind, _key, text, count in lines}


def click(query: str, client: Client | None = None, **fields: str) -> Any:
    return (client or Client(enforce_csrf_checks=True, headers=OURS)).post(ADDRESS, {"q": query, **fields})


def test_one_click_on_the_page_without_hits_is_counted_and_thanked() -> None:
    client = Client(enforce_csrf_checks=True, headers=OURS)
    page = client.get("/suche/", {"q": "Zwirbelquark"}).content.decode()
    form = page.split(f'action="{ADDRESS}"')[1].split("</form>")[0]
    assert re.findall(r'name="(\w+)" value="([^"]*)"', form) == [("q", "Zwirbelquark")]
    assert '<button type="submit"' in form
    response = click("Zwirbelquark", client)
    assert (response.status_code, response["Location"]) == (303, f"{THANKS}?q=Zwirbelquark")
    thanks = client.get(response["Location"])
    text = unbroken(thanks.content)
    assert "Danke" in text
    assert 'href="/suche/?q=Zwirbelquark"' in text
    for answer in (response, thanks):
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
    assert spooled() == {"missing word: zwirbelquark": 1}


def test_no_button_stands_where_something_is_found_or_a_filter_is_in_the_way() -> None:
    for parameters in ({"q": "uhr"}, {"q": ""}, {"q": "uhr", "focus": "sehen"}):
        assert ADDRESS not in Client().get("/suche/", parameters).content.decode()


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("Jonas Zwirbelquark", {"missing word: jonas": 1, "missing word: zwirbelquark": 1}),
        # Numbers of telephones and accounts, whatever stands beside them, and what is more than words.
        ("Jonas 4b", {}),
        ("0151 23456789 de89370400440532013000 4b", {}),
        ('"uhr mond"', {}),
    ],
)
def test_of_what_was_typed_only_single_unknown_words_are_counted(query: str, counted: dict[str, int]) -> None:
    assert click(query).status_code == 303
    assert spooled() == counted


def test_a_search_whose_words_all_occur_is_counted_as_the_analysis_spells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from search.usage.tally import Remembered

    answered = _answer(monkeypatch, Remembered("mond uhr", "Uhr Mond", total=0))
    assert click("uhren mond").status_code == 303
    assert spooled() == {"missing search: Uhr Mond": 1}
    assert answered == ["uhren mond"]


def _answer(monkeypatch: pytest.MonkeyPatch, remembered: Any) -> list[str]:
    """Make every search find nothing, as the state of no hits does; return what was asked."""
    from visitors import missing

    asked: list[str] = []

    def search(request: Any, **chosen: Any) -> Any:
        from types import SimpleNamespace as Value

        asked.append(request.query)
        return Value(request=request, remembered=remembered, found=Value(result=Value(total=0)))

    monkeypatch.setattr(missing, "search", search)
    return asked


def test_what_is_found_by_now_is_shown_and_not_counted() -> None:
    response = click("uhr")
    assert (response.status_code, response["Location"]) == (303, "/suche/?q=uhr")
    assert spooled() == {}


def test_only_the_text_of_the_search_is_taken_from_the_form() -> None:
    click("uhr", key="zwirbelquark", text="zwirbelquark", unknown="zwirbelquark", kind="missing word")
    assert spooled() == {}


def test_a_text_that_is_no_search_is_refused_with_the_reason() -> None:
    for query, reason in (("x" * 301, "300"), ("wort " * 51, "50 Wörter"), ("", "Ohne Wörter"), ("a\0b", "Null")):
        response = click(query)
        text = unbroken(response.content)
        assert response.status_code == 400
        assert "Suchbegriffe:" in text
        assert reason in text
        assert not response.cookies
    assert click("x" * 300).status_code == 303
    assert Client().get(THANKS, {"q": "x" * 301}).status_code == 200


def test_the_same_click_again_and_a_machines_click_do_not_count() -> None:
    for _ in range(3):
        click("Zwirbelquark")
    for agent in ("curl/8.0", "Mozilla/5.0 (compatible; Googlebot/2.1)"):
        assert click("Quirlzwark", Client(headers={**OURS, "user-agent": agent})).status_code == 303
    assert spooled() == {"missing word: zwirbelquark": 1}


def test_clicks_of_one_hour_count_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(tally.time, "monotonic", lambda: now)
    click("Zwirbelquark")
    tally._missing.spool()
    now += 59 * 60
    click("Zwirbelquark")
    assert spooled() == {"missing word: zwirbelquark": 1}
    now += 2 * 60
    click("Zwirbelquark")
    tally._missing.spool()
    assert (tally.counts_folder() / "spool").read_text().count("zwirbelquark") == 4


def test_a_click_of_another_site_counts_nothing() -> None:
    headers = {**OURS, "origin": "https://boese.example", "sec-fetch-site": "cross-site"}
    response = click("Zwirbelquark", Client(headers=headers), token=tokens.issue("missing", 60))
    assert response.status_code == 403
    assert "nicht angenommen" in unbroken(response.content)
    assert spooled() == {}


def test_a_browser_that_does_not_say_where_it_comes_from_is_asked_once_more() -> None:
    client = Client(headers={"user-agent": AGENT})
    response = click("Zwirbelquark", client)
    text = unbroken(response.content)
    assert response.status_code == 400
    assert "noch einmal" in text
    assert 'name="q" value="Zwirbelquark"' in text
    assert spooled() == {}
    assert click("Zwirbelquark", client, token=tokens.issue("missing", 60)).status_code == 303
    assert click("Quirlzwark", client, token=tokens.issue("barrier", 60)).status_code == 400
    assert spooled() == {"missing word: zwirbelquark": 1}


def test_asking_for_the_pages_counts_nothing() -> None:
    client = Client(headers=OURS)
    for path in (ADDRESS, THANKS):
        assert client.get(path, {"q": "Zwirbelquark", "token": tokens.issue("missing", 60)}).status_code == 200
    assert spooled() == {}


def test_a_click_writes_nothing_to_the_database() -> None:
    click("Mondfinsternis")
    with CaptureQueriesContext(connection) as captured:
        click("Zwirbelquark")
    assert [query["sql"] for query in captured if not query["sql"].lstrip().startswith("SELECT")] == []


def test_while_the_search_is_down_the_reader_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(request: Any, **chosen: Any) -> Any:
        raise SearchUnavailable

    monkeypatch.setattr("visitors.missing.search", down)
    response = click("Zwirbelquark")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert spooled() == {}
