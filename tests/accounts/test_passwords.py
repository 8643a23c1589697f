"""Passwords that guessers try first are refused with a sentence that helps, others are not."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.passwords.strength import LEAST_BITS, bits
from config.settings import base
from core.models import User
from tests.accounts.people import PASSWORD, account, is_in, log_in

CHOOSE = "/admin/login/password/"
GIVEN = "anker-pinsel-mohn-lupe"

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


KEYED = "accounts.passwords.keyed.KeyedHasher"


def renewing(into: list[str]) -> Callable[[str], None]:
    return lambda typed: into.append(make_password(typed))


PLAIN = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


def test_a_hash_is_nothing_to_guess_from_without_the_signing_key(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [KEYED, PLAIN]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first" * 20, []
    stored = make_password(GIVEN)
    assert check_password(GIVEN, stored)
    assert not check_password(GIVEN + "x", stored)
    # Whoever has the database and knows Django's way finds nothing that fits.
    _, iterations, salt, digest = stored.split("$")
    assert int(iterations) >= 600_000
    assert PBKDF2PasswordHasher().encode(GIVEN, salt, int(iterations)).split("$")[3] not in digest
    settings.SECRET_KEY = "second" * 20
    assert not check_password(GIVEN, stored)
    settings.SECRET_KEY_FALLBACKS = ["first" * 20]
    renewed: list[str] = []
    assert check_password(GIVEN, stored, renewing(renewed))
    settings.SECRET_KEY_FALLBACKS = []
    assert check_password(GIVEN, renewed[0])


def test_a_hash_of_before_is_good_and_replaced_at_the_next_login(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [KEYED, PLAIN]
    stored = make_password(GIVEN, hasher="pbkdf2_sha256")
    renewed: list[str] = []
    assert check_password(GIVEN, stored, renewing(renewed))
    assert renewed[0].startswith("pbkdf2_sha256_keyed$")


def test_real_sites_use_it() -> None:
    assert base.PASSWORD_HASHERS[0] == KEYED
    assert base.PASSWORD_RESET_TIMEOUT <= 2 * 3600


@pytest.mark.django_db
def test_a_password_of_somebody_elses_choice_opens_one_page_alone(
    client: Client, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(account())
    sent = {"username": "neu", "email": "neu@example.org", "first_name": "N", "last_name": "N", "is_active": "on"}
    sent |= {"is_superuser": "on", "password1": GIVEN, "password2": GIVEN}
    assert client.post("/admin/users/new/", sent).status_code == 302
    new = Client()
    assert log_in(new, "neu", GIVEN)["Location"] == "/admin/"
    assert not is_in(new)
    assert new.get("/admin/login/")["Location"] == CHOOSE
    page = new.get(CHOOSE)
    assert "jemand anderes festgelegt" in page.content.decode()
    for old, one in (("falsch", PASSWORD), (GIVEN, "sommer2026!!")):
        new.post(CHOOSE, {"old_password": old, "new_password1": one, "new_password2": one})
        assert not is_in(new)
    fresh = {"old_password": GIVEN, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert new.post(CHOOSE, fresh)["Location"] == "/admin/"
    assert is_in(new)
    again = Client()
    log_in(again, "neu", PASSWORD)
    assert is_in(again)
    # Once more by an administrator, who edits the account: it holds for a week.
    who = User.objects.get(username="neu")
    assert client.post(f"/admin/users/edit/{who.pk}/", sent | {"username": "neu"}).status_code == 302
    who.refresh_from_db()
    assert who.password_given_at is not None
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        late = Client()
        log_in(late, "neu", GIVEN)
        assert late.get(CHOOSE)["Location"] == "/admin/"


@pytest.mark.django_db
def test_a_password_that_would_be_refused_today_is_replaced_after_the_login(client: Client) -> None:
    who = account()
    User.objects.filter(pk=who.pk).update(password=make_password("sommer2026!!"))
    log_in(client, password="sommer2026!!")
    assert not is_in(client)
    assert "zuerst geraten" in client.get(CHOOSE).content.decode()
    client.post(CHOOSE, {"old_password": "sommer2026!!", "new_password1": PASSWORD, "new_password2": PASSWORD})
    assert is_in(client)
