"""One index a language, and what a search in one tells of the others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from core.output.languages import NAMES
from home.models import HomePage, InfoPage
from search.engines.current import engine_of, engines, get_engine
from search.index import rebuild, verify
from search.index.condition import Condition, overall
from search.index.drain import drain
from search.models import OutboxEntry
from search.question.request import SearchRequest
from tests.core.output.test_languages import translated
from tests.published import index_entries
from tests.searching import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def danish(library: Any) -> Any:
    """The Danish home page of a site whose languages all have an index."""
    rebuild.rebuild()
    return translated(HomePage.objects.get(locale__language_code="de"), "da", "Fundus")


def publish(title: str, home: Page, **values: Any) -> InfoPage:
    page = InfoPage(title=title, slug=re.sub(r"\W+", "-", title.lower()), locale=home.locale, **values)
    home.add_child(instance=page)
    page.save_revision().publish()
    assert drain(60).failed == 0
    return page


def test_a_page_stands_in_the_index_of_its_language_alone_and_leaves_it(danish: Any) -> None:
    page = publish("Specialundervisning", danish)
    assert {locale for locale, engine in engines().items() if page.pk in engine.ids()} == {"da"}
    page.unpublish()
    assert drain(60).failed == 0
    assert page.pk not in engine_of("da").ids()
    other = publish("Skolebibliotek", danish)
    key = other.pk
    other.delete()
    assert drain(60).failed == 0
    assert key not in engine_of("da").ids()
    assert not verify.verify()


def test_pages_of_two_languages_in_one_batch_reach_both_indexes(danish: Any) -> None:
    german = publish("Förderplan", HomePage.objects.get(locale__language_code="de"))
    other = publish("Handleplan", danish)
    OutboxEntry.objects.all().delete()
    rebuild.rebuild()
    assert german.pk in get_engine().ids()
    assert engine_of("da").ids() == {other.pk}


def test_a_common_word_of_a_small_language_is_not_rare_for_the_many_pages_of_another(empty_index: Any) -> None:
    """One index for all would score "skole", which every Danish page holds, like a name."""
    index_entries({number: {"title": f"Rechnen {number}", "body": "Zahlen und Mengen"} for number in range(1, 31)})
    index_entries(
        {
            50: {"locale": "da", "title": "Skole og skole", "body": "skole skole skole"},
            51: {"locale": "da", "title": "En skole", "body": "Om tegnsprog i en skole"},
            **{number: {"locale": "da", "title": "Skole", "body": "Skolen"} for number in range(52, 60)},
        }
    )
    found = search(SearchRequest(query="tegnsprog skole", locale="da"))
    assert found.hits[0].id == 51
    assert get_engine().frequencies([("text_terms", "skol")]) == [0]
    assert engine_of("da").frequencies([("text_terms", "skol")]) == [10]


def test_a_language_without_pages_needs_no_index_and_one_with_pages_is_given_one(library: Any) -> None:
    assert overall().each["da"] is Condition.OK
    home = translated(HomePage.objects.get(locale__language_code="de"), "da", "Fundus")
    page = InfoPage(title="Om os", slug="om-os", locale=home.locale)
    home.add_child(instance=page)
    page.save_revision().publish()
    drain(60)
    assert overall().each["da"] is Condition.LOST
    call_command("search_rebuild", if_needed=True, verbosity=0)
    assert overall().condition is Condition.OK
    assert engine_of("da").ids() == {page.pk}


def other_languages(client: Client, address: str, **parameters: str) -> list[tuple[str, str]]:
    text = client.get(address, parameters).content.decode()
    found = re.search(r'<p class="elsewhere">.*?</p>', text, re.DOTALL)
    return re.findall(r'href="([^"]*)" lang="[^"]*" hreflang="[^"]*">([^<]*)<', found[0]) if found else []


def test_a_search_says_how_many_answers_there_are_in_other_languages_and_leads_there(
    danish: Any, client: Client
) -> None:
    publish("Montessori", HomePage.objects.get(locale__language_code="de"))
    publish("Montessori i skolen", danish)
    publish("Om Montessori", danish)
    draft = InfoPage(title="Montessori, kladde", slug="kladde", locale=danish.locale, live=False)
    danish.add_child(instance=draft)
    assert other_languages(client, "/suche/", q="Montessori") == [("/da/suche/?q=Montessori", "Dansk (2)")]
    assert other_languages(client, "/da/suche/", q="Montessori") == [("/suche/?q=Montessori", "Deutsch (1)")]
    assert other_languages(client, "/suche/", q="Montessori", area="pages") == [
        ("/da/suche/?q=Montessori&amp;area=pages", "Dansk (2)")
    ]
    # A number past the last page means the last one, which here is the first.
    assert other_languages(client, "/suche/", q="Montessori", page="9") == [("/da/suche/?q=Montessori", "Dansk (2)")]
    assert other_languages(client, "/suche/") == []
    assert other_languages(client, "/suche/", q="Sportfest") == []
    danish.unpublish()
    drain(60)
    assert other_languages(client, "/suche/", q="Montessori") == [], "nothing leads to a language that is not offered"


def test_the_interface_answers_in_the_language_that_is_asked_for(danish: Any, client: Client) -> None:
    publish("Montessori i skolen", danish)
    found = client.get("/api/v2/search/", {"q": "montessori", "locale": "da"}).json()
    assert [hit["title"] for hit in found["items"]] == ["Montessori i skolen"]
    assert client.get("/api/v2/search/", {"q": "montessori"}).json()["meta"]["total_count"] == 0
    feed = client.get("/da/suche/feed/?q=montessori")
    assert feed["Content-Language"] == "da"


LANGUAGES = tomllib.loads((Path(__file__).parent / "relevance_languages.toml").read_text(encoding="utf-8"))


def test_the_same_questions_are_answered_as_well_in_every_language_as_in_german(empty_index: Any) -> None:
    """The page that answers is first for this many of ten questions; written down so that each change shows."""
    keys = [page["key"] for page in LANGUAGES["page"]]
    for number, language in enumerate(NAMES):
        index_entries(
            {
                1000 * number + place: {"locale": language, "title": page[language][0], "summary": page[language][1]}
                for place, page in enumerate(LANGUAGES["page"], 1)
            }
        )

    def first(question: Mapping[str, str], language: str) -> str:
        hits = search(SearchRequest(query=question[language], locale=language)).hits
        return keys[hits[0].id % 1000 - 1] if hits else ""

    led = {
        language: [
            question["page"] for question in LANGUAGES["question"] if first(question, language) != question["page"]
        ]
        for language in NAMES
    }
    assert led == {"de": [], "de-simple": [], "en": [], "da": []}
