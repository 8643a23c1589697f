"""A password alone opens nothing for an account with a second factor, and none at all where the site demands one."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from wagtail.admin import urls as admin_urls
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from accounts.factor import codes, sealed
from accounts.models import Login, RecoveryCode, SecondFactor
from core.models import User
from media.models import Document
from tests.accounts.people import PASSWORD, SECRET, account, code, is_in, log_in, told, with_factor

pytestmark = pytest.mark.django_db

CODE, SET_UP, MANAGE = "/admin/login/code/", "/admin/login/second-factor/", "/admin/account/second-factor/"


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, its last six digits."""
    for moment, expected in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        with time_machine.travel(moment, tick=False):
            assert codes.step_of(SECRET, expected) == moment // 30


def test_after_the_password_the_code_is_asked_for_and_only_then_the_admin_opens(client: Client) -> None:
    with_factor(account())
    answer = log_in(client)
    assert answer.status_code == 302
    assert not is_in(client)
    asked = client.get("/admin/pages/?q=x", follow=True)
    assert asked.redirect_chain[-1][0].startswith(CODE)
    assert "fundus-browser" not in client.cookies
    key = client.session.session_key
    answer = client.post(CODE, {"code": code(), "next": "/admin/pages/"})
    assert answer["Location"] == "/admin/pages/"
    assert is_in(client)
    assert client.session.session_key != key
    assert "fundus-browser" in client.cookies


def _plain_addresses(patterns: Any, prefix: str) -> Any:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _plain_addresses(one.url_patterns, prefix + str(one.pattern).lstrip("^"))
        elif isinstance(one, URLPattern):
            yield prefix + re.sub(r"<int:[^>]*>", "1", str(one.pattern)).lstrip("^").rstrip("$")


OPEN_TO_ALL = re.compile(r"/(sprite|jsi18n)/$|/password_reset/")


def test_no_page_of_the_admin_opens_before_the_code() -> None:
    """Every address of the admin, its API, previews and autosave included, asked with a password alone."""
    with_factor(account())
    half = Client()
    log_in(half)
    tried, opened = 0, []
    for address in sorted(set(_plain_addresses(admin_urls.urlpatterns, "/admin/"))):
        if re.search(r"[<(\\]", address) or re.search(r"/login/", address) or OPEN_TO_ALL.search(address):
            continue
        for method in ("get", "post"):
            answer = getattr(half, method)(address)
            tried += 1
            is_led_to_login = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
            if not is_led_to_login and answer.status_code not in {403, 404, 405}:
                opened.append((address, method, answer.status_code))
    assert opened == []
    assert tried > 200


def test_no_private_page_file_or_preview_opens_before_the_code(library_index: Page) -> None:
    who = account()
    with_factor(who)
    PageViewRestriction.objects.create(page=library_index, restriction_type="login")
    collection = Collection.get_first_root_node().add_child(name="Intern")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    document = Document.objects.create(
        title="Intern", file=ContentFile(b"%PDF-1.7", name="a.pdf"), collection=collection
    )
    paths = [
        library_index.url,
        document.url,
        f"/admin/pages/{library_index.pk}/view_draft/",
        f"/admin/pages/{library_index.pk}/edit/preview/?mode=",
        "/admin/api/main/pages/",
    ]
    for door in ("/admin/login/", "/_util/login/"):
        client = Client()
        assert log_in(client, address=door).status_code == 302
        for path in paths:
            assert client.get(path).status_code in {302, 403, 404}, path
    client.post(CODE, {"code": code()})
    for path in (paths[0], paths[1], paths[2], paths[4]):
        response = client.get(path)
        assert response.status_code == 200, path
        assert b"".join(response) if response.streaming else response.content


def test_a_session_of_before_counts_no_more_once_the_account_has_a_factor(client: Client) -> None:
    who = account()
    client.force_login(who)
    assert is_in(client)
    with_factor(who)
    assert not is_in(client)


