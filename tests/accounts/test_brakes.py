"""Guessing passwords gets slow at every door, for strangers alone; nobody is locked out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from accounts.brakes import delays, keys
from accounts.brakes.address import network_of
from accounts.brakes.delays import ACCOUNT, ADDRESS, Counted
from accounts.models import Brake
from core.network import address_of
from tests.accounts.people import PASSWORD, account, is_in, leave, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """Let no time pass by itself: a slow machine would sit out the waits."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


DOORS = ["/admin/login/", "/_util/login/"]


@pytest.mark.parametrize("door", DOORS)
def test_after_three_wrong_passwords_the_fourth_has_to_wait_and_the_right_one_too(door: str) -> None:
    account()
    answers = [log_in(Client(), password=f"falsch-{number}", address=door).status_code for number in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]
    refused = log_in(Client(), address=door)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 3
    assert re.search(r"zu viele Versuche\. Bitte warten Sie \d Sekunden?", refused.content.decode())
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=4), tick=False):
        assert log_in(Client(), address=door).status_code == 302


def test_an_unknown_account_is_braked_as_a_known_one() -> None:
    account()
    answers = {
        name: [log_in(Client(), name, f"falsch-{number}").status_code for number in range(5)]
        for name in ("eva", "niemand")
    }
    assert answers["eva"] == answers["niemand"]


def test_an_account_is_guessed_at_less_than_a_hundred_times_an_hour_from_however_many_addresses() -> None:
    start = now = timezone.now()
    checked = 0
    with time_machine.travel(start, tick=False) as clock:
        while now < start + datetime.timedelta(hours=1):
            wait = delays.claim(Counted(ACCOUNT, "eva"), Counted(ADDRESS, f"198.51.100.{checked}"))
            checked += wait == 0
            now += datetime.timedelta(seconds=wait)
            clock.move_to(now)
    assert 30 < checked < 100


def test_one_address_is_braked_whatever_account_it_tries() -> None:
    names = [f"konto{number}" for number in range(14)]
    answers = [log_in(Client(), name, "falsch", REMOTE_ADDR="203.0.113.9").status_code for name in names]
    assert answers == [200] * 11 + [429] * 3
    assert log_in(Client(), "anderes", "falsch", REMOTE_ADDR="203.0.113.10").status_code == 200


