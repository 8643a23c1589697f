"""Synonyms and pins in memory: right after every change, in every process, for one query a search."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from search.analysis.analysers import analyser
from search.management.commands import load_synonyms
from search.models import LexiconWord, Pin, SynonymSet
from search.question import editorial as editors
from search.question import synonyms
from search.question.editorial import Editorial
from search.question.synonyms import Synonyms, key_of
from search.words import current
from tests.published import add_page

GERMAN = analyser("de")


def content_tokens(text: str) -> synonyms.Entry:
    return synonyms.content_tokens(text, GERMAN)


def editorial() -> Editorial:
    return editors.editorial(GERMAN)


def others(sets: list[list[str]], text: str) -> list[tuple[int, int, list[str]]]:
    """Return start, end and the other entries of each match, words joined."""
    return [
        (match.start, match.end, [" ".join(token.text for token in entry) for entry in match.others])
        for match in Synonyms(sets, GERMAN).matches(GERMAN.words(text))
    ]


def test_each_entry_brings_the_others() -> None:
    sets = [["Förderplan", "Entwicklungsplan", "individueller Lernplan"]]
    assert others(sets, "Förderplan") == [(0, 1, ["Entwicklungsplan", "individueller Lernplan"])]
    assert others(sets, "einen Entwicklungsplan schreiben") == [(1, 2, ["Förderplan", "individueller Lernplan"])]


def test_form_of_the_word_does_not_matter() -> None:
    assert others([["Förderplan", "Entwicklungsplan"]], "Förderpläne") == [(0, 1, ["Entwicklungsplan"])]
    assert others([["Buch", "Werk"]], "buecher") == [(0, 1, ["Werk"])]


def test_longest_entry_wins_and_matches_do_not_overlap() -> None:
    sets = [["leichte Sprache", "einfach"], ["Sprache", "Rede"]]
    assert others(sets, "leichte Sprache") == [(0, 2, ["einfach"])]
    assert others(sets, "Sprache und leichte Sprache") == [(0, 1, ["Rede"]), (2, 4, ["einfach"])]


def test_of_entries_that_begin_alike_the_longer_wins_in_any_order() -> None:
    sets = [["leichte Sprache", "einfach"], ["leichte", "mühelos"]]
    for ordered in (sets, sets[::-1]):
        assert others(ordered, "leichte Sprache") == [(0, 2, ["einfach"])]


def test_entry_that_goes_beyond_the_query_does_not_match() -> None:
    assert others([["leichte Sprache", "einfach"]], "leichte") == []


def test_word_of_two_sets_brings_both() -> None:
    assert others([["Kind", "Schüler"], ["Kind", "Nachwuchs"]], "Kind") == [(0, 1, ["Schüler", "Nachwuchs"])]


def test_word_without_a_set_matches_nothing() -> None:
    assert others([["Kind", "Schüler"]], "Lehrkraft") == []
    assert others([], "Lehrkraft") == []
    assert others([["", "..."]], "Lehrkraft") == []


def test_key_is_the_same_for_other_forms_and_orders() -> None:
    assert key_of(content_tokens("Förderpläne für Kinder")) == key_of(content_tokens("Kind Förderplan"))
    assert key_of(content_tokens("Förderplan")) != key_of(content_tokens("Förderpläne schreiben"))


def test_function_words_alone_are_kept() -> None:
    assert [token.word for token in content_tokens("der die das")] == ["der", "die", "das"]
    assert [token.word for token in content_tokens("der Plan")] == ["plan"]


@pytest.mark.django_db
def test_change_works_at_once_and_costs_one_query(django_assert_num_queries: Any) -> None:
    row = SynonymSet.objects.create(words="Blumsa\nKonter")
    tokens = GERMAN.words("Blumsa")
    assert len(editorial().synonyms.matches(tokens)) == 1
    with django_assert_num_queries(1):
        known = editorial()
    with django_assert_num_queries(1):
        assert editorial() is known
    row.words = "Anderes\nKonter"
    row.save()
    assert editorial().synonyms.matches(tokens) == []
    row.delete()
    assert editorial().synonyms.matches(GERMAN.words("Konter")) == []


@pytest.mark.django_db
def test_editors_word_reaches_the_analysis_of_queries() -> None:
    before = current("de").name
    LexiconWord.objects.create(word="blumsa")
    LexiconWord.objects.create(word="konter")
    assert "+blumsa" in current("de").text("Blumsakonter").terms.split()
    LexiconWord.objects.all().delete()
    assert "+blumsa" not in current("de").text("Blumsakonter").terms.split()
    assert current("de").name == before


@pytest.mark.django_db
def test_pins_by_order_and_day(library: Any) -> None:
    pages = [add_page(library, f"seite-{number}") for number in range(4)]
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    Pin.objects.create(query="Förderpläne", page=pages[0], order=2)
    Pin.objects.create(query="förderplan", page=pages[1], order=1, start=today, end=today)
    Pin.objects.create(query="Förderplan", page=pages[2], order=1, start=today + day)
    Pin.objects.create(query="Förderplan", page=pages[3], order=1, end=today - day)
    key = key_of(content_tokens("Förderplan"))
    assert editorial().pins[key] == (pages[1].pk, pages[0].pk)


@pytest.mark.django_db
def test_pin_of_yesterday_is_gone_today(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    Pin.objects.create(query="Förderplan", page=add_page(library, "seite"), end=today)
    key = key_of(content_tokens("Förderplan"))
    assert key in editorial().pins
    monkeypatch.setattr(timezone, "localdate", lambda *args: today + datetime.timedelta(days=1))
    assert key not in editorial().pins


@pytest.mark.parametrize("words", ["", "Kind", "Kind\nKIND", "Kind\n...", "Kind\n\n"])
def test_set_of_fewer_than_two_words_is_refused(words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SynonymSet(words=words).clean()
    assert "words" in caught.value.message_dict


@pytest.mark.parametrize("word", ["", "zwei Wörter", "Wort1", "=", "==Wort", "-"])
def test_lexicon_takes_one_word_of_letters(word: str) -> None:
    with pytest.raises(ValidationError):
        LexiconWord(word=word).clean()


@pytest.mark.parametrize("word", [" Wort ", "=Ganzwort", "Übermut"])
def test_lexicon_takes_words_and_whole_words(word: str) -> None:
    row = LexiconWord(word=word)
    row.clean()
    assert row.word == word.strip()


@pytest.mark.django_db
def test_shipped_sets_are_loaded_once_and_kept_as_edited() -> None:
    SynonymSet.objects.all().delete()
    call_command("load_synonyms", verbosity=0)
    count = SynonymSet.objects.count()
    assert count > 10
    row = SynonymSet.objects.exclude(key=None)[0]
    row.words = "eins\nzwei"
    row.save()
    call_command("load_synonyms", verbosity=0)
    assert SynonymSet.objects.count() == count
    assert SynonymSet.objects.get(pk=row.pk).words == "eins\nzwei"


@pytest.mark.django_db
def test_shipped_sets_pass_the_editors_own_rules() -> None:
    call_command("load_synonyms", verbosity=0)
    for row in SynonymSet.objects.all():
        row.full_clean()


@pytest.mark.django_db
def test_unreadable_data_file_is_one_clear_line(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "synonyms.toml"
    path.write_text("sets = {")
    monkeypatch.setattr(load_synonyms, "DATA", path)
    with pytest.raises(CommandError, match=r"synonyms\.toml cannot be read"):
        call_command("load_synonyms")
