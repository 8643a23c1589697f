"""Passwords that guessers try first are refused with a sentence that helps, others are not."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.passwords.strength import LEAST_BITS, bits
from core.models import User

EASY = [
    "passwort1234",
    "aaaaaaaaaaaa",
    "qwertzuiopas",
    "autor2autor2",
    "fundus-fundus",
    "Sommer2026!!",
    "P4ssw0rt!2026",
    "Leipzig12345",
    "1q2w3e4r5t6z",
    "hallohallo12",
    "Dresden#2024#",
    "abcabcabcabc",
    "MichaelMueller1980",
    "Grundschule2026",
    "Weihnachten24!",
    "asdfghjklöä12",
    "01.02.199012",
    "Klasse3bKlasse3b",
    "abcdefghijkl",
    "987654321098",
    "Schulz-Schulz-1",
    "1qay2wsx3edc",
]
GOOD = [
    "Tisch Wolke Gabel Nebel",
    "xK9mTqP2vLz4",
    "zdrqwmhgplkf",
    "der Igel frisst gern Kompott",
    "vier-blaue-Pinsel-tropfen",
]


@pytest.mark.parametrize("password", EASY)
def test_an_easy_one_is_refused_with_a_sentence_that_helps(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert any("vier Wörter" in sentence for sentence in refused.value.messages)


@pytest.mark.parametrize("password", GOOD)
def test_a_good_one_is_taken(password: str) -> None:
    validate_password(password)


def test_one_made_of_the_own_name_is_refused() -> None:
    eva = User(username="e.zwiebelfisch", first_name="Eva", last_name="Zwiebelfisch", email="eva@kleckersdorf.example")
    for password in ("Zwiebelfisch2026!", "kleckersdorf-1-2"):
        assert bits(password) >= LEAST_BITS
        with pytest.raises(ValidationError):
            validate_password(password, eva)


def test_a_long_one_is_judged_at_once_and_one_too_long_refused() -> None:
    assert bits("der igel frisst gern kompott " * 4) > LEAST_BITS
    with pytest.raises(ValidationError, match="höchstens 128"):
        validate_password("Tisch Wolke Gabel Nebel " * 10)


def test_spaces_in_a_row_count_once() -> None:
    with pytest.raises(ValidationError, match="Leerzeichen"):
        validate_password("nq  wv  xk  zt")
    validate_password("nebel gabel wolke tisch")
