"""Cards and ready filters on the page and in the API; none of them is a hit."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.declared.answers import card_for
from search.answer import recognised
from tests.directory.helpers import add_member, add_network, add_offer
from tests.published import add_page, settle


def answer(query: str, **parameters: Any) -> dict[str, Any]:
    """Return what the API answers."""
    found: dict[str, Any] = Client().get("/api/v2/search/", {"q": query, **parameters}).json()
    return found


def page(query: str) -> BeautifulSoup:
    """Return the page of results."""
    return BeautifulSoup(Client().get("/suche/", {"q": query}).content, "html.parser")


def test_page_and_api_show_the_same_card_with_one_action(library: Any) -> None:
    add_network(56, region="landkreis-zwickau", title="KoopV 56 Zwickau-Stadt", phone="0375 12 34", area="Zwickau")
    settle()
    (card,) = answer("koopv56")["answers"]
    assert card["title"] == "KoopV 56 Zwickau-Stadt"
    assert {"label": "Telefon", "text": "0375 12 34", "url": "tel:03751234"} in card["lines"]
    assert card["action"]["url"] == "http://testserver/koopv/netz-56/"
    shown = page("koopv56").select_one("aside.answer")
    assert shown is not None
    assert shown.h2 is not None
    assert shown.h2.text.replace("\u00ad", "") == card["title"]
    assert [link["href"] for link in shown.select("a.button")] == ["/koopv/netz-56/"]
    assert {"tel:03751234", "mailto:koopv-56@example.org"} <= {link["href"] for link in shown.select("li a")}


def test_a_card_is_no_hit_and_changes_no_count_nor_feed(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(recognised, "card_for", lambda question: made.append(question.text) or card_for(question))
    add_network(56, title="KoopV 56 Zwickau-Stadt")
    settle()
    found = answer("Merkliste")
    assert len(found["answers"]) == 1
    assert found["meta"]["total_count"] == len(found["items"])
    assert not {item["title"] for item in found["items"]} & {"Merkliste"}
    assert len(made) == 1
    assert "/merkliste/" not in Client().get("/suche/feed/", {"q": "Merkliste"}).content.decode()
    assert len(made) == 1, "a feed has no place for one"
    assert answer("Merkliste", page_size=1, page=2)["answers"] == []


def test_what_a_question_names_is_offered_as_filters_with_their_counts(library: Any) -> None:
    for number in range(4):
        add_page(
            library, f"blatt-{number}", title=f"Arbeitsblatt Wald {number} für die Grundschule", school_type=["grundschule"] if number < 3 else ["oberschule"],
            kind=["arbeitsmaterial"],
        )  # fmt: skip
    settle()
    found = answer("wald grundschule")
    ready = {(one["facet"], one["slug"]): one["count"] for one in found["ready_filters"]}
    assert ready == {("school_type", "grundschule"): 3}
    (link,) = page("wald grundschule").select(".ready a")
    assert link.text == "Nur Grundschule (3)"
    narrowed = BeautifulSoup(Client().get(str(link["href"])).content, "html.parser")
    assert len(narrowed.select(".card-list > li")) == 3
    # What is chosen already, or would leave everything, is not offered.
    assert not narrowed.select(".ready a")
    assert answer("arbeitsblatt")["ready_filters"] == []


QUERIES = ("KoopV 3", "Leipzig Telefon", "04109", "wer hilft", "Termine", "Merkliste", "nichts davon")


def test_a_card_costs_the_same_queries_for_few_and_for_many(library: Any) -> None:
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().get("/suche/", {"q": query})
        return len(captured)

    def costs() -> dict[str, tuple[int, int]]:
        """Count the queries of each question when asked first after a change, and again."""
        settle()
        found = {}
        for query in QUERIES:
            add_network(next(numbers))
            settle()
            Client().get("/suche/", {"q": "wald"})
            found[query] = cost(query), cost(query)
        return found

    numbers = itertools.count(900)
    for number in range(3, 5):
        add_member(add_network(number, title=f"KoopV {number}"))
    add_offer("eins")
    before = costs()
    for number in range(5, 12):
        add_member(add_network(number, title=f"KoopV {number}"))
        add_offer(f"angebot-{number}")
    assert costs() == before
    assert max(again for _, again in before.values()) <= 4
