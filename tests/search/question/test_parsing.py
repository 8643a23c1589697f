"""How a typed query is taken apart: words, phrases, exclusions, identifiers, synonyms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.analysers import analyser
from search.analysis.languages.german import Token
from search.question import parsing
from search.question.parsing import ParsedQuery
from search.question.ranking import is_empty
from search.question.synonyms import Synonyms

GERMAN = analyser("de")
NONE = Synonyms([], GERMAN)


def parse(text: str, synonyms: Synonyms) -> ParsedQuery:
    return parsing.parse(text, synonyms, GERMAN)


def texts(entries: object) -> list[str]:
    """Return entries as the words that were typed."""
    return [" ".join(token.text for token in entry) for entry in entries]


def clauses(parsed: ParsedQuery) -> list[str]:
    return texts(clause.typed for clause in parsed.clauses)


def test_every_word_is_a_clause() -> None:
    parsed = parse("sachaufgaben leseschwache kinder", NONE)
    assert clauses(parsed) == ["sachaufgaben", "leseschwache", "kinder"]
    assert texts([parsed.words]) == ["sachaufgaben leseschwache kinder"]


def test_stopwords_are_left_out() -> None:
    assert clauses(parse("sachaufgaben für die kinder", NONE)) == ["sachaufgaben", "kinder"]


def test_a_query_of_stopwords_alone_is_taken_as_typed() -> None:
    assert clauses(parse("was ist das", NONE)) == ["was", "ist", "das"]


@pytest.mark.parametrize("query", ['"nasser Sand"', "„nasser Sand“", "“nasser Sand”", "»nasser Sand«", "«nasser Sand»"])
def test_quotes_of_every_kind_make_a_phrase(query: str) -> None:
    parsed = parse(query, NONE)
    assert texts(parsed.phrases) == ["nasser Sand"]
    assert parsed.clauses == ()


def test_a_phrase_keeps_its_stopwords() -> None:
    assert texts(parse('"was ist das"', NONE).phrases) == ["was ist das"]


@pytest.mark.parametrize("minus", "-−–")
def test_a_minus_before_a_word_excludes_it(minus: str) -> None:
    parsed = parse(f"lesen {minus}englisch", NONE)
    assert clauses(parsed) == ["lesen"]
    assert texts(parsed.excluded) == ["englisch"]


def test_a_minus_before_quotes_excludes_the_phrase() -> None:
    parsed = parse('lesen -"zweite Klasse"', NONE)
    assert clauses(parsed) == ["lesen"]
    assert texts(parsed.excluded) == ["zweite Klasse"]


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    parsed = parse("Sprach-Förderung", NONE)
    assert parsed.excluded == ()
    assert clauses(parsed) == ["Sprach-Förderung"]


def test_a_dash_between_blanks_excludes_nothing() -> None:
    parsed = parse("lesen - schreiben", NONE)
    assert parsed.excluded == ()
    assert clauses(parsed) == ["lesen", "schreiben"]


@pytest.mark.parametrize(
    "query", ["9783161484100", "978-3-16-148410-0", "ISBN 978-3-16-148410-0", "ISBN: 3-16-148410-X", "316148410x"]
)
def test_a_valid_isbn_is_an_identifier_in_any_spelling(query: str) -> None:
    parsed = parse(query, NONE)
    assert parsed.identifiers == ("9783161484100",)
    assert parsed.clauses == ()


def test_a_number_with_a_wrong_check_digit_stays_a_word() -> None:
    parsed = parse("9783161484101", NONE)
    assert parsed.identifiers == ()
    assert clauses(parsed) == ["9783161484101"]


def test_words_beside_an_isbn_are_still_looked_for() -> None:
    parsed = parse("lesen 9783161484100", NONE)
    assert (parsed.identifiers, clauses(parsed)) == (("9783161484100",), ["lesen"])


@pytest.mark.parametrize("query", ["", "   ", '"', '""', "-", "--", "!?", "„“", "🦉", '- "" „', "\u202e"])
def test_what_has_no_word_asks_for_everything(query: str) -> None:
    parsed = parse(query, NONE)
    assert is_empty(parsed)
    assert parsed.excluded == ()


def test_an_open_quote_is_no_phrase() -> None:
    parsed = parse('"nasser Sand', NONE)
    assert parsed.phrases == ()
    assert clauses(parsed) == ["nasser", "Sand"]


def test_only_an_exclusion_asks_for_everything_else() -> None:
    parsed = parse("-englisch", NONE)
    assert is_empty(parsed)
    assert texts(parsed.excluded) == ["englisch"]


def test_a_synonym_stands_beside_the_typed_word() -> None:
    synonyms = Synonyms([["LRS", "Legasthenie"]], GERMAN)
    parsed = parse("LRS Material", synonyms)
    assert clauses(parsed) == ["LRS", "Material"]
    assert [texts(clause.others) for clause in parsed.clauses] == [["Legasthenie"], []]


def test_words_that_a_synonym_covers_together_form_one_clause() -> None:
    synonyms = Synonyms([["leichte Sprache", "Einfachdeutsch"]], GERMAN)
    parsed = parse("texte leichte Sprache kinder", synonyms)
    assert clauses(parsed) == ["texte", "leichte Sprache", "kinder"]


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_nothing_a_reader_types_is_an_error(text: str) -> None:
    parsed = parse(text, NONE)
    entries = [*parsed.phrases, *parsed.excluded, *(clause.typed for clause in parsed.clauses)]
    assert all(isinstance(token, Token) for entry in entries for token in entry)
    assert all(entries)


@pytest.mark.parametrize("query", ["„Model C“-Schulen", '"Model C"-Schulen seit Ende', "«Tandem»–Lesen üben"])
def test_a_hyphen_behind_quotes_excludes_nothing(query: str) -> None:
    parsed = parse(query, NONE)
    assert len(parsed.phrases) == 1
    assert parsed.excluded == ()
    assert len(clauses(parsed)) >= 1


@pytest.mark.parametrize(
    "query",
    [
        "978\u20113\u201116\u2011148410\u20110",
        "978–3–16–148410–0",
        "978−3−16−148410−0",
        '"9783161484100"',
        "„978-3-16-148410-0“",
        "ISBN 978 3 16 148410 0",
    ],
)
def test_an_isbn_is_one_identifier_with_any_dash_or_in_quotes(query: str) -> None:
    parsed = parse(query, NONE)
    assert parsed.identifiers == ("9783161484100",)
    assert not parsed.phrases


@pytest.mark.parametrize("query", ["10.1000/xyz", "doi:10.1000/XYZ", "https://doi.org/10.1000/xyz"])
def test_a_doi_is_one_word_with_any_prefix(query: str) -> None:
    assert [token.word for token in parse(query, NONE).words] == ["10.1000/xyz"]
