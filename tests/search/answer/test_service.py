"""From a SearchRequest to what a page shows, on a handful of entries: words, mending, filters, order, paging."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.declared.searchable import ConceptValue, Passage
from library.models import LibraryIndexPage
from search.answer.helping import COUNTED_WITHOUT
from search.answer.lists import newest
from search.answer.service import last_page
from search.engines.current import get_engine
from search.models import Pin, SynonymSet
from search.page.links import pages
from search.page.results import ResultsPage
from search.question.request import SearchRequest
from search.question.tree import Sort
from tests.published import index_entries, index_entry
from tests.searching import search

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 5, number, 12, tzinfo=datetime.UTC)


SHELF: dict[int, dict[str, Any]] = {
    1: {
        "title": "Nasser Sand",
        "summary": "Formen und Fühlen.",
        "body": "Kinder formen nassen Sand.",
        "topic": ["sinne"],
        "year": 2024,
        "date": day(3),
    },
    2: {
        "title": "Sandburgen",
        "summary": "Bauen im Sandkasten.",
        "body": "Erst trockener, dann nasser Sand.",
        "focus": ["sehen"],
        "year": 2023,
        "date": day(5),
    },
    3: {
        "title": "Die Uhr lesen",
        "summary": "Zeigerstellung üben.",
        "audience": ["eltern"],
        "year": 2020,
        "date": day(1),
    },
    4: {
        "title": "Wecker",
        "summary": "Eine Uhr, die klingelt.",
        "focus": ["lernen", "sehen"],
        "date": day(4),
    },
    5: {"title": "Der Mond", "summary": "Ein Sachbuch.", "type": "book", "people": ("Ada Muster",), "date": day(2)},
}


def titles(results: ResultsPage) -> list[str]:
    return [hit.title for hit in results.hits]


def ask(query: str = "", **values: Any) -> ResultsPage:
    return search(SearchRequest(query=query, **values))


def counts(results: ResultsPage, name: str) -> dict[str, int]:
    return {value.slug: value.count for facet in results.facets if facet.name == name for value in facet.values}


@pytest.fixture
def shelf(empty_index: Path) -> None:
    """Five entries in an index: about sand, clocks and a book about the moon."""
    index_entries(SHELF)


@pytest.mark.usefixtures("shelf")
class TestWords:
    """What the words of a query find."""

    def test_more_words_change_the_order_and_hide_nothing(self) -> None:
        assert titles(ask("nasser sand")) == ["Nasser Sand", "Sandburgen"]
        assert set(titles(ask("nasser sand kasten"))) == {"Sandburgen", "Nasser Sand"}
        assert not ask("nasser sand kasten").relaxed
        assert titles(ask("trockener sand"))[0] == "Sandburgen"

    def test_by_date_and_title_only_what_covers_nearly_all_words_is_listed(self) -> None:
        for sort in (Sort.NEWEST, Sort.TITLE):
            assert titles(ask("nasser sand kasten", sort=sort)) == ["Sandburgen"]

    def test_what_is_found_is_asked_for_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        engine = get_engine()
        asked: list[str] = []
        for name in ("search", "totals", "frequencies", "terms_near", "passages"):
            method = getattr(engine, name)
            monkeypatch.setattr(
                engine, name, lambda *values, name=name, method=method: asked.append(name) or method(*values)
            )
        assert ask("nasser sand").total == 2
        # How rare the words are, whether a page holds them all, the hits, and what of them is shown.
        assert asked == ["frequencies", "totals", "search", "passages"]

    def test_when_no_entry_holds_all_words_those_with_most_are_shown_and_it_is_said(self) -> None:
        results = ask("nasser sand wecker")
        assert results.relaxed
        assert titles(results)[0] == "Nasser Sand"
        assert set(titles(results)) == {"Nasser Sand", "Sandburgen", "Wecker"}

    def test_filters_that_leave_nothing_do_not_change_what_the_words_mean(self) -> None:
        results = ask("nasser sand", filters={"audience": ("eltern",)})
        assert (results.total, results.relaxed) == (0, False)
        assert counts(results, "audience") == {"lehrkraefte": 2, "eltern": 0}

    def test_years_that_leave_nothing_do_not_change_what_the_words_mean(self) -> None:
        results = ask("nasser sand", year_from=2030)
        assert (results.total, results.relaxed) == (0, False)

    def test_a_mistyped_word_is_mended_and_it_is_said(self) -> None:
        results = ask("Sandbrugen")
        assert titles(results) == ["Sandburgen"]
        assert [(typed, used.lower()) for typed, used in results.corrected] == [("Sandbrugen", "sandburgen")]
        assert (results.did_you_mean or "").lower() == "sandburgen"
        assert results.did_you_mean_url.lower() == "/suche/?q=sandburgen"

    def test_mending_one_word_leaves_others_that_hold_it_alone(self) -> None:
        results = ask("Sandbrugen Sandbrugenqqxyzzy")
        assert (results.did_you_mean or "").lower() == "sandburgen sandbrugenqqxyzzy"

    def test_beside_a_word_found_nowhere_common_words_are_no_answer_but_shown_as_near(self) -> None:
        results = ask("wecker qqxyzzy")
        assert (titles(results), results.far, results.ignored_words) == ([], True, ("qqxyzzy",))
        assert [hit.title for hit in results.near] == ["Wecker"]

    def test_beside_a_word_found_nowhere_those_that_say_the_rest_are_found_and_it_is_said(self) -> None:
        results = ask("wecker klingelt qqxyzzy")
        assert titles(results) == ["Wecker"]
        assert (results.far, results.relaxed, results.ignored_words) == (False, True, ("qqxyzzy",))

    def test_only_words_found_nowhere_find_nothing_and_it_is_said(self) -> None:
        results = ask("qqxyzzy")
        assert (results.total, results.ignored_words, results.did_you_mean) == (0, ("qqxyzzy",), None)
        assert (results.far, results.near) == (True, ())

    def test_no_word_of_an_ended_entry_is_offered_or_kept(self) -> None:
        index_entry(9, "Zwirbelquark", expires_at=timezone.now() + datetime.timedelta(hours=1))
        assert titles(ask("Zwirbelqaurk")) == titles(ask("Zwirbelquark")) == ["Zwirbelquark"]
        index_entry(9, "Zwirbelquark", expires_at=timezone.now() - datetime.timedelta(seconds=1))
        assert get_engine().terms_near(["zwirbelqaurk"])[0], "the index itself still knows the word"
        for query in ("Zwirbelqaurk", "Zwirbelquark"):
            results = ask(query)
            assert (results.total, results.did_you_mean, results.corrected) == (0, None, ())
        assert ask("wecker Zwirbelquark").ignored_words == ("Zwirbelquark",)

    def test_no_word_of_a_removed_entry_is_offered_or_kept(self) -> None:
        index_entry(9, "Zwirbelquark")
        get_engine().delete({9: 1})
        assert ask("Zwirbelqaurk").did_you_mean is None
        assert ask("wecker Zwirbelquark").ignored_words == ("Zwirbelquark",)

    def test_no_word_of_another_locale_is_offered_or_kept(self) -> None:
        index_entry(9, "Zwirbelquark", locale="de-simple")
        assert ask("Zwirbelqaurk").did_you_mean is None
        assert ask("wecker Zwirbelquark").ignored_words == ("Zwirbelquark",)
        assert titles(ask("Zwirbelquark", locale="de-simple")) == ["Zwirbelquark"]

    def test_a_phrase_stands_word_by_word(self) -> None:
        assert titles(ask('"trockener dann nasser Sand"')) == ["Sandburgen"]
        assert titles(ask('"sand nasser"')) == []

    def test_an_excluded_word_takes_its_entries_out(self) -> None:
        assert titles(ask("uhr -wecker")) == ["Die Uhr lesen"]
        assert [hit.title for hit in ask("wecker qqxyzzy -klingelt").near] == []

    def test_an_author_is_found(self) -> None:
        assert titles(ask("ada muster")) == ["Der Mond"]

    def test_an_isbn_is_found_in_any_spelling(self) -> None:
        index_entry(9, "Ein Buch", type="book", identifiers=("9783161484100", "316148410x"))
        assert titles(ask("3-16-148410-X")) == titles(ask("ISBN 978-3-16-148410-0")) == ["Ein Buch"]

    def test_synonyms_work_at_once(self) -> None:
        assert titles(ask("zeitmesser")) == []
        SynonymSet.objects.create(words="Zeitmesser\nWecker")
        assert titles(ask("zeitmesser")) == ["Wecker"]


@pytest.mark.usefixtures("shelf")
class TestFilters:
    """What the filters leave, count and link to."""

    def test_values_of_one_facet_add_up(self) -> None:
        assert ask(filters={"focus": ("lernen", "sehen")}).total == 5
        assert titles(ask(filters={"audience": ("eltern",)})) == ["Die Uhr lesen"]

    def test_facets_narrow_each_other(self) -> None:
        both = ask(filters={"focus": ("sehen",), "type": ("material",)}, sort=Sort.TITLE)
        assert titles(both) == ["Sandburgen", "Wecker"]
        assert ask(filters={"focus": ("sehen",), "type": ("book",)}).total == 0

    def test_a_facet_counts_what_each_value_would_leave_under_the_other_facets(self) -> None:
        results = ask(filters={"focus": ("sehen",)})
        assert counts(results, "focus") == {"sehen": 2, "lernen": 4}
        assert counts(results, "audience") == {"lehrkraefte": 2}
        assert counts(results, "type") == {"material": 2}

    def test_a_chosen_value_without_hits_stays_on_show_with_zero(self) -> None:
        results = ask("mond", filters={"focus": ("sehen",)})
        facets = {facet.name: facet for facet in results.facets}
        (value,) = [value for value in facets["focus"].values if value.selected]
        assert (value.slug, value.label, value.count) == ("sehen", "Sehen", 0)

    def test_chips_name_every_filter_and_lead_to_the_search_without_it(self) -> None:
        results = ask("sand", filters={"focus": ("lernen", "sehen")}, year_from=2000, sort=Sort.TITLE)
        assert [(chip.facet, chip.label, chip.remove_url) for chip in results.chips] == [
            ("focus", "Lernen", "/suche/?q=sand&focus=sehen&year_from=2000&sort=title"),
            ("focus", "Sehen", "/suche/?q=sand&focus=lernen&year_from=2000&sort=title"),
            ("year_from", "2000", "/suche/?q=sand&focus=lernen&focus=sehen&sort=title"),
        ]
        assert results.clear_url == "/suche/?q=sand&sort=title"

    def test_years_are_a_range_with_both_ends(self) -> None:
        assert titles(ask(year_from=2020, year_to=2023, sort=Sort.TITLE)) == ["Die Uhr lesen", "Sandburgen"]
        assert titles(ask(year_from=2024)) == ["Nasser Sand"]
        assert titles(ask(year_to=2020)) == ["Die Uhr lesen"]

    def test_other_locales_are_another_stock(self) -> None:
        index_entry(31, "Sand castles", locale="en")
        assert titles(ask(locale="en")) == ["Sand castles"]

    def test_a_card_names_the_narrowest_concepts_only(self) -> None:
        narrow = "lernen-sprache-emotionale-soziale-entwicklung"
        broader = ("lernen", "sprache", "emotionale-soziale-entwicklung")
        index_entry(9, "Für drei", focus=[ConceptValue(narrow, (narrow,), broader)])
        (hit,) = ask("drei").hits
        assert {label.slug for label in hit.labels["focus"]} == {narrow, *broader}
        assert [label.slug for label in hit.shown["focus"]] == [narrow]
        assert counts(ask("drei"), "focus") == dict.fromkeys([narrow, *broader], 1)


@pytest.mark.usefixtures("shelf")
class TestOrder:
    """Which entry comes where, and on which page."""

    NEWEST = ("Sandburgen", "Wecker", "Nasser Sand", "Der Mond", "Die Uhr lesen")

    def test_without_words_the_newest_lead(self) -> None:
        assert titles(ask()) == titles(ask(sort=Sort.NEWEST)) == list(self.NEWEST)
        assert tuple(hit.payload["title"] for hit in newest(2, "de")) == self.NEWEST[:2]

    def test_with_words_the_newest_lead_only_when_asked_for(self) -> None:
        assert titles(ask("sand")) == ["Nasser Sand", "Sandburgen"]
        assert titles(ask("sand", sort=Sort.NEWEST)) == ["Sandburgen", "Nasser Sand"]

    def test_titles_sort_as_in_a_german_card_index(self) -> None:
        index_entries({9: {"title": "Öl"}, 10: {"title": "äpfel"}, 11: {"title": "Zahl"}, 12: {"title": "Oma"}})
        assert titles(ask(sort=Sort.TITLE)) == [
            *("äpfel", "Der Mond", "Die Uhr lesen", "Nasser Sand", "Öl", "Oma", "Sandburgen", "Wecker", "Zahl"),
        ]

    def test_pages_follow_each_other_without_gap_or_repeat(self) -> None:
        seen = [ask(page=number, page_size=2, sort=Sort.TITLE) for number in (1, 2, 3)]
        assert [title for results in seen for title in titles(results)] == titles(ask(sort=Sort.TITLE))
        assert [(results.first_number, results.last_number) for results in seen] == [(1, 2), (3, 4), (5, 5)]
        assert (seen[0].previous_url, seen[0].next_url) == ("", "/suche/?sort=title&page=2")
        assert (seen[2].previous_url, seen[2].next_url) == ("/suche/?sort=title&page=2", "")

    def test_a_pinned_entry_leads_while_its_time_lasts(self, library: LibraryIndexPage) -> None:
        index_entry(library.pk, "Von der Redaktion empfohlen")
        today = timezone.localdate()
        pin = Pin.objects.create(query="Sand", page=library, order=1, start=today, end=today)
        assert titles(ask("sand"))[0] == "Von der Redaktion empfohlen"
        assert titles(ask("sand", filters={"focus": ("sehen",)})) == ["Sandburgen"]
        assert titles(ask("sand -empfohlen")) == ["Nasser Sand", "Sandburgen"]
        pin.end = pin.start = today - datetime.timedelta(days=1)
        pin.save()
        assert titles(ask("sand")) == ["Nasser Sand", "Sandburgen"]


def test_page_links_name_first_last_and_those_around_with_gaps() -> None:
    def numbers(page: int, total: int) -> list[int | None]:
        asked = SearchRequest(page=page)
        return [link.number for link in pages(asked, last_page(asked, total), "/suche/")]

    assert numbers(1, 20) == []
    assert numbers(1, 21) == [1, 2]
    assert numbers(1, 400) == [1, 2, 3, None, 20]
    assert numbers(4, 400) == [1, 2, 3, 4, 5, 6, None, 20]
    assert numbers(5, 400) == [1, 2, 3, 4, 5, 6, 7, None, 20]
    assert numbers(10, 400) == [1, None, 8, 9, 10, 11, 12, None, 20]
    assert numbers(20, 400) == [1, None, 18, 19, 20]


def test_the_last_page_lies_within_the_reach_of_the_engine() -> None:
    assert last_page(SearchRequest(), 0) == 1
    assert last_page(SearchRequest(), 41) == 3
    assert last_page(SearchRequest(), 1_000_000) == 500


@pytest.mark.usefixtures("shelf")
class TestHits:
    """What a hit shows of the match."""

    def test_a_hit_shows_the_words_that_matched(self) -> None:
        (hit,) = ask("trockener").hits
        assert hit.title_marked == "Sandburgen"
        assert [str(text) for text in hit.passages] == ["Erst <mark>trockener</mark>, dann nasser Sand."]
        (hit,) = ask("wecker").hits
        assert str(hit.title_marked) == "<mark>Wecker</mark>"

    def test_an_attachment_that_matched_is_named_with_its_page(self) -> None:
        passage = Passage("Das Zwirbelquark steht hier.", "file", "Anhang", "/documents/1/a.pdf#page=3", 3)
        index_entry(9, "Blatt", passages=(passage,))
        (hit,) = ask("Zwirbelquark").hits
        assert [(file.title, file.url, file.page, str(file.text)) for file in hit.files] == [
            ("Anhang", "/documents/1/a.pdf#page=3", 3, "Das <mark>Zwirbelquark</mark> steht hier.")
        ]
        assert hit.passages == ()

    def test_markup_in_an_entry_comes_out_escaped(self) -> None:
        evil = '<script>alert(1)</script> "><img src=x onerror=alert(2)> Zwirbelquark'
        index_entry(9, evil, summary=evil, body=evil)
        (hit,) = ask("Zwirbelquark").hits
        for text in (hit.title_marked, hit.summary_marked, *hit.passages):
            assert "<mark>Zwirbelquark</mark>" in text
            assert "<" not in str(text).replace("<mark>", "").replace("</mark>", "")
        assert hit.title == evil


# Nothing found ----------------------------------------------------------------------------------


def without(results: ResultsPage) -> dict[str, int | None]:
    return {chip.label: chip.count_without for chip in results.chips}


def test_with_hits_nothing_is_counted_without_filters(shelf: None) -> None:
    results = ask("sand", filters={"focus": ("sehen",)})
    assert (without(results), results.clear_count, results.near_words) == ({"Sehen": None}, None, ())


def test_an_empty_result_tells_what_each_filter_hides(shelf: None) -> None:
    results = ask("uhr", filters={"focus": ("hoeren",), "audience": ("eltern",)}, year_from=2000)
    assert results.total == 0
    assert without(results) == {"Hören": 1, "Eltern": 0, "2000": 0}
    assert results.clear_count == 2
    assert [chip.label for chip in results.ways_out] == ["Hören"]
    for chip in results.ways_out:
        assert chip.remove_url == "/suche/?q=uhr&audience=eltern&year_from=2000"


def test_one_filter_alone_is_not_counted_twice(shelf: None) -> None:
    results = ask("uhr", filters={"focus": ("hoeren",)})
    assert (without(results), results.clear_count) == ({"Hören": 2}, None)


def test_counts_without_a_filter_are_what_its_address_finds(shelf: None) -> None:
    filters = {"focus": ("hoeren", "autismus"), "type": ("book",)}
    for chip in ask("sand", filters=filters).chips:
        name = next(name for name, values in filters.items() if chip.facet == name)
        slug = {"Hören": "hoeren", "Autismus (Querschnitt)": "autismus"}.get(chip.label, "book")
        left = {**filters, name: tuple(value for value in filters[name] if value != slug)}
        assert chip.count_without == ask("sand", filters={key: values for key, values in left.items() if values}).total


def test_however_many_filters_the_engine_is_asked_a_limited_number_of_times(
    shelf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = get_engine()
    asked: list[str] = []
    for name in ("search", "totals", "frequencies", "terms_near", "passages"):
        method = getattr(engine, name)
        monkeypatch.setattr(
            engine, name, lambda *values, name=name, method=method: asked.append(name) or method(*values)
        )
    results = ask("sand", filters={"year": tuple(str(year) for year in range(1900, 1990))})
    assert len(results.chips) == 90
    assert len([chip for chip in results.chips if chip.count_without is not None]) == COUNTED_WITHOUT
    assert len(asked) < 10


def test_a_word_that_stands_nowhere_leads_to_words_that_begin_alike(shelf: None) -> None:
    results = ask("sandburgherr")
    assert results.total == 0 or results.near_words == ()
    results = ask("zeigerzwirbel")
    assert [(near.word, near.url) for near in results.near_words] == [("Zeigerstellung", "/suche/?q=Zeigerstellung")]


def test_similar_words_are_only_those_that_readers_may_see(empty_index: Path, db: None) -> None:
    index_entry(1, title="Zeigerstellung", expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert ask("zeigerzwirbel").near_words == ()
