"""What a word that stands nowhere was meant to be, and what must never be changed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from search.analysis.analysers import analyser
from search.answer.spelling import Proposal, proposals, rank
from search.engines.base import TermFrequency


def proposed(typed: str, *index: str) -> Proposal | None:
    """Return the proposal for a word when each look into the index finds the first of `index` that is near."""
    from rapidfuzz.distance import OSA

    def near(words: Sequence[str]) -> dict[str, str]:
        reach = {word: 1 if len(word) <= 7 else 2 for word in words}
        found = {word: [term for term in index if 0 < OSA.distance(word, term) <= reach[word]] for word in words}
        return {word: terms[0] for word, terms in found.items() if terms}

    german = analyser("de")
    (token,) = german.words(typed)
    return proposals([token], near, german).get(token)


@pytest.mark.parametrize(
    ("typed", "index", "word"),
    [
        ("Epilebsie", "epilepsie", "Epilepsie"),
        ("rollstul", "rollstuhl", "Rollstuhl"),
        ("Nachteilsausglich", "nachteilsausgleich", "Nachteilsausgleich"),
        ("föderplan", "foerderplan", "Förderplan"),
        ("Lrss", "lrs", "LRS"),
    ],
)
def test_a_slip_is_mended_and_shown_as_germans_write_it(typed: str, index: str, word: str) -> None:
    assert proposed(typed, index) == Proposal(word, True)


@pytest.mark.parametrize(("typed", "index"), [("Tourette", "toilette"), ("rett", "rest"), ("Schulbus", "schulhaus")])
def test_a_right_word_is_left_alone(typed: str, index: str) -> None:
    assert proposed(typed, index) is None


def test_for_a_right_word_one_letter_away_the_other_is_only_offered() -> None:
    assert proposed("Forderung", "foerderung") == Proposal("Förderung", False)


@pytest.mark.parametrize(("typed", "index"), [("Kolbitza", "holbitz"), ("Dravetin", "gravedin")])
def test_another_beginning_two_slips_away_is_only_offered(typed: str, index: str) -> None:
    proposal = proposed(typed, index)
    assert proposal is not None
    assert not proposal.certain


@pytest.mark.parametrize(
    ("typed", "index", "word"),
    [
        ("Autimusstrukturen", "autismus", "Autismusstrukturen"),
        ("Konzentrationsschwirigkeiten", "schwierigkeiten", "Konzentrationsschwierigkeiten"),
    ],
)
def test_a_slip_in_one_half_of_a_compound_is_mended(typed: str, index: str, word: str) -> None:
    assert proposed(typed, index) == Proposal(word, True)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("verhaltensauffälig", "verhaltensauffällig"),
        ("Rechtschreibschwächte", "Rechtschreibschwäche"),
        ("Nachteilsausglech", "Nachteilsausgleich"),
        ("Sprachförderrung", "Sprachförderung"),
        ("leichtesprache", "leichte Sprache"),
        ("kleineschule", "kleine Schule"),
    ],
)
def test_the_lexicon_offers_what_the_index_lacks_to_be_looked_up(typed: str, word: str) -> None:
    assert proposed(typed) == Proposal(word, False, False)


@pytest.mark.parametrize(
    ("found", "frequency", "order"),
    [("und", 200, None), ("nicht", 200, None), ("foerderung", 1, 0), ("inklusoin", 1, 1), ("kolbitz", 3, 0)],
)
def test_a_correction_leads_to_a_word_that_somebody_means(found: str, frequency: int, order: int | None) -> None:
    assert rank(TermFrequency(found, frequency), analyser("de")) == order


def test_what_is_near_nothing_stays() -> None:
    assert proposed("qqxyzzy", "lesen") is None
