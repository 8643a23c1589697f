"""Mails reach a server or nobody: no log holds them, and a site that sends none says so."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from django.conf import settings as current
from django.core import mail
from django.test import Client

from config.checks import check_mail
from config.logs import JsonFormatter, LineFormatter
from config.mail import NoMailError, mail_settings
from core.models import SiteSettings, User
from library.models import LibraryIndexPage
from visitors.barriers import mail_pending
from visitors.models import BarrierReport


@pytest.fixture
def without_mail(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A site whose EMAIL_URL is not set."""
    monkeypatch.delenv("EMAIL_URL", raising=False)
    for name, value in mail_settings().items():
        setattr(settings, name, value)


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name in ("EMAIL_URL", "DEFAULT_FROM_EMAIL", "BASE_URL"):
        monkeypatch.setenv(name, environment.get(name, "" if name != "BASE_URL" else "https://fundus.example.org:8443"))
    return mail_settings()


def test_the_sender_is_an_address_of_the_site_or_what_the_operator_says(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, EMAIL_URL="smtp://us%40er:p%2Fw@mail.example.org:587")
    assert found["DEFAULT_FROM_EMAIL"] == found["SERVER_EMAIL"] == "noreply@fundus.example.org"
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"], found["EMAIL_PORT"]) == ("us@er", "p/w", 587)
    found = read(monkeypatch, DEFAULT_FROM_EMAIL="Fundus <fundus@ministerium.example.org>")
    assert found["DEFAULT_FROM_EMAIL"] == found["SERVER_EMAIL"] == "Fundus <fundus@ministerium.example.org>"


def test_every_mail_names_the_sender_of_the_site(library: LibraryIndexPage, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "noreply@fundus.example.org"
    SiteSettings.objects.create(site=library.get_site(), mailbox="kontakt@example.org")
    BarrierReport.objects.create(text="Das Menü geht nicht auf.")
    assert mail_pending() == 1
    User.objects.create_superuser("redaktion", "redaktion@example.org", "ein langes Kennwort")
    Client().post("/admin/password_reset/", {"email": "redaktion@example.org"})
    assert [message.from_email for message in mail.outbox] == ["noreply@fundus.example.org"] * 2


def test_a_site_without_mail_fails_to_send_and_keeps_reports_unmailed(
    without_mail: None, library: LibraryIndexPage, admin_client: Client
) -> None:
    with pytest.raises(NoMailError, match="EMAIL_URL"):
        mail.send_mail("Betreff", "Text", None, ["a@example.org"])
    assert mail.send_mail("Betreff", "Text", None, ["a@example.org"], fail_silently=True) == 0
    SiteSettings.objects.create(site=library.get_site(), mailbox="kontakt@example.org")
    report = BarrierReport.objects.create(text="Das Menü geht nicht auf.")
    assert mail_pending() == 0
    report.refresh_from_db()
    assert report.mailed_at is None
    for path in ("/admin/barrierreport/", f"/admin/barrierreport/inspect/{report.pk}/"):
        assert "nein, diese Website verschickt keine E-Mails" in admin_client.get(path).content.decode(), path


def test_a_site_without_mail_offers_no_new_password_and_says_why(without_mail: None, db: None) -> None:
    text = Client().get("/admin/login/").content.decode()
    assert "/admin/password_reset/" not in text
    assert "verschickt keine E-Mails" in text
    assert Client().get("/admin/password_reset/").status_code == 404


def test_a_site_with_mail_offers_a_new_password(db: None) -> None:
    text = Client().get("/admin/login/").content.decode()
    assert "/admin/password_reset/" in text
    assert "verschickt keine E-Mails" not in text


def test_the_check_before_opening_warns_of_a_site_without_mail(settings: Any) -> None:
    assert check_mail(None) == []
    settings.SENDS_MAIL = False
    (warning,) = check_mail(None)
    assert "EMAIL_URL" in str(warning.hint)


@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter("%(message)s")])
def test_no_line_of_the_log_holds_a_token_or_a_mail_address(formatter: logging.Formatter) -> None:
    try:
        raise OSError("{'lena@schule.example.org': (550, b'no')} at /admin/password_reset/confirm/MQ/dippi0-9426/")
    except OSError:
        error = sys.exc_info()
    path = "/admin/password_reset/confirm/MQ/dippi0-9426abc/"
    record = logging.LogRecord("django", 30, "", 0, "Forbidden: %s to %s", (path, "lena@schule.example.org"), error)
    line = formatter.format(record)
    assert "Forbidden: /admin/password_reset/confirm/***" in line
    assert "dippi0" not in line
    assert "lena" not in line
    if isinstance(formatter, JsonFormatter):
        json.loads(line)


def test_both_forms_of_the_log_are_ours() -> None:
    assert {form["()"] for form in current.LOGGING["formatters"].values()} == {
        "config.logs.JsonFormatter",
        "config.logs.LineFormatter",
    }
