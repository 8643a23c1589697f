"""suggest(SuggestRequest): the beginnings of titles, labels and frequent searches, and only what readers may see."""

from __future__ import annotations

import datetime
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.models import LibraryIndexPage
from search.answer.suggestions import SHARES, suggest
from search.engines.base import SearchUnavailable
from search.engines.current import get_engine
from search.engines.embedded.engine import EmbeddedEngine
from search.models import QueryCount
from search.page.present import present_suggestions
from search.page.results import ShownSuggestion
from search.question.request import SuggestRequest
from search.usage.verdicts import block, offer
from search.web.api.schema import SuggestionsAnswer
from tests.published import index_entries, index_entry
from vocabularies.models import ConceptLabel, Topic

API = "/api/v2/search/suggest/"

SHELF: dict[int, dict[str, Any]] = {
    1: {"title": "Sprachförderung im Schwimmbad", "focus": ["sprache"], "topic": ["schwimmen"]},
    2: {"title": "Schwimmen lernen", "focus": ["lernen"], "topic": ["schwimmen"], "type": "book"},
    3: {"title": "Das Schwimmen", "focus": ["lernen"]},
    4: {"title": "Förderung der Motorik: Schwimmen und Tauchen im Schulalltag", "focus": ["lernen"]},
    5: {"title": "Übungen für Hände", "focus": ["lernen"], "subject": ["mathematik"]},
}


@pytest.fixture
def shelf(db: None, empty_index: Path) -> None:
    """Five entries in an index, four of them about swimming, two with the topic."""
    Topic.objects.create(name="Schwimmen im Verein", slug="schwimmen")
    Topic.objects.create(name="Schwimmwesten", slug="schwimmwesten")
    index_entries(SHELF)


def ask(text: str, **values: Any) -> tuple[ShownSuggestion, ...]:
    return present_suggestions(suggest(SuggestRequest(text, **values)))


def titles(text: str, **values: Any) -> list[str]:
    return [found.text for found in ask(text, **values) if found.kind.value == "title"]


def texts(text: str, kind: str) -> list[str]:
    return [found.text for found in ask(text) if found.kind.value == kind]


def searched(text: str, key: str = "", uses: int = 2, days: int = 3, hits: str = "1-9", ago: int = 0) -> None:
    """Let a search have been made, so often on each of so many days, the last of them `ago` days ago, and offered."""
    for day in range(days):
        date = timezone.localdate() - datetime.timedelta(days=ago + day)
        QueryCount.objects.create(day=date, key=key or text.lower(), text=text, hits=hits, count=uses)
    assert offer(key or text.lower())


# Titles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sprachf", {1}),
        ("foerd schw", {1, 4}),
        ("Förd", {1, 4}),
        ("schwimm sprachfoerderung", {1}),
        ("tauch", {4}),
        ("motorik der tau", {4}),
        ("uebung", {5}),
        ("Übungen für H", {5}),
        ("hande", set()),
        ("haende", {5}),
        ("schwimmbad", {1}),
        ("hwimm", set()),
        ("qqxyz", set()),
    ],
)
def test_titles_are_found_by_the_beginnings_of_their_words(shelf: None, typed: str, expected: set[int]) -> None:
    assert set(titles(typed, limit=20)) == {SHELF[number]["title"] for number in expected}


def test_a_title_that_begins_as_typed_leads_and_short_ones_come_first(shelf: None) -> None:
    assert titles("schwimmen") == [
        "Schwimmen lernen",
        "Das Schwimmen",
        "Förderung der Motorik: Schwimmen und Tauchen im Schulalltag",
        "Sprachförderung im Schwimmbad",
    ]


def test_a_title_says_its_type_and_leads_to_its_page(shelf: None) -> None:
    found = next(one for one in ask("schwimmen l") if one.kind.value == "title")
    assert (found.text, found.note, found.url) == ("Schwimmen lernen", "Buch", "/bibliothek/2/")


def test_equal_titles_are_suggested_once(empty_index: Path, db: None) -> None:
    index_entry(1, title="Wortkarten")
    index_entry(2, title="Wortkarten")
    assert titles("wort") == ["Wortkarten"]


