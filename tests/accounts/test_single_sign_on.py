"""Single sign-on against a provider that answers over HTTP: who gets in, and what a false answer is worth."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from accounts.models import Identity, Login
from accounts.single_sign_on import provider as known
from core.models import User
from tests.accounts import provider
from tests.accounts.people import account, code, is_in, with_factor
from tests.accounts.provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db

EVA = {"sub": "4711", "email": "Eva@example.org", "email_verified": True, "preferred_username": "eva"}
LEAVE, BACK = "/admin/login/sso/", "/admin/login/sso/back/"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider.running() as one:
        yield one


@pytest.fixture
def there(running: Provider, settings: Any) -> Iterator[Provider]:
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = running.issuer, CLIENT, SECRET
    settings.OIDC_CLAIM = "email"
    running.person, running.claims, running.asked = dict(EVA), {}, []
    running.signing, running.header = running.key, {"alg": "RS256", "kid": "eins"}
    known._known.clear()
    known._keys.clear()
    known._failed.clear()
    yield running
    known._pool.clear()


def come(client: Client, there: Provider, **changed: Any) -> Any:
    """Leave for the provider, log in there, and come back."""
    brought = there.authorize(client.get(LEAVE + "?next=/admin/pages/")["Location"])
    return client.get(BACK, brought | changed)


def test_an_existing_account_gets_in_and_is_led_on(there: Provider, client: Client) -> None:
    account()
    assert "Zentrale Anmeldung" in client.get("/admin/login/").content.decode()
    assert come(client, there)["Location"] == "/admin/pages/"
    assert is_in(client)
    assert Login.objects.exclude(kind=Login.Kind.NEW_BROWSER).get().kind == Login.Kind.SSO
    assert Identity.objects.get().subject == "4711"


def test_the_second_factor_is_asked_for_there_too(there: Provider, client: Client) -> None:
    with_factor(account())
    come(client, there)
    assert not is_in(client)
    client.post("/admin/login/code/", {"code": code()})
    assert is_in(client)


@pytest.mark.parametrize(
    "person",
    [
        {"email": "niemand@example.org"},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ["eva@example.org"]},
        {"email": ""},
    ],
)
def test_nobody_gets_in_without_an_account_or_with_an_address_that_is_not_verified(
    there: Provider, client: Client, person: dict[str, Any]
) -> None:
    account()
    there.person |= person
    assert come(client, there)["Location"] == "/admin/login/"
    assert not is_in(client)
    assert User.objects.count() == 1
    assert Login.objects.get().result == Login.Result.WRONG


def test_two_accounts_with_one_address_and_an_inactive_one_are_refused(there: Provider, client: Client) -> None:
    eva = account()
    double = User.objects.create_user("double", "EVA@example.org")
    come(client, there)
    assert not is_in(client)
    double.delete()
    User.objects.update(is_active=False)
    come(client, there)
    assert not is_in(client)
    assert not Identity.objects.exists()
    assert eva.pk


def test_groups_and_rights_are_not_the_providers_to_give(there: Provider, client: Client) -> None:
    plain = User.objects.create_user("eva", "eva@example.org")
    there.person |= {"groups": ["Chefredaktion"], "is_superuser": True, "is_staff": True, "name": "Chefin"}
    come(client, there)
    plain.refresh_from_db()
    assert not plain.is_superuser
    assert not plain.groups.exists()
    assert Identity.objects.count() == 1
    assert not is_in(client)


def test_an_address_that_went_to_somebody_else_opens_nothing(there: Provider, client: Client) -> None:
    account()
    come(client, there)
    stranger = Client()
    there.person |= {"sub": "4712"}
    come(stranger, there)
    assert not is_in(stranger)
    # And whoever was bound keeps their account under another address.
    again = Client()
    there.person = {"sub": "4711", "email": "neu@example.org", "email_verified": False}
    come(again, there)
    assert is_in(again)


def test_accounts_can_be_found_by_the_name_there(there: Provider, settings: Any, client: Client) -> None:
    account()
    settings.OIDC_CLAIM = "preferred_username"
    there.person = {"sub": "1", "preferred_username": "EVA"}
    come(client, there)
    assert not is_in(client)
    there.person |= {"preferred_username": "eva"}
    come(client, there)
    assert is_in(client)


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["another", "third"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        pytest.param({"exp": NOW - 3600}, id="over for an hour"),
        {"exp": None},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        pytest.param({"nbf": NOW + 7200}, id="not yet for two hours"),
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_refused(there: Provider, client: Client, claims: dict[str, Any]) -> None:
    account()
    there.claims = claims
    assert come(client, there)["Location"] == "/admin/login/"
    assert not is_in(client)


def test_a_token_for_us_among_others_is_taken_if_it_names_us_as_its_party(there: Provider, client: Client) -> None:
    account()
    there.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    come(client, there)
    assert is_in(client)


@pytest.mark.filterwarnings("ignore")
def test_a_token_that_others_could_have_signed_is_refused(there: Provider, client: Client) -> None:
    account()
    forged = RSAKey.generate_key(2048, {"kid": "eins"})
    for signing, header in (
        (forged, {"alg": "RS256", "kid": "eins"}),
        (RSAKey.generate_key(2048, {"kid": "zwei"}), {"alg": "RS256", "kid": "zwei"}),
        (provider.secret_key(), {"alg": "HS256"}),
        (provider.secret_key(), {"alg": "HS256", "kid": "eins"}),
    ):
        there.signing, there.header = signing, header
        come(client, there)
        assert not is_in(client)
    # Whoever sends many does not make the site ask for keys each time.
    assert there.asked.count("/keys") == 1


def test_a_new_key_of_the_provider_is_found(there: Provider, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    account()
    come(client, there)
    before = there.key
    there.key = there.signing = RSAKey.generate_key(2048, {"kid": "neu", "alg": "RS256", "use": "sig"})
    there.header = {"alg": "RS256", "kid": "neu"}
    again = Client()
    come(again, there)
    assert not is_in(again)
    moved = time.monotonic() + 90
    monkeypatch.setattr(time, "monotonic", lambda: moved)
    come(again, there)
    assert is_in(again)
    there.key = before


def test_an_answer_that_was_not_asked_for_is_refused_and_each_state_is_good_once(
    there: Provider, client: Client
) -> None:
    account()
    # Somebody else's answer, put into this browser.
    brought = there.authorize(Client().get(LEAVE)["Location"])
    client.get(BACK, brought)
    assert not is_in(client)
    come(client, there, state="another")
    assert not is_in(client)
    brought = there.authorize(client.get(LEAVE)["Location"])
    client.get(BACK, {"state": brought["state"], "error": "access_denied"})
    client.get(BACK, brought)
    assert not is_in(client)


def test_nobody_is_led_elsewhere_afterwards(there: Provider, client: Client) -> None:
    account()
    brought = there.authorize(client.get(f"{LEAVE}?next=https://evil.example/")["Location"])
    assert client.get(BACK, brought)["Location"] == "/admin/"


def test_a_provider_that_does_not_answer_leaves_the_password(there: Provider, settings: Any, client: Client) -> None:
    for issuer in ("http://127.0.0.1:9", "http://provider.example", f"{there.issuer}/"):
        settings.OIDC_ISSUER = issuer
        assert client.get(LEAVE)["Location"] == "/admin/login/"
    assert "hat nicht geklappt" in client.get("/admin/login/").content.decode()


def test_without_the_setting_there_is_no_such_address(client: Client) -> None:
    assert client.get(LEAVE).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "/sso/" not in client.get("/admin/login/").content.decode()
