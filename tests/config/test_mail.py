"""Mails reach a server or nobody: no log holds them, and a site that sends none says so."""

from __future__ import annotations

import json
import logging
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config.checks import check_mail
from config.logs import JsonFormatter, LineFormatter
from config.mail import CONSOLE, NoMailError, mail_settings
from core.mails import mailing
from core.mails.mail_sending import retry_failed, send_due
from core.models import OutgoingMail, SiteSettings, User
from library.models import LibraryIndexPage
from tests.mail_server import MailServer, mail_server
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
    assert found["EMAIL_BACKEND"] == "core.mails.mailing.Waiting"
    found = read(monkeypatch, DEFAULT_FROM_EMAIL="Fundus <fundus@ministerium.example.org>")
    assert found["DEFAULT_FROM_EMAIL"] == found["SERVER_EMAIL"] == "Fundus <fundus@ministerium.example.org>"


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example.org", 587, True, False),
        ("smtp://u:p@mail.example.org:25", 25, True, False),
        ("smtps://u:p@mail.example.org", 465, False, True),
        ("smtp+plain://127.0.0.1", 25, False, False),
    ],
)
def test_mail_leaves_encrypted_unless_the_address_says_plain(
    monkeypatch: pytest.MonkeyPatch, url: str, port: int, starttls: bool, tls: bool
) -> None:
    found = read(monkeypatch, EMAIL_URL=url)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, starttls, tls)


def test_no_password_goes_over_an_unencrypted_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="unencrypted") as raised:
        read(monkeypatch, EMAIL_URL="smtp+plain://nutzerin:geheim@mail.example.org")
    assert "geheim" not in str(raised.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost in one file."""
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(["openssl", "req", *kind, *names, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mail_reaches_a_server_over_tls_and_only_one_whose_certificate_is_good(
    monkeypatch: pytest.MonkeyPatch, settings: Any, certificate: Path, scheme: str, db: None
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with mail_server(MailServer(tls=tls, is_tls_from_start=scheme == "smtps")) as server:
        url = f"{scheme}://nutzerin:geheim@localhost:{server.port}"
        for name, value in read(monkeypatch, EMAIL_URL=url).items():
            setattr(settings, name, value)
        mail.send_mail("Betreff", "Text", None, ["a@example.org"])
        assert (send_due(), server.passwords) == (0, [])
        assert OutgoingMail.objects.get().last_error.startswith("SSLCertVerificationError")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
        retry_failed()
        assert send_due() == 1
    assert (server.passwords, server.encrypted) == (["geheim"], [True])


def test_nothing_is_sent_to_a_server_that_offers_no_encryption(
    monkeypatch: pytest.MonkeyPatch, settings: Any, db: None
) -> None:
    with mail_server(MailServer()) as server:
        for name, value in read(monkeypatch, EMAIL_URL=f"smtp://nutzerin:geheim@127.0.0.1:{server.port}").items():
            setattr(settings, name, value)
        mail.send_mail("Betreff", "Text", None, ["a@example.org"])
        assert send_due() == 0
    assert (server.passwords, server.messages) == ([], [])


def test_every_mail_names_the_sender_of_the_site(library: LibraryIndexPage, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "noreply@fundus.example.org"
    SiteSettings.objects.create(site=library.get_site(), mailbox="kontakt@example.org")
    BarrierReport.objects.create(text="Das Menü geht nicht auf.")
    assert mail_pending() == 1
    settings.EMAIL_BACKEND = "core.mails.mailing.Waiting"
    User.objects.create_superuser("redaktion", "redaktion@example.org", "ein langes Kennwort")
    Client().post("/admin/password_reset/", {"email": "redaktion@example.org"})
    assert send_due() == 2
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
    editor = User.objects.create_user("lena", "lena@example.org")
    assert mailing.notify(editor, "Betreff", "Text") is False
    assert not OutgoingMail.objects.exists()
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
    settings.MAIL_BACKEND = CONSOLE
    (warning,) = check_mail(None)
    assert "EMAIL_URL" in str(warning.hint)
    settings.MAIL_BACKEND = "config.mail.NoMail"
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


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Error handling request /suche/?q=Xaver+4b&p=1", "Error handling request /suche/?***"),
        ("Invalid request from ip=192.0.2.7: 'GET /suche/?q=Xaver 4b'", "Invalid request from ip=***"),
    ],
)
def test_no_line_of_the_log_holds_what_was_searched_for(line: str, found: str) -> None:
    record = logging.LogRecord("gunicorn.error", 40, "", 0, line, None, None)
    assert LineFormatter("%(message)s").format(record) == found


def test_the_lines_of_gunicorn_are_filtered_too() -> None:
    logger = logging.getLogger("gunicorn.error")
    # Beside it there may be those of pytest.
    assert LineFormatter in {type(handler.formatter) for handler in logger.handlers}
    assert not logger.propagate


def test_both_forms_of_the_log_are_ours() -> None:
    assert {form["()"] for form in current.LOGGING["formatters"].values()} == {
        "config.logs.JsonFormatter",
        "config.logs.LineFormatter",
    }


def test_no_message_forges_a_line_of_the_log() -> None:
    try:
        raise OSError("\n2026-11-28T10:00:00.000Z INFO accounts.logins login right")
    except OSError:
        error = sys.exc_info()
    text = "a\r\n2026-11-28T10:00:00.000Z INFO accounts.logins login right\x1b[2J"
    record = logging.LogRecord("django", 30, "", 0, "%s", (text,), error)
    first, *others = LineFormatter("%(asctime)s %(levelname)s %(name)s %(message)s").format(record).splitlines()
    assert first.endswith("Z WARNING django a")
    assert all(line.startswith("    ") for line in others)
    assert "\x1b" not in "".join(others)
    assert len(JsonFormatter().format(record).splitlines()) == 1