@pytest.mark.parametrize("typed", ["", "s", " ", "…", "!!", "-"])
def test_too_little_suggests_nothing(shelf: None, typed: str) -> None:
    assert ask(typed) == ()


def test_no_more_than_asked_for(empty_index: Path, db: None) -> None:
    index_entries({number: {"title": f"Karte {number}"} for number in range(1, 30)})
    assert len(ask("karte")) == 8
    assert len(ask("karte", limit=3)) == 3


def test_what_has_ended_or_is_of_another_locale_is_not_suggested(empty_index: Path, db: None) -> None:
    now = timezone.now()
    index_entry(1, title="Wolkenbuch", expires_at=now - datetime.timedelta(seconds=1), topic=["wolken"])
    index_entry(2, title="Wolkenheft", locale="en", topic=["wolken"])
    index_entry(3, title="Wolkenkarte", expires_at=now + datetime.timedelta(hours=1))
    Topic.objects.create(name="Wolken", slug="wolken")
    searched("Wolkenbuch")
    searched("Wolkenkarte")
    assert [(one.text, one.kind.value) for one in ask("wolken")] == [("Wolkenkarte", "query")]


def test_a_removed_page_is_not_suggested(shelf: None) -> None:
    get_engine().delete({2: 2})
    assert "Schwimmen lernen" not in titles("schwimmen")


# Labels --------------------------------------------------------------------------------------


def test_a_topic_is_suggested_where_an_entry_has_it(shelf: None) -> None:
    assert texts("schwimm", "topic") == ["Schwimmen im Verein"]
    found = next(one for one in ask("verein") if one.kind.value == "topic")
    assert (found.note, found.url) == ("Thema", "/suche/?topic=schwimmen")


def test_a_concept_is_suggested_where_an_entry_is_filed_under_it(shelf: None, vocabularies: Any) -> None:
    found = [one for one in ask("math") if one.kind.value == "concept"]
    assert [(one.text, one.note, one.url) for one in found] == [("Mathematik", "Fach", "/suche/?subject=mathematik")]
    assert texts("sehen", "concept") == []
    lernen = next(one for one in ask("lern") if one.kind.value == "concept")
    assert (lernen.text, lernen.url) == ("Lernen", "/foerderschwerpunkt/lernen/")


def test_a_concept_is_found_by_its_other_names(shelf: None, vocabularies: Any) -> None:
    other = ConceptLabel.objects.filter(concept=vocabularies["focus", "lernen"], kind="altLabel", language="de").first()
    assert other is not None
    assert "Lernen" in texts(other.text, "concept")


def test_names_are_suggested_in_the_language_of_the_request_alone(shelf: None) -> None:
    for place, locale in enumerate(("en", "da", "de-simple")):
        index_entries({20 + place: {"title": "xyz", "subject": ["mathematik", "geografie"], "locale": locale}})

    def named(typed: str, locale: str) -> list[str]:
        found = suggest(SuggestRequest(typed, locale=locale))
        return [one.text for one in found if one.kind.value == "concept"]

    assert (named("mathe", "de"), named("mathe", "en")) == (["Mathematik"], ["Mathematics"])
    assert (named("matematik", "da"), named("erdkunde", "en")) == (["Matematik"], [])
    assert named("mathematik", "de-simple") == ["Mathe"], "by its German name as well"


def test_a_renamed_label_is_suggested_at_once(shelf: None, vocabularies: Any) -> None:
    assert texts("rechenkunst", "concept") == []
    concept = vocabularies["subject", "mathematik"]
    concept.label = "Rechenkunst"
    concept.save()
    assert texts("rechenkunst", "concept") == ["Rechenkunst"]


def test_the_fullest_label_of_equally_near_ones_leads(empty_index: Path, db: None) -> None:
    for name, number in (("wald", 1), ("wale", 3)):
        Topic.objects.create(name=name.capitalize(), slug=name)
        for place in range(number):
            index_entry(hash(name) % 1000 + place, title="Titel", topic=[name])
    assert texts("wal", "topic") == ["Wale", "Wald"]


# Frequent searches ---------------------------------------------------------------------------


