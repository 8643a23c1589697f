"""A language by stop words and stems: what every analyser does, without what German needs besides."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Stemmer import Stemmer

from search import words
from search.analysis import analysers
from search.analysis.languages.german import German
from search.analysis.languages.plain import Plain
from search.models import LexiconWord


class Danish(Plain):
    """A language as a stranger would write it."""

    stop_words = frozenset({"og", "i"})

    def stem(self, word: str) -> str:
        return str(Stemmer("da", 0).stemWord(word))


DANISH = Danish()


def test_forms_of_a_word_are_one_term_and_each_stays_a_word() -> None:
    analysed = DANISH.text("Skolerne og skolen")
    assert analysed.words == "skolerne og skolen"
    assert analysed.terms == "skol ~skol og ~og skol ~skol"
    assert DANISH.label("Skolen") is DANISH.label("Skolen")


def test_a_question_becomes_the_terms_of_the_text_with_its_places() -> None:
    tokens = DANISH.words("i Skolerne")
    assert [(token.text, token.start, token.end, token.lemmas) for token in tokens] == [
        ("i", 0, 1, ("i",)),
        ("Skolerne", 2, 10, ("skol",)),
    ]
    assert [token.is_stopword for token in tokens] == [True, False]
    assert tokens[1].shown == "skolerne"
    assert DANISH.joined_verb(tokens) == tokens
    assert [(pair.first.word, pair.second.word, pair.closed) for pair in DANISH.neighbours(tokens)] == [
        ("i", "skolerne", None)
    ]


def test_every_form_is_marked_and_all_else_escaped() -> None:
    marker = DANISH.marker(DANISH.words("skole"))
    assert marker.highlight("<b> Skolerne, skolen") == "&lt;b&gt; <mark>Skolerne</mark>, <mark>skolen</mark>"
    assert marker.best_passage("Huset") is None


def test_a_text_with_what_moves_its_letters_is_marked_where_it_stands() -> None:
    text = "ﬁn sko\u00adlen"
    assert DANISH.marker(DANISH.words("skole")).highlight(text) == "ﬁn <mark>sko\u00adlen</mark>"


def test_without_a_stemmer_a_word_is_found_by_itself() -> None:
    assert Plain().text("Śkoła").terms == "skola ~skola"


def test_what_no_lexicon_tells_is_left_as_it_is() -> None:
    assert list(DANISH.halves("skolebog")) == []
    assert DANISH.spelling("skole") == DANISH.as_shown("skole", "Skole") == "skole"
    assert DANISH.hyphenated("specialundervisning", 5) == "specialundervisning"


def test_the_name_follows_language_stop_words_and_revision() -> None:
    class Later(Danish):
        revision = 2

    Later.__name__ = "Danish"
    fewer = type("Danish", (Danish,), {"stop_words": frozenset({"og"})})
    assert Danish().name == DANISH.name
    assert len({DANISH.name, Later().name, fewer().name, Plain().name, German().name}) == 5


@given(st.text(max_size=60))
def test_any_text_is_read_and_marking_leaves_it_as_it_is(text: str) -> None:
    tokens = DANISH.words(text)
    assert all(token.text == text[token.start : token.end] for token in tokens)
    assert [token.word for token in tokens] == [word.word for word in DANISH.read(text)]
    marked = DANISH.marker(tokens).highlight(text)
    assert marked.replace("<mark>", "").replace("</mark>", "") == escape(text)


@pytest.mark.parametrize("locale", analysers.ANALYSERS)
def test_halves_of_signs_are_in_no_word(locale: str) -> None:
    text = analysers.analyser(locale).text("Wort\ud800teil \udc00 Wort")
    assert text.words == "wort teil wort"


@pytest.mark.django_db
def test_an_index_is_named_by_the_analyser_of_its_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    german = words.analysis_name()
    assert german == words.current("de").name
    monkeypatch.setattr(analysers, "ANALYSERS", {"de": German, "da": Danish})
    LexiconWord.objects.create(word="blumsa")
    assert words.analysis_name() != german
    assert words.analysis_name("da") == DANISH.name, "an editor's word is German"
