"""Marks and passages: nothing unescaped, nothing lost, the right words marked."""

import re
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.analysis.analysers import analyser
from search.analysis.marking import Highlighter, mark
from search.analysis.tokens import Place

GERMAN = analyser("de")


def looking_for(query: str) -> Highlighter:
    marker = GERMAN.marker(GERMAN.words(query))
    assert isinstance(marker, Highlighter)
    return marker


def plain(html: str) -> str:
    return unescape(html.replace("<mark>", "").replace("</mark>", ""))


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("Buch", "Zwei Bücher.", "Zwei <mark>Bücher</mark>."),
        ("Sprache", "Die Sprachförderung", "Die <mark>Sprachförderung</mark>"),
        ("Sprachförderung", "Förderung der Sprache", "<mark>Förderung</mark> der <mark>Sprache</mark>"),
        ("Sprachförderung", "Leseförderung", "Leseförderung"),
        ("Sprachförderung", "Sprachkonzept zur Förderung", "<mark>Sprachkonzept</mark> zur <mark>Förderung</mark>"),
        ("Sprachförderung", "Die Sprache", "Die Sprache"),
        ("Sprachförderung", "Sprachförderung als Förderung", "<mark>Sprachförderung</mark> als Förderung"),
        ("Lehrer", "Für Lehrer:innen!", "Für <mark>Lehrer:innen</mark>!"),
        ("Förderung", "Forderung & <b>Förderung</b>", "Forderung &amp; &lt;b&gt;<mark>Förderung</mark>&lt;/b&gt;"),
        ("gute Bücher", "gute Bücher", "<mark>gute</mark> <mark>Bücher</mark>"),
        ("Förderschwerpunkt", "Förder-\nschwerpunkt", "<mark>Förder-\nschwerpunkt</mark>"),
        ("Förderung", "För\u00adderung", "<mark>För\u00adderung</mark>"),
        ("Lernförderung", "Lern- und Sprachförderung", "<mark>Lern</mark>- und Sprachförderung"),
        ("nichts", "", ""),
        ("1 2", "½", "<mark>½</mark>"),
    ],
)
def test_whole_words_are_marked_and_everything_is_escaped(query, text, html):
    assert looking_for(query).highlight(text) == html


def test_a_script_in_the_text_stays_text():
    html = looking_for("Buch script").highlight("<script>alert('Buch')</script>")
    assert re.sub(r"</?mark>", "", html) == "&lt;script&gt;alert(&#x27;Buch&#x27;)&lt;/script&gt;"


def test_an_empty_matcher_marks_nothing():
    assert GERMAN.marker(()).highlight("Bücher") == "Bücher"


@settings(max_examples=300, deadline=None)
@given(st.text(), st.text(max_size=30))
def test_without_marks_the_highlighted_text_is_the_text(text, query):
    html = looking_for(query).highlight(text)
    assert plain(html) == text
    assert not re.search(r"<(?!/?mark>)", html)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["Buch", "Bücher ", "<mark>", "&lt;", "</mark>", "&", " ", "ß", "\n", "½", "x"])).map(
        "".join
    )
)
def test_text_that_looks_like_markup_survives(text):
    html = looking_for("Buch x 1").highlight(text)
    assert plain(re.sub(r"<mark>(.*?)</mark>", r"\1", html, flags=re.DOTALL)) == text


PIECES = [
    *(
        "Förderung",
        "Sprach-",
        "und",
        "Lehrer:innen",
        "Lehrer/-in",
        "AD(H)S",
        "978-3-16-148410-0",
        "10jährige",
        "½",
        "…",
    ),
    *("a\u0308hnlich", "Bundes·land", "Wort\u00adteil", "Lese\u2011hilfe", "\u200b", "-therapie", "«Lesen»", "Tom’s"),
    *("\u0301x", "x²", "Förder-\nschwerpunkt", "ein*e", "\x1f", "\x85", " ", "\n", "\u00a0", "\u2009", "-", "/", ", "),
]


@example("Sprach-…FörderungFörderung", "Förderung Lehrer 1")
@example("978-3-16-148410-0FörderungFörderung", "Förderung Lehrer 1")
@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join), st.sampled_from(["Förderung Lehrer 1", "Sprachtherapie", "x2"]))
def test_piece_by_piece_the_same_words_are_marked_as_in_a_text_analysed_as_a_whole(text, query):
    marker = looking_for(query)
    hits = [token for token in GERMAN.words(text) if marker.matcher.matches(token)]
    assert marker.highlight(text) == mark(text, marker.matcher.settled(hits))


LONG = " ".join(
    ["Anfang ohne Treffer."] * 30
    + ["Hier steht etwas über Sprache und Förderung in der Schule."]
    + ["Dazwischen nur Text."] * 30
    + ["Noch einmal Förderung."]
    + ["Ende."] * 30
)


def test_the_passage_is_where_most_words_stand_together():
    html = looking_for("Sprache Förderung Schule").best_passage(LONG)
    assert html is not None
    assert "<mark>Sprache</mark> und <mark>Förderung</mark> in der <mark>Schule</mark>" in html
    assert html.startswith("…")
    assert html.endswith("…")


@pytest.mark.parametrize("length", [40, 80, 240, 1000])
def test_a_passage_keeps_its_length_and_whole_words(length):
    html = looking_for("Sprache").best_passage(LONG, length)
    assert html is not None
    body = plain(html).strip("…")
    assert len(body) <= length
    assert set(body.split()) <= set(LONG.split())
    assert body in LONG


def test_no_match_gives_no_passage():
    assert looking_for("Sprache").best_passage("Ganz andere Worte") is None
    assert looking_for("Sprache").best_passage("") is None


def test_a_short_text_is_shown_whole():
    assert looking_for("Sprache").best_passage("Die Sprache.") == "Die <mark>Sprache</mark>."


def test_a_passage_at_the_end_uses_the_room_before_it():
    html = looking_for("Sprache").best_passage("Wort " * 200 + "Sprache", 100)
    assert html is not None
    assert html.endswith("<mark>Sprache</mark>")
    assert 90 <= len(plain(html)) <= 101


def test_a_match_longer_than_the_passage_is_still_shown():
    word = "Donaudampfschifffahrtsgesellschaft"
    html = looking_for(word).best_passage(f"vorher {word} nachher", 10)
    assert html is not None
    assert f"<mark>{word}</mark>" in html


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.integers(min_value=0, max_value=60))
def test_a_passage_is_a_piece_of_the_text(text, length):
    source = text + " Sprache " + text
    html = looking_for("Sprache").best_passage(source, length)
    assert html is not None
    assert "<mark>" in html
    body = plain(html)
    assert any(
        candidate.strip() in source
        for candidate in (
            body,
            body.removeprefix("…"),
            body.removesuffix("…"),
            body.removeprefix("…").removesuffix("…"),
        )
    )


def test_what_is_marked_is_escaped_too() -> None:
    assert mark("a <b> c", [Place(2, 5, "b", (), (), "b")]) == "a <mark>&lt;b&gt;</mark> c"