def test_a_whole_ipv6_network_is_one_visitor() -> None:
    answers = [
        log_in(Client(), f"konto{number}", "falsch", REMOTE_ADDR=f"2001:db8:1:2::{number:x}").status_code
        for number in range(12)
    ]
    assert answers[-1] == 429
    assert log_in(Client(), "anderes", "falsch", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_a_stranger_who_keeps_failing_makes_the_owner_wait_for_nothing_in_a_known_browser() -> None:
    account()
    known = Client()
    log_in(known, REMOTE_ADDR="192.0.2.1")
    leave(known)
    for number in range(30):
        log_in(Client(), password="falsch", REMOTE_ADDR=f"203.0.113.{number}")
    # Also from an address that is itself braked.
    for number in range(30):
        log_in(Client(), f"konto{number}", "falsch", REMOTE_ADDR="192.0.2.1")
    assert log_in(Client(), REMOTE_ADDR="192.0.2.7").status_code == 429
    assert log_in(known, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_a_known_browser_is_braked_by_its_own_mistakes_and_known_to_its_own_account_alone() -> None:
    account(), account("ada")
    known = Client()
    log_in(known)
    leave(known)
    assert [log_in(known, password="falsch").status_code for _ in range(5)][-1] == 429
    for _ in range(4):
        log_in(Client(), "ada", "falsch", REMOTE_ADDR="203.0.113.9")
    assert log_in(known, "ada").status_code == 429


def test_waiting_ends_however_often_somebody_tries_meanwhile() -> None:
    whom = Counted(ADDRESS, "203.0.113.9")
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(12):
            delays.claim(whom)
        waits = []
        for second in range(3):
            clock.move_to(start + datetime.timedelta(seconds=second))
            waits.append(delays.claim(whom))
    assert waits == [2, 1, 0]


def test_logging_in_oneself_does_not_free_an_address_of_its_wrong_guesses() -> None:
    account("stranger")
    for number in range(10):
        log_in(Client(), f"konto{number}", "falsch")
        log_in(Client(), "stranger")
    assert log_in(Client(), "konto", "falsch").status_code == 200
    assert log_in(Client(), "konto", "falsch").status_code == 429


@pytest.fixture
def private(library_index: Page) -> PageViewRestriction:
    restriction: PageViewRestriction = PageViewRestriction.objects.create(
        page=library_index, restriction_type="password", password="igel"
    )
    return restriction


def test_the_password_of_a_private_page_is_braked(private: PageViewRestriction, client: Client) -> None:
    address = f"/_util/authenticate_with_password/{private.pk}/{private.page_id}/"
    sent = {"password": "falsch", "return_url": "/"}
    answers = [client.post(address, sent).status_code for _ in range(13)]
    assert answers[:11] == [200] * 11
    refused = client.post(address, sent | {"password": "igel"})
    assert refused.status_code == 429
    assert "Bitte warten Sie" in refused.content.decode()
    assert client.post(address, sent | {"password": "igel"}, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_the_password_of_a_private_collection_is_braked(client: Client) -> None:
    collection = Collection.get_first_root_node().add_child(name="Intern")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password="igel"
    )
    address = f"/documents/authenticate_with_password/{restriction.pk}/"
    sent = {"password": "falsch", "return_url": "/"}
    assert [client.post(address, sent).status_code for _ in range(13)][-1] == 429


def test_links_for_new_passwords_are_braked_by_mailbox_and_by_address(client: Client) -> None:
    ask = "/admin/password_reset/"
    for mailbox in ("eva@example.org", "niemand@example.org"):
        answers = [
            client.post(ask, {"email": mailbox}, REMOTE_ADDR=f"203.0.113.{number}").status_code for number in range(5)
        ]
        assert answers == [302, 302, 302, 429, 429]
    by_address = [client.post(ask, {"email": f"a{number}@example.org"}).status_code for number in range(13)]
    assert by_address[-1] == 429
    links = [client.get(f"{ask}confirm/MQ/x-{number}/", REMOTE_ADDR="203.0.113.99").status_code for number in range(13)]
    assert links[-1] == 429


def addresses(patterns: Any, prefix: str = "") -> Any:
    """Yield every address of the site, with what its view gets."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield (
                re.sub(r"<[^>]*>", "1", prefix + str(one.pattern)).replace("^", "").replace("$", "").replace("\\Z", "")
            )


def test_every_address_at_which_somebody_could_log_in_is_one_of_ours() -> None:
    found = {
        one for one in addresses(get_resolver().url_patterns) if re.search(r"log_?in|password|authenticate|auth/", one)
    }
    views = {one: resolve(f"/{one}").func.__module__ for one in found}
    ours = {one for one, module in views.items() if module.startswith("accounts.")}
    braked = {one for one in found if "authenticate_with_password" in one}
    harmless = {"admin/password_reset/done/", "admin/password_reset/complete/"}
    assert found - ours - braked - harmless == set()
    for one in braked:
        assert hasattr(resolve(f"/{one}").func, "__wrapped__"), one
    assert len(found) >= 9


def test_no_row_tells_an_address_or_a_name_and_none_of_yesterday_is_found(tmp_path: Any, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    keys._known.clear()
    log_in(Client(), "eva", "falsch", REMOTE_ADDR="203.0.113.9")
    assert Brake.objects.count() == 2
    assert not any("eva" in row.key or "203" in row.key[:3] + row.key[-3:] for row in Brake.objects.all())
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    before = Counted(ADDRESS, "203.0.113.9").key
    # Another process finds the same key.
    keys._known.clear()
    assert Counted(ADDRESS, "203.0.113.9").key == before
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2), tick=False):
        assert Counted(ADDRESS, "203.0.113.9").key != before
        assert [one.name for one in tmp_path.iterdir()] != [file.name]
        assert len(list(tmp_path.iterdir())) == 1
        assert delays.forget_old() == 2
    keys._known.clear()


@pytest.mark.parametrize(
    ("header", "proxy", "meta", "address"),
    [
        ("", False, {"REMOTE_ADDR": "127.0.0.1"}, "127.0.0.1"),
        ("", True, {"REMOTE_ADDR": "172.18.0.5"}, ""),
        ("", True, {"REMOTE_ADDR": "172.18.0.5", "HTTP_X_REAL_IP": "203.0.113.9"}, ""),
        ("X-Real-IP", True, {"REMOTE_ADDR": "172.18.0.5", "HTTP_X_REAL_IP": "203.0.113.9"}, "203.0.113.9"),
        ("X-Real-IP", True, {"REMOTE_ADDR": "172.18.0.5", "HTTP_X_REAL_IP": "quatsch"}, ""),
        ("X-Real-IP", True, {"REMOTE_ADDR": "172.18.0.5", "HTTP_X_REAL_IP": "::ffff:203.0.113.9"}, "203.0.113.9"),
        ("X-Real-IP", True, {"REMOTE_ADDR": "", "HTTP_X_REAL_IP": "10.1.2.3"}, "10.1.2.3"),
    ],
)
def test_the_address_is_what_the_proxy_says_and_nothing_else(
    settings: Any, header: str, proxy: bool, meta: dict[str, str], address: str
) -> None:
    settings.CLIENT_ADDRESS_HEADER, settings.BEHIND_PROXY = header, proxy
    assert address_of(RequestFactory().get("/", **meta)) == address


def test_behind_a_proxy_that_names_nobody_not_all_visitors_are_braked_as_one(settings: Any) -> None:
    settings.BEHIND_PROXY = True
    assert network_of(RequestFactory().get("/")) == ""
    for number in range(30):
        assert log_in(Client(), f"konto{number}", "falsch").status_code == 200


def test_a_wrong_password_costs_an_unknown_account_the_same_work(settings: Any, django_assert_num_queries: Any) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    account()
    work: dict[str, int] = {}
    encode = MD5PasswordHasher.encode
    for name in ("eva", "niemand"):
        count: list[int] = []

        def counting(self: Any, *args: Any, _count: list[int] = count) -> str:
            _count.append(1)
            return encode(self, *args)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(MD5PasswordHasher, "encode", counting)
            log_in(Client(), name, "falsch")
        work[name] = len(count)
    assert work == {"eva": 1, "niemand": 1}


def test_the_right_password_of_a_known_browser_opens_the_admin() -> None:
    account()
    client = Client()
    assert not is_in(client)
    assert log_in(client, password=PASSWORD).status_code == 302
    assert is_in(client)