def test_a_code_is_good_once_and_clocks_may_be_half_a_minute_off() -> None:
    factor = with_factor(account())
    with time_machine.travel(timezone.now(), tick=False):
        assert not codes.use_code(factor, code(-2))
        assert codes.use_code(factor, code(-1))
        factor.refresh_from_db()
        assert not codes.use_code(factor, code(-1))
        assert codes.use_code(factor, code(1))
        factor.refresh_from_db()
        # An older one that was not used is one that somebody has seen.
        assert not codes.use_code(factor, code())
        assert not codes.use_code(factor, code(2))
        assert not codes.use_code(factor, "１２３４５６")


def test_a_code_typed_a_second_time_is_refused_recorded_and_told(mailoutbox: Any) -> None:
    with_factor(account())
    with time_machine.travel(timezone.now(), tick=False):
        first, second = Client(), Client()
        log_in(first), log_in(second)
        first.post(CODE, {"code": code()})
        second.post(CODE, {"code": code()})
        second.post(CODE, {"code": "000000"})
    assert (is_in(first), is_in(second)) == (True, False)
    kinds = list(Login.objects.filter(result="wrong").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["reused", "code"]
    assert told() == [("eva@example.org", "Fundus: Code zum zweiten Mal benutzt")]


def test_of_two_requests_with_one_code_one_wins() -> None:
    factor = with_factor(account())
    same = SecondFactor.objects.get()
    assert codes.use_code(factor, code())
    assert not codes.use_code(same, code())


def test_wrong_codes_are_braked_and_one_that_was_right_meanwhile_too(client: Client) -> None:
    with_factor(account())
    log_in(client)
    answers = [client.post(CODE, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200] * 4 + [429] * 2
    assert client.post(CODE, {"code": code()}).status_code == 429
    # A new login begins no new count.
    again = Client()
    log_in(again)
    assert again.post(CODE, {"code": code()}, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_a_login_waits_for_its_code_a_quarter_of_an_hour(client: Client) -> None:
    with_factor(account())
    log_in(client)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16), tick=False):
        client.post(CODE, {"code": code()})
        assert not is_in(client)


def test_whoever_cancels_is_nobody(client: Client) -> None:
    with_factor(account())
    log_in(client)
    assert client.post(CODE, {"cancel": "1"})["Location"] == "/admin/login/"
    assert client.get(CODE)["Location"] == "/admin/"
    client.post(CODE, {"code": code()})
    assert not is_in(client)


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_after_the_code_nobody_is_led_elsewhere(client: Client, wanted: str) -> None:
    with_factor(account())
    log_in(client)
    assert client.post(CODE, {"code": code(), "next": wanted})["Location"] == "/admin/"


def secret_in(page: str) -> bytes:
    """Return the secret that a page shows as text."""
    import base64

    text = re.search(r'account-secret">([A-Z2-7 ]+)<', page)
    assert text
    return base64.b32decode(text[1].replace(" ", ""))


def test_where_it_is_demanded_an_account_without_one_sets_it_up_and_gets_no_further(
    settings: Any, client: Client, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    account()
    old = Client()
    log_in(old)
    log_in(client)
    assert not is_in(client)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith(SET_UP)
    shown = page.content.decode()
    assert "<svg" in shown
    assert "http" not in shown[shown.index("<svg") : shown.index("</svg>")]
    secret = secret_in(shown)
    # The same secret until it is confirmed; a wrong code does not store it.
    wrong = client.post(SET_UP, {"code": "000000"})
    assert secret_in(wrong.content.decode()) == secret
    assert not SecondFactor.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(SET_UP, {"code": code(secret=secret)})
    found = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", done.content.decode())
    assert len(set(found)) == 10
    assert "no-store" in done["Cache-Control"]
    assert is_in(client)
    assert told() == [("eva@example.org", "Fundus: Zweiter Faktor eingerichtet")]
    # The code that confirmed it is used up, other sessions are over.
    assert not is_in(old)
    assert codes.step_of(secret, code(secret=secret), SecondFactor.objects.get().last_step) is None
    # Neither secret nor codes can be read in the database.
    stored = str(list(SecondFactor.objects.values())) + str(list(RecoveryCode.objects.values()))
    assert secret.hex() not in stored
    assert not any(one.replace("-", "") in stored for one in found)
    # A recovery code opens once.
    for expected in (True, False):
        other = Client()
        log_in(other)
        other.post(CODE, {"code": found[0].upper().replace("-", " ")})
        assert is_in(other) is expected
    assert RecoveryCode.objects.count() == 9


def test_setting_it_up_in_an_open_browser_takes_the_password(client: Client) -> None:
    account()
    log_in(client)
    secret = secret_in(client.get(SET_UP).content.decode())
    client.post(SET_UP, {"code": code(secret=secret), "current_password": "falsch"})
    assert not SecondFactor.objects.exists()
    client.post(SET_UP, {"code": code(secret=secret), "current_password": PASSWORD})
    assert SecondFactor.objects.exists()
    assert is_in(client)


def test_removing_it_takes_password_and_code_and_is_told(
    client: Client, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with_factor(account())
    log_in(client)
    client.post(CODE, {"code": code(-1)})
    for sent in ({"code": code(), "current_password": "falsch"}, {"code": "000000", "current_password": PASSWORD}):
        client.post(MANAGE, sent | {"remove": "1"})
        assert SecondFactor.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(MANAGE, {"code": code(), "current_password": PASSWORD, "remove": "1"})
    assert not SecondFactor.objects.exists()
    assert is_in(client)
    assert "Zweiter Faktor entfernt" in told()[-1][1]


def test_where_it_is_demanded_nobody_removes_their_own(settings: Any, client: Client) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    with_factor(account())
    log_in(client)
    client.post(CODE, {"code": code(-1)})
    assert 'name="remove"' not in client.get(MANAGE).content.decode()
    client.post(MANAGE, {"code": code(), "current_password": PASSWORD, "remove": "1"})
    assert SecondFactor.objects.exists()


def test_new_recovery_codes_replace_the_old_ones(client: Client) -> None:
    factor = with_factor(account())
    (old, *_) = codes.new_recovery_codes(factor)
    log_in(client)
    client.post(CODE, {"code": code(-1)})
    page = client.post(MANAGE, {"code": code(), "current_password": PASSWORD})
    assert len(re.findall(r"<li>(?:\w{4}-){3}\w{4}</li>", page.content.decode())) == 10
    assert not codes.use_recovery_code(factor, old)


def test_administrators_remove_it_for_others_and_nobody_else_does(client: Client) -> None:
    lost = account("ada")
    with_factor(lost)
    there = Client()
    log_in(there, "ada")
    there.post(CODE, {"code": code()})
    assert is_in(there)
    address = reverse("accounts_remove_factor", args=[lost.pk])
    call_command("setup_roles", verbosity=0)
    from django.contrib.auth.models import Group

    editor = User.objects.create_user("otto", "otto@example.org", PASSWORD)
    editor.groups.set(Group.objects.all())
    client.force_login(editor)
    client.post(address)
    assert SecondFactor.objects.exists()
    client.force_login(account())
    assert "Zweiten Faktor entfernen" in client.get("/admin/users/").content.decode()
    assert client.get(address).status_code == 200
    client.post(address)
    assert not SecondFactor.objects.exists()
    assert not is_in(there)
    assert Login.objects.filter(kind=Login.Kind.FACTOR_REMOVED, account=lost).exists()


def test_the_command_lists_and_removes(capsys: pytest.CaptureFixture[str]) -> None:
    with_factor(account())
    account("ada")
    call_command("second_factor")
    assert re.fullmatch(r"ada: none\neva: since \d{4}-\d\d-\d\d\n", capsys.readouterr().out)
    call_command("second_factor", remove="eva")
    assert not SecondFactor.objects.exists()
    with pytest.raises(CommandError):
        call_command("second_factor", remove="eva")


def test_with_another_signing_key_no_code_is_good_but_recovery_codes_are(settings: Any) -> None:
    factor = with_factor(account())
    (recovery, *_) = codes.new_recovery_codes(factor)
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "y" * 50
    assert sealed.unseal(factor.secret) is None
    assert not codes.use_code(factor, code())
    assert codes.use_recovery_code(factor, recovery)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert codes.use_code(factor, code())
    assert mail.outbox == []
