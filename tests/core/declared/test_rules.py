"""Rules by which a question is recognised: whole words in plain letters, phrases, patterns, and words misspelt."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from core.declared.rules import AskedQuestion, load_rules, marks, read_question, rule_of, unmarked
from core.output.nearness import distance, nearest

NOW = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)
KNOWN = {"beratung", "sprachstunde", "für", "mich"}
RULES = (
    rule_of("help", words=["Beratung", "wer hilft"], beginnings=["Ansprechpartner"]),
    rule_of("help me", words=["wer hilft mir"]),
    rule_of("hours", words=["Sprechstunde"]),
    rule_of("number", pattern=r"koopv\s?(?P<number>\d+)"),
)


def asked(text: str) -> AskedQuestion:
    """Return a question; of its words few are known, and one can be done without."""
    question = read_question(
        text, NOW, "de", lambda word: (word.lower() in KNOWN, word.lower() == "sprachstunde", word.lower() == "für")
    )
    assert question is not None
    return question


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Beratung", ["help"]),
        ("BERATUNG?", ["help"]),
        ("Ansprechpartnerinnen", ["help"]),
        ("wer hilft", ["help"]),
        # The longest wins.
        ("wer hilft mir", ["help me"]),
        ("KoopV12 Beratung", ["number", "help"]),
        ("Berratung", ["help"]),
        ("Sprechstnude", ["hours"]),
        ("Beratungslehrer", []),
        ("Lebensberatung", []),
        ("koopv 1.2", []),
        ("xkoopv12", []),
    ],
)
def test_rules_match_whole_words_phrases_and_patterns(text: str, means: list[str]) -> None:
    assert [mark.means for mark in marks(asked(text), RULES)] == means


def test_a_word_that_a_lexicon_has_is_not_misspelt_but_a_long_compound_may_be() -> None:
    assert [mark.means for mark in marks(asked("Sprachstunde"), RULES)] == ["hours"]
    question = read_question("Sprachstunde", NOW, "de", lambda word: (True, False, False))
    assert question is not None
    assert marks(question, RULES) == ()


def test_words_that_count_and_no_rule_explains_are_left() -> None:
    question = asked("Beratung für Katzen")
    assert [word.plain for word in unmarked(question, marks(question, RULES))] == ["katzen"]


@pytest.mark.parametrize(
    "text", ['"Beratung"', "Beratung -Leipzig", "„Beratung“", "", "…", "x " * 20, "x" * 200, "ﷺ" * 20]
)
def test_questions_with_operators_without_words_or_too_long_are_not_looked_at(text: str) -> None:
    assert read_question(text, NOW, "de", lambda word: (True, False, False)) is None


def test_umlauts_and_soft_hyphens_do_not_matter() -> None:
    assert [word.plain for word in asked("Gör\u00adlitz Annaberg-Buchholz STRASSE").words] == [
        "goerlitz", "annaberg", "buchholz", "strasse",
    ]  # fmt: skip


def test_rules_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('[[rule]]\nmeans = "day"\nvalue = 1\nwords = ["Größter Tag"]\n')
    (rule,) = load_rules(file)
    assert (rule.means, rule.value, rule.words) == ("day", 1, (("groesster", "tag"),))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("leizig", "leipzig"), ("lepizig", "leipzig"), ("chemnits", "chemnitz"), ("markkleberg", "markkleeberg"),
        ("eipzig", None), ("lei", None), ("berlin", None), ("leisig", None),
    ],
)  # fmt: skip
def test_the_nearest_name_is_meant_unless_two_are_as_near(word: str, meant: str | None) -> None:
    assert nearest(word, ["leipzig", "chemnitz", "markkleeberg", "leising", "leisnig"]) == meant


def test_swapped_letters_are_one_error() -> None:
    assert distance("lepizig", "leipzig", 2) == 1
    assert distance("leipzig", "chemnitz", 2) > 2