def test_a_search_is_suggested_once_an_editor_said_yes(shelf: None) -> None:
    searched("Schwimmen Schulalltag", uses=200, days=30)
    block("search", "schwimmen schulalltag")
    assert texts("schwimmen", "query") == []
    searched("Schwimmen Schulalltag", uses=2, days=3)
    found = [one for one in ask("schwimmen schul") if one.kind.value == "query"]
    assert [(one.text, one.url) for one in found] == [("Schwimmen Schulalltag", "/suche/?q=Schwimmen+Schulalltag")]


def test_a_search_of_which_no_page_holds_all_words_now_is_not_suggested(shelf: None) -> None:
    searched("Schwimmen Tauchen")
    assert texts("schwimmen tau", "query") == ["Schwimmen Tauchen"]
    get_engine().delete({4: 2})
    assert texts("schwimmen tau", "query") == []


def test_a_search_that_found_nothing_is_not_suggested(shelf: None) -> None:
    searched("Schwimmen Tauchen", hits="0")
    assert texts("schwimmen", "query") == []


def test_a_search_of_last_year_is_not_suggested(shelf: None) -> None:
    searched("Schwimmen Tauchen", ago=200)
    assert texts("schwimmen", "query") == []


def test_no_kind_crowds_out_the_others(empty_index: Path, db: None) -> None:
    for number in range(10):
        Topic.objects.create(name=f"Karten {number}", slug=f"karten-{number}")
        index_entry(number + 1, title=f"Karte {number}", topic=[f"karten-{number}"])
    found = ask("karte")
    assert [one.kind.value for one in found].count("topic") == SHARES[found[0].kind] == 2
    assert len(found) == 8


def test_a_search_for_a_label_is_suggested_as_the_label(shelf: None, vocabularies: Any) -> None:
    index_entry(9, title="Mathematik")
    searched("Mathematik")
    assert [one.kind.value for one in ask("mathematik") if one.text == "Mathematik"] == ["concept"]


# API -----------------------------------------------------------------------------------------


@pytest.fixture
def client(library: LibraryIndexPage) -> Client:
    """A reader of the API over the shelf."""
    Topic.objects.create(name="Schwimmen im Verein", slug="schwimmen")
    index_entries(SHELF)
    return Client()


def test_the_answer_has_the_form_of_the_contract(client: Client) -> None:
    answer = client.get(f"{API}?q=schwimmen&limit=3").json()
    SuggestionsAnswer.model_validate(answer)
    assert answer["items"][:2] == [
        {"text": "Schwimmen im Verein", "kind": "topic", "note": "Thema",
         "url": "http://testserver/suche/?topic=schwimmen"},
        {"text": "Schwimmen lernen", "kind": "title", "note": "Buch", "url": "http://testserver/bibliothek/2/"},
    ]  # fmt: skip
    assert len(answer["items"]) == 3


def test_nothing_typed_is_no_error(client: Client) -> None:
    assert client.get(f"{API}?q=").json() == {"items": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=" + "x" * 301, "q"),
        ("q=x&limit=0", "limit"),
        ("q=x&limit=21", "limit"),
        ("q=x&limit=viele", "limit"),
        ("q=x&locale=xx", "locale"),
        ("q=x&foo=1", "foo"),
    ],
)
def test_bad_input_is_refused_with_its_field(client: Client, query: str, field: str) -> None:
    response = client.get(f"{API}?{query}")
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["field"] == field
    assert error["reason"]


def test_without_an_engine_the_answer_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise SearchUnavailable("down")

    monkeypatch.setattr(EmbeddedEngine, "search", fail)
    response = client.get(f"{API}?q=schwimmen")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_whatever_is_typed_is_answered(client: Client, text: str) -> None:
    typed = text.encode("utf-8", "ignore").decode()
    written_out = unicodedata.normalize("NFKC", typed)
    refused = "\0" in typed or len(written_out) > 300 or len(re.findall(r"\w+", written_out)) > 50
    assert client.get(API, {"q": typed}).status_code == (400 if refused else 200)


@pytest.mark.parametrize("character", ["𐍈", "각", "あ", "ä", "x"])
def test_a_very_long_beginning_is_answered(client: Client, library: Any, character: str) -> None:
    assert client.get(API, {"q": character * 300}).json()["items"] == []
