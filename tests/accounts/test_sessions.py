"""A login ends: by itself, from elsewhere, and everywhere at once when the password changes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import AccountSession, Brake, Login
from accounts.sessions import limits
from core.models import OutgoingMail, User
from core.running.jobs import JOBS
from core.running.restoring import let_go
from tests.accounts.people import ACCOUNT_PAGE, NEW_BROWSER, PASSWORD, account, is_in, leave, log_in, told

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "anker-pinsel-mohn-lupe"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def test_a_login_ends_after_half_an_hour_without_any_action(client: Client, clock: Any) -> None:
    account()
    log_in(client)
    for _ in range(3):
        clock.shift(datetime.timedelta(minutes=29))
        assert is_in(client)
    clock.shift(datetime.timedelta(minutes=31))
    assert not is_in(client)
    assert not AccountSession.objects.exists()


def test_what_an_open_form_sends_by_itself_is_no_action(client: Client, clock: Any) -> None:
    account()
    log_in(client)
    for _ in range(4):
        clock.shift(datetime.timedelta(minutes=10))
        client.post("/admin/editing-sessions/ping/wagtailcore/page/1/1/")
    assert not is_in(client)


def test_a_login_ends_after_twelve_hours_of_work_also_when_the_account_was_saved_meanwhile(
    client: Client, clock: Any
) -> None:
    account()
    log_in(client)
    for number in range(25):
        clock.shift(datetime.timedelta(minutes=28))
        answer = (
            client.post("/admin/account/", ACCOUNT_PAGE)
            if number % 8 == 0
            else client.get("/admin/api/main/pages/?limit=1")
        )
        assert answer.status_code == 200 or answer["Location"] == "/admin/account/"
    clock.shift(datetime.timedelta(minutes=28))
    assert not is_in(client)


def test_a_session_without_a_beginning_is_over(client: Client) -> None:
    client.force_login(account())
    session = client.session
    del session["accounts.since"]
    session.save()
    assert not is_in(client)


def test_somebody_sees_where_they_are_logged_in_and_ends_one_or_all_others() -> None:
    account(), account("ada")
    here, there, third, others = Client(), Client(), Client(), Client()
    log_in(here, headers={"user-agent": FIREFOX})
    log_in(there), log_in(third), log_in(others, "ada")
    page = here.get("/admin/account/sessions/").content.decode()
    assert "Firefox auf Linux" in page
    assert page.count("unbekannter Browser</th>") == 2
    keys = [row.pk for row in AccountSession.objects.all()]
    assert not any(key in page for key in keys)
    (one, two) = re.findall(r'name="end" value="([0-9a-f]{40})"', page)
    for password in ({}, {"current_password": "falsch"}):
        assert "current_password" in here.post("/admin/account/sessions/", {"end": one} | password).content.decode()
    assert is_in(there)
    here.post("/admin/account/sessions/", {"end": one, "current_password": PASSWORD})
    assert [is_in(there), is_in(third)].count(True) == 1
    # A name taken from somebody else's page ends nothing.
    others.post("/admin/account/sessions/", {"end": two, "current_password": PASSWORD})
    assert [is_in(there), is_in(third)].count(True) == 1
    here.post("/admin/account/sessions/", {"end": "others", "current_password": PASSWORD})
    assert [is_in(one) for one in (here, there, third, others)] == [True, False, False, True]
    assert Login.objects.filter(kind=Login.Kind.ENDED).count() == 2


def test_a_new_password_ends_all_other_sessions_and_is_told(
    mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    account()
    here, there = Client(), Client()
    log_in(here), log_in(there)
    sent = ACCOUNT_PAGE | {"password-new_password1": NEW, "password-new_password2": NEW}
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/admin/account/", sent | {"password-old_password": "falsch"})
        assert is_in(there)
        here.post("/admin/account/", sent | {"password-old_password": PASSWORD})
    assert [is_in(here), is_in(there)] == [True, False]
    assert AccountSession.objects.filter(account__isnull=False).count() == 1
    assert told() == [("eva@example.org", "Fundus: Passwort geändert")]


def test_a_password_set_by_a_link_or_an_administrator_ends_all_sessions() -> None:
    eva = account()
    client = Client()
    log_in(client)
    eva.refresh_from_db()
    uid, token = urlsafe_base64_encode(force_bytes(eva.pk)), default_token_generator.make_token(eva)
    browser = Client()
    form = browser.get(f"/admin/password_reset/confirm/{uid}/{token}/")["Location"]
    browser.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert not is_in(client)
    assert "fundus-browser" in browser.cookies
    log_in(client, password=NEW)
    assert is_in(client)
    eva.refresh_from_db()
    eva.set_password(PASSWORD)
    eva.save()
    assert not is_in(client)
    assert not AccountSession.objects.filter(account=eva).exists()


def test_a_login_in_a_new_browser_is_told_once(client: Client, mailoutbox: Any) -> None:
    eva = account()
    for _ in range(2):
        log_in(client, HTTP_USER_AGENT=FIREFOX)
        leave(client)
    told()
    assert [one.subject for one in mailoutbox] == [NEW_BROWSER]
    assert "Firefox auf Linux" in mailoutbox[0].body
    assert Login.objects.filter(kind=Login.Kind.NEW_BROWSER, account=eva).count() == 1


def test_a_new_account_is_told_nothing_of_its_first_password(
    client: Client, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(account())
    sent = {"username": "neu", "email": "neu@example.org", "first_name": "N", "last_name": "N", "is_active": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/admin/users/new/", sent | {"password1": NEW, "password2": NEW}).status_code == 302
    assert User.objects.get(username="neu").check_password(NEW)
    assert told() == []
    assert not Login.objects.filter(kind=Login.Kind.CHANGED).exists()


def test_the_old_password_cannot_be_guessed_in_an_open_browser(client: Client) -> None:
    account()
    log_in(client)
    sent = ACCOUNT_PAGE | {"password-new_password1": NEW, "password-new_password2": NEW}
    with time_machine.travel(timezone.now(), tick=False):
        pages = [client.post("/admin/account/", sent | {"password-old_password": "falsch"}) for _ in range(5)]
        assert "nicht Ihr jetziges" in pages[3].content.decode()
        assert "zu viele Versuche" in pages[4].content.decode()


def test_another_address_takes_the_password_and_the_old_one_is_told(
    client: Client, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    eva = account()
    log_in(client)
    sent = ACCOUNT_PAGE | {"email-email": "neu@example.org"}
    for password in ("", "falsch"):
        page = client.post("/admin/account/", sent | {"email-current_password": password})
        assert page.status_code == 200
        eva.refresh_from_db()
        assert eva.email == "eva@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/account/", sent | {"email-current_password": PASSWORD})
    eva.refresh_from_db()
    assert eva.email == "neu@example.org"
    assert told() == [("eva@example.org", "Fundus: E-Mail-Adresse geändert")]
    assert "neu@example.org" not in mailoutbox[0].body
    # Everything else of the account needs none.
    client.post("/admin/account/", sent | {"name_email-first_name": "Evi"})
    eva.refresh_from_db()
    assert eva.first_name == "Evi"


def test_the_worker_deletes_sessions_that_have_ended() -> None:
    account()
    log_in(Client()), log_in(Client())
    first = AccountSession.objects.first()
    assert first
    AccountSession.objects.filter(pk=first.pk).update(seen=timezone.now() - datetime.timedelta(hours=1))
    visitor = Client().session
    visitor["passed"] = 1
    visitor.save()
    AccountSession.objects.filter(account=None).update(expire_date=timezone.now() - datetime.timedelta(days=1))
    assert JOBS["expired_sessions"].run() == 2
    assert AccountSession.objects.count() == 1


def test_a_visitor_without_a_session_costs_no_query_and_gets_no_cookie(library_index: Any, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/impressum/")
    assert not response.cookies
    assert not [one for one in queries.captured_queries if "accounts_" in one["sql"]]


def test_a_browser_is_named_in_words() -> None:
    for agent, name in (
        (FIREFOX, "Firefox auf Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142 Safari/537.36 Edg/142",
            "Edge auf Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Safari/604",
            "Safari auf iPhone",
        ),
        ("curl/8", "unbekannter Browser"),
    ):
        assert limits.browser_of(RequestFactory().get("/", headers={"user-agent": agent})) == name


def test_no_login_count_or_waiting_mail_comes_back_with_a_restored_database() -> None:
    log_in(Client(), account().username)
    log_in(Client(), password="falsch")
    for model in (AccountSession, Brake, OutgoingMail):
        assert model.objects.exists()
    let_go()
    for model in (AccountSession, Brake, OutgoingMail):
        assert not model.objects.exists()
