"""Words that belong together beyond their forms: derivations, torn verbs, compounds told apart."""

from __future__ import annotations

import pytest

from search.analysis.analysers import analyser

GERMAN = analyser("de")


@pytest.mark.parametrize(
    ("word", "relatives"),
    [
        ("stören", ("stoerung",)),
        ("Störung", ("stoeren",)),
        ("fördern", ("foerderung",)),
        ("sammeln", ("sammlung",)),
        ("barrierefrei", ("barrierefreiheit",)),
        ("Selbstständigkeit", ("selbststaendig",)),
        ("gehörlos", ("gehoerlosigkeit",)),
        ("Inklusion", ("inkludieren", "inklusiv")),
        ("üben", ("uebung",)),
        ("Übung", ("ueben",)),
        ("konzentrieren", ("konzentrierung", "konzentration")),
        ("Konzentration", ("konzentrieren", "konzentrativ")),
        ("kommunizieren", ("kommunikation",)),
        ("Reaktion", ("reagieren", "reaktiv")),
        ("reduzieren", ("reduzierung", "reduktion")),
        ("konstruieren", ("konstruktion",)),
        ("taub", ("taubheit",)),
        ("lernend", ("lernen",)),
        ("Vielfalt", ("vielfaeltig",)),
        ("sorgfältig", ("sorgfaeltigkeit", "sorgfalt")),
        ("Autismus", ("autistisch", "autist")),
        ("autistische", ("autismus", "autist")),
        ("schulisch", ("schule",)),
        ("Mobilität", ("mobil",)),
        ("individuell", ("individualitaet",)),
        ("flexibel", ("flexibilitaet",)),
        ("Qualität", ()),
        ("Klasse", ()),
        ("Fluss", ()),
        ("Zeitung", ()),
        ("Buch", ()),
        ("Kind", ()),
        ("Land", ()),
        ("Passion", ("passiv",)),
    ],
)
def test_regular_derivations_are_relatives(word: str, relatives: tuple[str, ...]) -> None:
    assert GERMAN.words(word)[0].relatives == relatives


@pytest.mark.parametrize(
    ("first", "second", "compound"),
    [
        ("Sprache", "Förderung", "Sprachförderung"),
        ("Unterricht", "Störung", "Unterrichtsstörung"),
        ("Schule", "Angst", "Schulangst"),
        ("Klasse", "Fahrt", "Klassenfahrt"),
        ("Förderung", "Sprache", None),
        ("nasser", "Sand", None),
        ("Leichte", "Sprache", None),
        ("4", "Klasse", None),
    ],
)
def test_two_words_make_a_compound_that_is_known(first: str, second: str, compound: str | None) -> None:
    closed = GERMAN.closed(GERMAN.words(first)[0], GERMAN.words(second)[0])
    assert (closed.text if closed else None) == compound


@pytest.mark.parametrize(
    ("query", "lemmas"),
    [
        ("Kind läuft weg", ["kind", "weglaufen"]),
        ("sie hört nie zu", ["sie", "zuhoeren", "nie"]),
        ("Schüler rastet aus", ["schueler", "ausrasten"]),
        ("Bücher lesen vor", ["buch", "lesen", "vor"]),
        ("Sachen weg", ["sache", "weg"]),
        ("aus", ["aus"]),
    ],
)
def test_a_verb_torn_apart_is_put_together(query: str, lemmas: list[str]) -> None:
    joined = GERMAN.joined_verb(GERMAN.words(query))
    assert [set(token.lemmas) & {lemma} for token, lemma in zip(joined, lemmas, strict=True)] == [{x} for x in lemmas]


@pytest.mark.parametrize(
    ("word", "typed", "shown"),
    [
        ("foerderplan", "föderplan", "Förderplan"),
        ("lesen", "lesn", "lesen"),
        ("lesen", "Lesn", "Lesen"),
        ("barrierefrei", "barrirefrei", "barrierefrei"),
        ("adhs", "adhss", "ADHS"),
    ],
)
def test_a_corrected_word_is_shown_as_it_is_written(word: str, typed: str, shown: str) -> None:
    assert GERMAN.as_shown(word, typed) == shown
