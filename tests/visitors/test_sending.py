"""How visitors send forms: without a cookie, from our pages alone, and nothing that was typed is lost."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from library.models import LibraryIndexPage
from tests.words import unbroken
from visitors.models import BarrierReport
from visitors.sending import tokens

pytestmark = pytest.mark.django_db

ADDRESS = "/barriere-melden/"
TYPED = {"text": "Das Menü geht nicht auf.", "address": "/hier/", "mail": "frage@example.org"}
OURS = {"origin": "http://testserver"}
FROM_OURS: dict[str, dict[str, str]] = {
    "a browser of today": {"origin": "http://testserver", "sec-fetch-site": "same-origin"},
    "without TLS, where only the origin is told": OURS,
    "a reload": {"sec-fetch-site": "none", "origin": "http://testserver"},
    "hides its origin": {"sec-fetch-site": "same-origin", "origin": "null"},
    "old, with a referer": {"referer": "http://testserver/suche/?q=x"},
    "a trusted origin": {"sec-fetch-site": "same-origin", "origin": "https://fundus.example.org"},
    "a trusted domain": {"origin": "https://a.fundus.example.com"},
}
FROM_ELSEWHERE: dict[str, dict[str, str]] = {
    "a browser of today": {"origin": "https://boese.example", "sec-fetch-site": "cross-site"},
    "another host of our domain": {"origin": "http://x.testserver", "sec-fetch-site": "same-site"},
    "without TLS, where only the origin is told": {"origin": "http://testserver.boese.example"},
    "another scheme": {"origin": "https://testserver"},
    "another port": {"origin": "http://testserver:8080"},
    "a sandbox": {"origin": "null"},
    "a sandbox of today": {"origin": "null", "sec-fetch-site": "cross-site"},
    "contradicts itself": {"origin": "https://boese.example", "sec-fetch-site": "same-origin"},
    "contradicts itself the other way": {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    "an unknown word": {"sec-fetch-site": "quatsch"},
    "no address": {"origin": "http://[kaputt"},
    "old, with a referer": {"referer": "https://boese.example/http://testserver/"},
}


@pytest.fixture(autouse=True)
def site(library: LibraryIndexPage, settings: Any) -> None:
    """A site behind a proxy that has other names."""
    settings.CSRF_TRUSTED_ORIGINS = ["https://fundus.example.org", "https://*.fundus.example.com"]


def send(token: str | None = None, headers: dict[str, str] | None = None, **values: str) -> Any:
    """Send the form with a check for Django's token, as outside of tests."""
    fields = {**TYPED, **values, "token": tokens.issue("barrier", 60) if token is None else token}
    return Client(enforce_csrf_checks=True).post(ADDRESS, fields, headers=headers or {})


def given_back(response: Any) -> str:
    """Return the form's page with everything that was typed; nothing may be stored and no cookie set."""
    text = unbroken(response.content)
    assert response.status_code == 400
    for typed in TYPED.values():
        assert typed in text
    assert not response.cookies
    assert not BarrierReport.objects.exists()
    return text


def token_in(text: str) -> str:
    """Return the token of a form's page."""
    return text.split('name="token" value="')[1].split('"')[0]


@pytest.mark.parametrize("browser", FROM_OURS)
def test_what_our_page_sends_is_taken_without_a_cookie(browser: str) -> None:
    response = send(headers=FROM_OURS[browser])
    assert (response.status_code, response["Location"]) == (303, "/barriere-melden/danke/")
    assert not response.cookies
    assert BarrierReport.objects.count() == 1


@pytest.mark.parametrize("browser", FROM_ELSEWHERE)
@pytest.mark.parametrize("path", [ADDRESS, "/suche/fehlt/"])
def test_what_another_site_sends_is_refused_with_a_page_that_people_can_read(browser: str, path: str) -> None:
    response = Client().post(
        path, {**TYPED, "q": "x", "token": tokens.issue("barrier", 60)}, headers=FROM_ELSEWHERE[browser]
    )
    text = unbroken(response.content)
    assert response.status_code == 403
    assert "abgeschickt" in text
    assert f'href="{path}"' in text
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert not BarrierReport.objects.exists()


