"""similar(SimilarRequest): entries that say and are filed under the same, best first, and only what readers may see."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models import (
    CaseStudyPage,
    CollectionItem,
    CollectionPage,
    LibraryIndexPage,
    MaterialPage,
    RelatedPage,
    UsedMaterial,
)
from search.answer.similar import similar
from search.engines.base import SearchUnavailable
from search.engines.current import get_engine
from search.engines.embedded.engine import EmbeddedEngine
from search.facets.labels import load_labels
from search.meaning.current import current
from search.page.present import present_entries
from search.question.request import SimilarRequest
from search.web.api.schema import SimilarAnswer
from tests.published import add_page, index_entries, index_entry, settle
from tests.words import unbroken

API = "/api/v2/search/similar/"

SHELF: dict[int, dict[str, Any]] = {
    1: {"title": "Kressesamen keimen im Glas", "summary": "Ein Versuch mit Kresse und Watte.",
        "body": "Die Kinder beobachten die Keimung der Kresse.", "topic": ["pflanzen"], "focus": ["lernen"]},
    2: {"title": "Bohnen auf Watte", "summary": "Keimung beobachten.", "topic": ["pflanzen"], "focus": ["sehen"]},
    3: {"title": "Kresse säen", "summary": "Ein Beet aus Watte.", "body": "Ein Versuch für alle.", "focus": ["lernen"]},
    4: {"title": "Uhr lesen", "summary": "Zeiger stellen.", "focus": ["lernen"], "topic": ["uhr"]},
    5: {"title": "Die Zeit und die Uhr", "summary": "Zeiger und Minuten.", "focus": ["hoeren"], "topic": ["uhr"]},
    **{number: {"title": f"Karte {number}", "focus": ["autismus"]} for number in range(20, 40)},
}  # fmt: skip


@pytest.fixture
def shelf(db: None, empty_index: Path) -> None:
    """Entries in an index: three about germination, two about the clock, twenty about nothing."""
    index_entries(SHELF)


def ids(id: int, limit: int = 4, **values: Any) -> list[int] | None:
    found = similar(SimilarRequest(id, limit), **values)
    return None if found is None else [hit.id for hit in found]


def test_what_says_and_is_filed_under_the_same_comes_first(shelf: None) -> None:
    # Both are on watte; that the next is on kresse, too, says more than the topic of the other.
    assert ids(1) == [3, 2]
    assert ids(4) == [5]
    assert ids(5) == [4]


def test_an_entry_is_not_similar_to_itself_nor_to_what_stands_beside_it(shelf: None) -> None:
    for id in SHELF:
        assert id not in (ids(id, 20) or [])
    assert ids(1, without=[3]) == [2]


def test_one_thing_in_common_is_chance(shelf: None) -> None:
    index_entry(50, title="Ganz allein", focus=["lernen"])
    assert ids(50) == []


def test_no_more_than_asked_for(shelf: None) -> None:
    assert len(ids(20, 20) or []) == 19
    assert len(ids(20, 5) or []) == 5


def test_what_readers_cannot_see_is_neither_asked_for_nor_answered(shelf: None) -> None:
    now = timezone.now()
    index_entry(60, **{**SHELF[3], "expires_at": now - datetime.timedelta(seconds=1)})
    index_entry(61, **{**SHELF[3], "locale": "en"})
    assert sorted(ids(1, 20) or []) == [2, 3]
    assert (ids(60), ids(61), ids(999)) == (None, None, None)


def test_hits_are_whole_and_nothing_in_them_is_marked(shelf: None) -> None:
    (hit, *_) = present_entries(similar(SimilarRequest(1)) or (), load_labels())
    assert (hit.title, hit.url, hit.title_marked) == (
        "Kresse säen", "/bibliothek/3/", "Kresse säen",
    )  # fmt: skip
    assert hit.passages == ()


# By meaning ----------------------------------------------------------------------------------

WAYS = {1: (1.0, 0.0), 2: (0.2, 1.0), 3: (0.8, -0.6), 4: (0.0, 1.0), 6: (1.0, 0.2), 7: (1.0, 0.1)}
"""Where the entries lie: 6 and 7 near to the first, 3 at some distance, 2 and 4 far away; all others have no vector."""


@pytest.fixture
def meant(shelf: None, named: Any) -> Any:
    """The shelf with vectors, and two entries that share no word with it, one expired. No model can be had."""
    named.EMBEDDINGS = {"NAME": "local", "OPTIONS": {"path": "/there/is/none"}}
    ended = timezone.now() - datetime.timedelta(seconds=1)
    more: dict[int, dict[str, Any]] = {
        6: {"title": "Samen sprießen", "focus": ["hoeren"]},
        7: {"title": "Wurzeln", "expires_at": ended},
    }
    entries = {**SHELF, **more}
    index_entries({id: values for id, values in entries.items() if id not in WAYS})
    index_entries({id: entries[id] for id in WAYS}, {id: np.array(way, np.float32) for id, way in WAYS.items()})
    return named


def test_what_lies_near_is_similar_without_a_common_word(meant: Any) -> None:
    # 6 has no word of it, yet lies nearest, before 2, which has words and lies far away; 3 has both.
    assert ids(1, 20) == [3, 6, 2]
    assert ids(1, 2) == [3, 6]
    assert ids(6) == [1]


def test_what_is_near_keeps_to_what_readers_may_see(meant: Any) -> None:
    found = ids(6, 20) or []
    assert 6 not in found
    assert 7 not in found
    assert ids(7) is None
    assert ids(6, 20, without=[1]) == []
    assert ids(1, 20, without=[6]) == [3, 2]
    get_engine().delete({1: 2})
    assert 1 not in (ids(6, 20) or [])
    index_entry(61, **{**SHELF[3], "locale": "en"})
    assert similar(SimilarRequest(6, locale="en")) is None


def test_without_vectors_words_decide_alone(meant: Any) -> None:
    # One that has none itself; and all of them, where the site searches by words.
    assert ids(5) == [4]
    meant.EMBEDDINGS = {"NAME": "", "OPTIONS": {}}
    current.cache_clear()
    assert ids(1) == [3, 2]
    assert ids(6) == []


def test_only_vectors_of_the_same_model_are_compared(meant: Any) -> None:
    index_entries({8: {"title": "Anderswo"}}, {8: np.array(WAYS[1], np.float32)}, model="other")
    assert ids(8) == []
    assert 8 not in (ids(1, 20) or [])


@pytest.mark.usefixtures("meant")
def test_what_is_near_costs_the_engine_the_same_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("search", "scores", "nearest", "nearness", "vector_of", "passages", "frequencies"):
        answer = getattr(EmbeddedEngine, name)

        def counted(*args: Any, name: str = name, answer: Any = answer, **kwargs: Any) -> Any:
            asked.append(name)
            return answer(*args, **kwargs)

        monkeypatch.setattr(EmbeddedEngine, name, counted)
    costs = []
    similar(SimilarRequest(1))  # fills what a process keeps in memory
    for limit in (1, 20):
        asked.clear()
        with CaptureQueriesContext(connection) as captured:
            similar(SimilarRequest(1, limit))
        costs.append((sorted(asked), len(captured)))
    (calls, queries), others = costs
    assert (calls, queries) == others
    assert len(calls) <= 10
    # Whether anything depends on a page that has ended is the second.
    assert queries <= 2


# API -----------------------------------------------------------------------------------------


@pytest.fixture
def client(library: LibraryIndexPage) -> Client:
    """A reader of the API over the shelf."""
    index_entries(SHELF)
    return Client()


def test_items_are_those_of_the_search(client: Client) -> None:
    answer = client.get(f"{API}?id=1").json()
    SimilarAnswer.model_validate(answer)
    assert [item["id"] for item in answer["items"]] == [3, 2]
    searched = client.get("/api/v2/search/?q=säen").json()["items"][0]
    same = {name for name in searched if name not in {"score", "highlights"}}
    assert {name: searched[name] for name in same} == {name: answer["items"][0][name] for name in same}


@pytest.mark.parametrize(
    ("query", "field"),
    [("", "id"), ("id=", "id"), ("id=x", "id"), ("id=0", "id"), (f"id={2**63}", "id"), ("id=1&limit=0", "limit"),
     ("id=1&limit=21", "limit"), ("id=1&locale=xx", "locale"), ("id=1&foo=1", "foo")],
)  # fmt: skip
def test_bad_input_is_refused_with_its_field(client: Client, query: str, field: str) -> None:
    response = client.get(f"{API}?{query}")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_an_entry_that_is_not_there_is_404(client: Client) -> None:
    response = client.get(f"{API}?id=999")
    assert response.status_code == 404
    assert response.json() == {"errors": [{"field": "id", "value": "999", "reason": "Diesen Eintrag gibt es nicht."}]}


def test_without_an_engine_api_and_page_stand(library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    add_page(library, "kresse", title="Kresse")
    settle()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise SearchUnavailable("down")

    monkeypatch.setattr(EmbeddedEngine, "search", fail)
    assert Client().get(f"{API}?id=1").status_code == 503
    response = Client().get("/bibliothek/kresse/")
    assert response.status_code == 200
    assert "Ähnliche Einträge" not in response.content.decode()


# Page ----------------------------------------------------------------------------------------


def listed(path: str, section: str) -> list[str]:
    soup = BeautifulSoup(unbroken(Client().get(path).content), "html.parser")
    return [link.get_text() for link in soup.select(f'section[aria-labelledby="{section}"] .card-title a')]


def test_a_page_shows_similar_entries_but_none_twice(library: LibraryIndexPage) -> None:
    texts: dict[str, Any] = {"summary": "Watte und Keimung beobachten.", "topics": ["Pflanzen"]}
    beet = add_page(library, "beet", title="Kresse im Beet", **texts)
    add_page(library, "bohnen", title="Bohnen auf Watte", **texts)
    add_page(library, "kresse", title="Kresse säen", related_pages=[RelatedPage(related_id=beet.pk)], **texts)
    settle()
    assert listed("/bibliothek/kresse/", "passt-dazu") == ["Kresse im Beet"]
    assert listed("/bibliothek/kresse/", "aehnlich") == ["Bohnen auf Watte"]
    assert sorted(listed("/bibliothek/bohnen/", "aehnlich")) == ["Kresse im Beet", "Kresse säen"]


@pytest.mark.parametrize(
    ("model", "rows", "row", "field"),
    [(CollectionPage, "items", CollectionItem, "item"), (CaseStudyPage, "used_materials", UsedMaterial, "material")],
)
def test_what_an_entry_lists_itself_is_not_called_similar_to_it(
    library: LibraryIndexPage, model: Any, rows: str, row: Any, field: str
) -> None:
    texts: dict[str, Any] = {"summary": "Watte und Keimung beobachten.", "topics": ["Pflanzen"]}
    beet = add_page(library, "beet", title="Kresse im Beet", **texts)
    add_page(library, "bohnen", title="Bohnen auf Watte", **texts)
    add_page(library, "wahl", model, title="Kresse und mehr", **{rows: [row(**{field: beet})]}, **texts)
    settle()
    assert listed("/bibliothek/wahl/", "aehnlich") == ["Bohnen auf Watte"]


@pytest.mark.parametrize("saved", [True, False])
def test_a_preview_of_what_is_not_published_shows_none(library: LibraryIndexPage, saved: bool) -> None:
    page = add_page(library, "entwurf", publish=False) if saved else MaterialPage(title="Entwurf")
    template = Template("{% load search_tags %}{% similar_hits page as hits %}{{ hits|length }}")
    assert template.render(Context({"page": page})) == "0"


def test_similar_entries_cost_the_same_few_queries_however_many_there_are(shelf: None) -> None:
    numbers = []
    for limit in (1, 20):
        present_entries(similar(SimilarRequest(1, limit)) or (), load_labels())
        with CaptureQueriesContext(connection) as captured:
            present_entries(similar(SimilarRequest(1, limit)) or (), load_labels())
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 4
