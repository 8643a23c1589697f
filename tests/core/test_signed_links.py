"""Signed links: opened as often as anybody likes, acted on by a button, for one purpose and a limited time, and in no log."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from config.logs import discreet
from config.urls import urlpatterns as addresses_of_the_site
from core import signed_links
from core.mails import mailing, strangers
from core.mails.mail_sending import send_due
from core.models import MailAllowance, OutgoingMail
from core.running.jobs import JOBS
from core.signed_link_views import SignedLinkView
from core.signed_links import Expired, Forged, make, read

WEEK = datetime.timedelta(days=7)
BOUND: set[str] = set()


class UntieView(SignedLinkView):
    """Removes a key from a set."""

    purpose, heading, button = "untie", "Lösen", "Jetzt lösen"

    def language_of(self, key: str) -> str:
        return {"en": "en"}.get(key, "de")

    def subject_of(self, key: str) -> str | None:
        return key if key in BOUND else None

    def act(self, request: HttpRequest, subject: str) -> HttpResponse:
        BOUND.remove(subject)
        return self.done(request, "Gelöst")


urlpatterns = [path("link/untie/<str:token>/", UntieView.as_view(), name="link_untie"), *addresses_of_the_site]


def test_a_token_gives_back_its_key_and_fits_into_a_path() -> None:
    key = "7:ä/ö?&#"
    token = make("untie", key, WEEK)
    assert read("untie", token) == key
    assert set(token) <= {*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."}


def test_a_token_of_another_purpose_or_with_one_letter_changed_is_forged() -> None:
    token = make("untie", "7", WEEK)
    swapped = token[:3] + ("A" if token[3] != "A" else "B") + token[4:]
    for purpose, sent in (("tie", token), ("untie", swapped), ("untie", ""), ("untie", "ü.ü"), ("untie", token[:-4])):
        with pytest.raises(Forged):
            read(purpose, sent)


def test_a_token_ends_with_its_lifetime(monkeypatch: pytest.MonkeyPatch) -> None:
    token = make("untie", "7", WEEK)
    now = signed_links.time.time()
    monkeypatch.setattr(signed_links.time, "time", lambda: now + WEEK.total_seconds() - 2)
    assert read("untie", token) == "7"
    monkeypatch.setattr(signed_links.time, "time", lambda: now + WEEK.total_seconds() + 2)
    with pytest.raises(Expired):
        read("untie", token)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_the_page_speaks_the_language_of_what_it_is_about() -> None:
    BOUND.update(("de", "en"))
    address = {key: reverse("link_untie", args=[make("untie", key, WEEK)]) for key in ("de", "en")}
    for method in (Client().get, Client().post):
        for language in ("en", "de"):
            shown = method(address[language])
            assert shown["Content-Language"] == language
            assert f'<html lang="{language}">' in shown.content.decode()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_opening_a_link_does_nothing_and_its_button_acts_once() -> None:
    BOUND.add("7")
    token = make("untie", "7", WEEK)
    address = reverse("link_untie", args=[token])
    client = Client(enforce_csrf_checks=True)
    for method in (client.head, client.get, client.get):
        shown = method(address)
        assert (shown.status_code, BOUND) == (200, {"7"})
    assert token not in shown.content.decode()
    assert (shown.content.decode().count("Jetzt lösen"), shown.cookies) == (1, {})
    answers = [shown, client.put(address), client.post(address), client.post(address), client.get(address)]
    answers += [client.get(reverse("link_untie", args=["x.y"]))]
    answers += [client.post(reverse("link_untie", args=[make("untie", "8", -WEEK)]))]
    assert [answer.status_code for answer in answers] == [200, 405, 200, 410, 410, 404, 410]
    assert not BOUND
    for answer in answers:
        assert "no-store" in answer["Cache-Control"]
        assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "no-referrer")


def test_no_line_of_the_log_holds_the_token_of_a_signed_link() -> None:
    token = make("untie", "7", WEEK)
    for line in (
        f"Gone: /link/untie/{token}/",
        f'"POST /link/untie/{token}/ HTTP/1.1" 500',
        f"GET /link/untie/{token}",
    ):
        assert token not in discreet(line)
        assert "/link/untie/***" in discreet(line)


@pytest.mark.django_db
def test_a_stranger_gets_three_mails_a_day_however_the_address_is_written(settings: Any) -> None:
    mailing.register("trial", mailing.Kind("Probe", lambda row: EmailMessage("Probe", str(row.about))))
    try:
        written = [
            "info@chor.example",
            "INFO@chor.example",
            "info+x@chor.example",
            " info+y@Chor.example",
            "info@chor.example",
        ]
        assert [strangers.queue("trial", address, 7) for address in written] == [True, True, True, False, False]
        assert strangers.queue("trial", "post@chor.example")
        assert send_due() == OutgoingMail.objects.count() + 4 == len(mail.outbox)
        assert "chor" not in repr(list(MailAllowance.objects.values_list()))
        assert JOBS["mail_allowances"].run() == 0
        MailAllowance.objects.update(day=timezone.localdate() - datetime.timedelta(days=2))
        assert strangers.queue("trial", "info@chor.example")
        assert JOBS["mail_allowances"].run() == 2
    finally:
        del mailing.KINDS["trial"]