def test_a_browser_that_says_nothing_may_report_with_a_token() -> None:
    assert send(headers={}).status_code == 303


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "fehlte eine Angabe"),
        ("x", "stammt nicht von dieser Seite"),
        ("\0:ä", "stammt nicht von dieser Seite"),
        (signing.Signer(salt="another").sign_object(["barrier", 0]), "stammt nicht von dieser Seite"),
        (signing.Signer(key="another", salt=tokens.SALT).sign_object(["barrier", 0]), "stammt nicht von dieser Seite"),
        (tokens.issue("missing", 60), "stammt nicht von dieser Seite"),
    ],
    ids=["none", "no token", "no text", "another salt", "another key", "another form"],
)
def test_a_missing_or_forged_token_gives_the_form_back(token: str, reason: str) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        text = given_back(send(token, OURS))
        assert text.count(reason) == 1
        assert tokens.read("barrier", token_in(text)) is tokens.Token.TOO_YOUNG


def test_a_token_changed_by_one_letter_is_forged() -> None:
    token = tokens.issue("barrier", 60)
    for place in (0, len(token) // 2, len(token) - 2):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert tokens.read("barrier", changed) is tokens.Token.FORGED


def test_a_form_that_was_open_too_long_is_given_back_and_may_be_sent_at_once() -> None:
    text = given_back(send(tokens.issue("barrier", tokens.OLDEST + 60), OURS))
    assert "länger als einen Tag offen" in text
    assert send(token_in(text), OURS).status_code == 303
    assert send(tokens.issue("barrier", tokens.OLDEST - 60), OURS, text="Noch eins").status_code == 303


def test_a_form_sent_faster_than_people_can_is_given_back_and_may_be_sent_a_little_later() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        shown = token_in(Client().get(ADDRESS).content.decode())
        text = given_back(send(shown, OURS))
        assert "schneller" in text
        assert token_in(text) == shown
        clock.shift(tokens.YOUNGEST)
        assert send(shown, OURS).status_code == 303


def test_a_token_may_be_used_again_to_report_something_else() -> None:
    token = tokens.issue("barrier", 60)
    assert [send(token, OURS).status_code, send(token, OURS, text="Noch etwas").status_code] == [303, 303]
    assert BarrierReport.objects.count() == 2


def test_the_browser_may_show_again_what_was_typed_but_no_cache_keeps_what_was_sent() -> None:
    assert "no-store" not in Client().get(ADDRESS)["Cache-Control"]
    for response in (send(headers=OURS), send(headers=OURS, mail="keine"), send("x", OURS)):
        assert "no-store" in response["Cache-Control"]


def test_errors_keep_the_token_so_that_nobody_waits_again() -> None:
    token = tokens.issue("barrier", 60)
    response = send(token, OURS, mail="keine")
    assert response.status_code == 400
    assert token_in(response.content.decode()) == token


def test_the_hidden_field_is_hidden_from_everybody_and_what_fills_it_in_loses_nothing() -> None:
    page = Client().get(ADDRESS).content.decode()
    # Out of sight, not absent: programs leave out what is not displayed.
    (field,) = [
        part for part in page.split('<div class="visually-hidden" aria-hidden="true">') if 'name="website"' in part
    ]
    for attribute in ('autocomplete="off"', 'tabindex="-1"'):
        assert attribute in field.split("</div>")[0]
    text = given_back(send(headers=OURS, website="https://spam.example"))
    assert "Bitte leer lassen" in text
    assert "spam.example" not in text
    assert send(token_in(text), OURS).status_code == 303


@pytest.mark.parametrize("path", [ADDRESS, "/barriere-melden/danke/", "/suche/fehlt/", "/suche/fehlt/danke/"])
def test_asking_for_a_page_changes_nothing_and_sets_no_cookie(path: str) -> None:
    fields = {**TYPED, "q": "x", "token": tokens.issue("barrier", 60)}
    client = Client(headers={**OURS, "sec-fetch-site": "same-origin"})
    for address in (path, f"{path}?{urlencode(fields)}"):
        for response in (client.get(address), client.head(address)):
            assert response.status_code in {200, 400}
            assert ("no-store" if "danke" in path else "private, no-cache") in response["Cache-Control"]
            assert not response.cookies
    assert not BarrierReport.objects.exists()
