"""What is recognised in a question, and the card that answers it: every row of `answers.toml` on the sample site.

Reading words and asking an engine is not needed for a card, so none is asked here; page and API are in `web/`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from core.declared.answers import Card
from search.answer.recognised import cards
from search.question.recognised import recognised
from search.question.request import SearchRequest
from search.words import current
from tests.golden.conftest import golden_site  # noqa: F401 - the sample site at a frozen moment

ROWS = tomllib.loads((Path(__file__).parent / "answers.toml").read_text(encoding="utf-8"))["row"]


def answered(query: str, **values: Any) -> Card | None:
    """Return the card for a question."""
    found = cards(SearchRequest(query=query, **values), current("de"))
    return found[0] if found else None


def text_of(card: Card) -> str:
    """Return all that a card says beside its title."""
    lines = (text for line in card.lines for text in (line.label, line.text))
    return " | ".join((card.heading, card.note, card.text, *lines))


@pytest.mark.usefixtures("golden_site")
@pytest.mark.parametrize("row", ROWS, ids=[row["query"] for row in ROWS])
def test_a_question_is_answered_by_its_card_or_by_none(row: dict[str, Any]) -> None:
    card = answered(row["query"])
    if "facets" in row:
        assert {f"{one.facet}.{one.slug}" for one in recognised(row["query"], current("de"))} == set(row["facets"])
    if "kind" not in row:
        assert card is None or "facets" in row
        return
    assert card is not None
    assert card.kind == row["kind"]
    assert row.get("title", "") in card.title
    assert row.get("says", "") in text_of(card)
    assert card.action.url.endswith(row.get("action", ""))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "locale", "facets"),
    [
        ("worksheet for parents", "en", {"kind.arbeitsmaterial", "audience.eltern"}),
        ("arbejdsark for forældre", "da", {"kind.arbeitsmaterial", "audience.eltern"}),
        ("Arbeitsblatt für Eltern", "en", set()),
        ("a short text on other things", "en", set()),
        ("kort tekst", "da", set()),
        ("Arbeitsblatt für Eltern", "de-simple", {"kind.arbeitsmaterial", "audience.eltern"}),
        ("Fallstudie", "de-simple", {"kind.fallstudie", "type.case-study"}),
    ],
)
def test_values_are_recognised_in_the_language_of_the_question(query: str, locale: str, facets: set[str]) -> None:
    found = recognised(query, current(locale), locale)
    assert {f"{one.facet}.{one.slug}" for one in found} == facets


def test_the_table_has_every_kind_and_enough_questions_that_nothing_answers() -> None:
    assert {row.get("kind") for row in ROWS} == {None, "event", "network", "consultation", "place", "contact"}
    assert sum("kind" not in row and "facets" not in row for row in ROWS) >= 20


@pytest.mark.usefixtures("golden_site")
def test_a_card_stands_on_the_first_page_alone_and_in_its_own_locale() -> None:
    assert answered("koopv56") is not None
    assert answered("koopv56", page=2) is None
    assert answered("koopv56", locale="en") is None


@pytest.mark.usefixtures("golden_site")
@pytest.mark.parametrize(
    "query",
    ["", "   ", "\u0000", "ﷺ" * 300, "Termine " * 30, "😀" * 100, "leipzig" * 40, "30.2.0000 99.99.9999", "()[*+?"],
)
def test_odd_questions_get_no_card_and_break_nothing(query: str) -> None:
    assert answered(query) is None
