"""English and Danish by dictionary, stems and compounds, and Leichte Sprache, which is German with joints."""

from __future__ import annotations

import pytest

from search.analysis.analysers import ANALYSERS, analyser


def found_by(locale: str, question: str, text: str) -> bool:
    """Return whether each word of a question is found in a text: as lemma, or as part of a compound."""
    terms = set(analyser(locale).text(text).terms.split())
    return all(
        any(lemma in terms or f"+{lemma}" in terms for lemma in token.lemmas)
        for token in analyser(locale).words(question)
        if not token.is_stopword
    )


@pytest.mark.parametrize(
    ("locale", "question", "text"),
    [
        ("da", "barn", "Hjælp til børn"),
        ("da", "skole", "skolerne i kommunen"),
        ("da", "undervisning", "Specialundervisning"),
        ("da", "vanskelighed", "læsevanskeligheder"),
        ("da", "bibliotek", "på skolebiblioteket"),
        ("da", "samarbejde", "forældresamarbejdet"),
        ("da", "ark", "Arbejdsark"),
        ("da", "materiale", "undervisningsmaterialer"),
        ("en", "child", "for the children"),
        ("en", "teach", "how it was taught"),
        ("en", "school", "our schools"),
        ("en", "inclusive education", "education that is inclusive"),
        ("de-simple", "Bundestag", "der Bundes·tag"),
        ("de-simple", "Schulbegleitung", "die Schul-Begleitung"),
        ("de-simple", "Förder·bedarf", "Förderbedarf"),
        ("de-simple", "Begleitung", "die Schul·begleitung"),
    ],
)
def test_a_word_is_found_in_all_its_forms(locale: str, question: str, text: str) -> None:
    assert found_by(locale, question, text)


@pytest.mark.parametrize(
    ("locale", "question", "text"),
    [
        ("da", "gang", "overgangen"),
        ("da", "skab", "inkluderende fællesskaber"),
        ("da", "ende", "inkluderende"),
        ("en", "form", "a platform"),
    ],
)
def test_what_only_looks_like_a_part_is_none(locale: str, question: str, text: str) -> None:
    assert not found_by(locale, question, text)


def test_stop_words_are_those_of_the_language() -> None:
    assert [token.is_stopword for token in analyser("da").words("hvad er ikke for børn")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert [token.is_stopword for token in analyser("en").words("not for the children")] == [False, True, True, False]


def test_a_typo_is_shown_in_the_letters_of_the_language() -> None:
    danish = analyser("da")
    assert (danish.spelling("laesning"), danish.spelling("skole"), danish.spelling("xyq")) == (
        "læsning",
        "skole",
        "xyq",
    )
    assert danish.as_shown("laesning", "LÆSNING") == "LÆSNING"
    known = [token.known for token in danish.words("læsning læsnnig")]
    assert known == [True, False]


def test_each_language_has_an_analysis_with_a_name_of_its_own() -> None:
    names = {locale: analyser(locale).name for locale in ANALYSERS}
    assert names["de"] == names["de-simple"]
    assert len(set(names.values())) == 3


def test_a_question_in_another_language_is_known_by_its_words() -> None:
    assert analyser("da").is_foreign("Wie kann ich mein Kind begleiten?")
    assert not analyser("da").is_foreign("Hvordan kan jeg hjælpe mit barn?")
    assert not analyser("en").is_foreign("Dyskalkulie")
