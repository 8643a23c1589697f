"""What the form takes and what it refuses; page, API and feed all read requests through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from search.facets.facets import BY_NAME
from search.question.request import REACH, SearchRequest
from search.question.tree import Sort
from search.web.forms import PARAMETERS, FieldError, read_request

VALUES = {"focus": {"lernen", "sehen"}, "audience": {"eltern"}, "topic": {"mengen"}}


def known(facet: str, slugs: Sequence[str]) -> list[str]:
    """Return the given values without a database; years need none."""
    values = BY_NAME["year"].source.known(slugs, {}) if facet == "year" else VALUES.get(facet, set())
    return [slug for slug in dict.fromkeys(slugs) if slug in values]


def read(query: str, **options: Any) -> tuple[SearchRequest, list[FieldError]]:
    return read_request(QueryDict(query), known=known, **options)


def test_no_parameters_ask_for_everything() -> None:
    assert read("") == (SearchRequest(), [])


def test_all_parameters_arrive_in_the_request() -> None:
    asked, errors = read(
        "q=+Wort++Schatz+&focus=lernen&focus=sehen&audience=eltern&topic=mengen&year=2024"
        "&year_from=2000&year_to=2025&sort=newest&page=3&page_size=7&locale=de"
    )
    assert errors == []
    assert asked == SearchRequest(
        query="Wort Schatz",
        filters={"focus": ("lernen", "sehen"), "audience": ("eltern",), "year": ("2024",), "topic": ("mengen",)},
        year_from=2000,
        year_to=2025,
        sort=Sort.NEWEST,
        page=3,
        page_size=7,
        locale="de",
    )


def test_empty_values_count_as_not_given() -> None:
    assert read("q=&focus=&year_from=&sort=&page=&page_size=&locale=") == (SearchRequest(), [])


def test_a_repeated_value_counts_once() -> None:
    assert read("focus=lernen&focus=lernen")[0].filters == {"focus": ("lernen",)}


def test_a_preset_value_comes_before_the_chosen_ones() -> None:
    asked, errors = read("focus=sehen", preset=SearchRequest(filters={"focus": ("lernen",)}))
    assert asked.filters == {"focus": ("lernen", "sehen")}
    assert errors == []


BAD = [
    ("page=0", "page", "0"),
    ("page=-1", "page", "-1"),
    ("page=x", "page", "x"),
    ("page=1.5", "page", "1.5"),
    ("page=10001", "page", "10001"),
    ("page=99999999999999999999999999", "page", "99999999999999999999999999"),
    ("page_size=101", "page_size", "101"),
    ("page_size=0", "page_size", "0"),
    ("sort=x", "sort", "x"),
    ("locale=xx", "locale", "xx"),
    ("year_from=999", "year_from", "999"),
    ("year_to=10000", "year_to", "10000"),
    ("year_from=zweitausend", "year_from", "zweitausend"),
    ("focus=unbekannt", "focus", "unbekannt"),
    ("topic=unbekannt", "topic", "unbekannt"),
    ("year=24", "year", "24"),
    ("year=٢٠٢٤", "year", "٢٠٢٤"),
    ("foo=bar", "foo", "bar"),
    ("foo=bar&foo=baz", "foo", "bar, baz"),
    (f"q={'x' * 301}", "q", "x" * 100),
    ("q=a%00b", "q", "a\0b"),
    ("focus=lernen%00", "focus", "lernen\0"),
]


@pytest.mark.parametrize(("query", "field", "value"), BAD, ids=[query[:30] for query, _, _ in BAD])
def test_a_bad_value_is_named_with_a_reason_and_left_out(query: str, field: str, value: str) -> None:
    asked, errors = read(query)
    assert asked == SearchRequest()
    assert [(error.field, error.value) for error in errors] == [(field, value)]
    assert errors[0].reason


def test_one_bad_value_leaves_the_others_standing() -> None:
    asked, errors = read("q=wort&focus=lernen&focus=x&page=0&sort=title")
    assert asked == SearchRequest(query="wort", filters={"focus": ("lernen",)}, sort=Sort.TITLE)
    assert [error.field for error in errors] == ["page", "focus"]


def test_an_end_before_the_start_is_dropped() -> None:
    asked, errors = read("year_from=2020&year_to=2010")
    assert (asked.year_from, asked.year_to) == (2020, None)
    assert [(error.field, error.value) for error in errors] == [("year_to", "2010")]


@pytest.mark.parametrize(("page", "size"), [(501, 20), (101, 100), (10_000, 2)])
def test_nobody_pages_beyond_the_reach(page: int, size: int) -> None:
    asked, errors = read(f"page={page}&page_size={size}")
    assert asked.page == 1
    assert [(error.field, error.value) for error in errors] == [("page", str(page))]


@pytest.mark.parametrize(("page", "size"), [(500, 20), (100, 100), (10_000, 1)])
def test_the_last_page_within_the_reach_is_fine(page: int, size: int) -> None:
    asked, errors = read(f"page={page}&page_size={size}")
    assert (asked.page, asked.page_size, errors) == (page, size, [])
    assert page * size == REACH


def test_a_query_of_300_characters_is_taken_whole() -> None:
    assert read(f"q={'x' * 300}") == (SearchRequest(query="x" * 300), [])


@pytest.mark.parametrize("character", ["\ufdfa", "\u249c", "\u2100"])
def test_characters_that_stand_for_many_count_as_many(character: str) -> None:
    asked, errors = read(f"q={quote(character * 300)}")
    assert (asked.query, [error.field for error in errors]) == ("", ["q"])


def test_more_words_than_a_question_has_are_refused() -> None:
    assert read(f"q={'+'.join(['ab'] * 50)}")[1] == []
    asked, errors = read(f"q={'+'.join(['ab'] * 51)}")
    assert asked.query == ""
    assert [error.reason for error in errors] == ["Bitte höchstens 50 Wörter eingeben."]


def test_control_characters_in_a_query_count_as_blanks() -> None:
    assert read("q=ein%01wort%7F%1B")[0].query == "ein wort"


def test_only_the_named_parameters_are_taken() -> None:
    asked, errors = read("q=wort&page_size=5", only=("q",))
    assert asked == SearchRequest(query="wort")
    assert [error.field for error in errors] == ["page_size"]


def test_parameters_are_those_of_the_contract() -> None:
    assert set(PARAMETERS) == {
        *("q", "area", "type", "focus", "audience", "level", "koopv", "school_type", "subject", "kind", "year"),
        *("license", "language", "accessibility", "topic", "year_from", "year_to", "sort", "page", "page_size"),
        *("locale", "groups"),
    }


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from([*PARAMETERS, "x", "", "Q"]), st.text(max_size=40)), max_size=12))
def test_whatever_is_sent_gives_a_valid_request(pairs: list[tuple[str, str]]) -> None:
    parameters = QueryDict(mutable=True)
    for name, value in pairs:
        parameters.appendlist(name, value)
    asked, errors = read_request(parameters, known=known)
    assert 1 <= asked.page * asked.page_size <= REACH
    assert len(asked.query) <= 300
    assert set(asked.filters) <= {"focus", "audience", "topic", "year"}
    assert all(error.reason for error in errors)
