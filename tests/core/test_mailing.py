"""Mails: a row until they are sent, nothing secret in it, and nobody waits for a mail server."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Brake
from config.logs import LineFormatter
from core.declared.roles import Role
from core.mails import mail_sending, mailing
from core.mails.mail_sending import figures, forget_old, retry_failed, send_due
from core.models import OutgoingMail, User
from core.running.jobs import JOBS, Lane
from library.models import LibraryIndexPage
from tests.layers import MAY_IMPORT
from tests.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db

RESET = "/admin/password_reset/"


@pytest.fixture(autouse=True)
def waiting(settings: Any) -> None:
    """Django's test runner replaces the backend; this is the one of the site."""
    settings.EMAIL_BACKEND = "core.mails.mailing.Waiting"
    settings.DEFAULT_FROM_EMAIL = "Fundus <noreply@fundus.example.org>"


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("lena", "lena@example.org", "ein langes Kennwort", is_staff=True)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server without TLS, to which the site sends."""
    with mail_server(MailServer()) as running:
        settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def due_again() -> None:
    OutgoingMail.objects.update(available_at=timezone.now())


def stored() -> str:
    """Everything that the table holds."""
    return repr(list(OutgoingMail.objects.values_list()))


def test_a_notice_waits_as_a_row_and_is_gone_once_it_is_sent(editor: User) -> None:
    assert mailing.notify(editor, "Ihr Kennwort\nwurde geändert", "Waren Sie das?")
    assert mail.outbox == []
    assert JOBS["mail"].run() == 1
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (
        ["lena@example.org"],
        "Ihr Kennwort wurde geändert",
        "Waren Sie das?",
    )
    assert message.from_email == "Fundus <noreply@fundus.example.org>"
    assert not OutgoingMail.objects.exists()
    assert send_due() == 0


def test_a_change_that_is_rolled_back_mails_nobody(editor: User) -> None:
    with transaction.atomic():
        mailing.notify(editor, "Betreff", "Text")
        transaction.set_rollback(True)
    assert send_due() == 0


def test_the_row_names_the_account_so_a_mail_goes_where_it_lives_now(editor: User) -> None:
    mail.send_mail("Freigabe", "Eine Seite wartet.", None, ["lena@example.org"])
    assert "lena@example.org" not in stored()
    editor.email = "lena.neu@example.org"
    editor.save()
    mailing.notify(editor, "Neue Adresse", "Waren Sie das?", address="lena@example.org")
    # The third is what accounts are told themselves when their address changes.
    assert send_due() == 3
    assert [message.to for message in mail.outbox] == [["lena.neu@example.org"], *[["lena@example.org"]] * 2]


def test_an_account_that_is_gone_or_closed_gets_no_mail(editor: User) -> None:
    mailing.notify(editor, "Betreff", "Text")
    User.objects.update(is_active=False)
    assert (send_due(), mail.outbox, OutgoingMail.objects.count()) == (0, [], 0)
    mailing.notify(editor, "Betreff", "Text")
    editor.delete()
    assert not OutgoingMail.objects.exists()


def test_a_reset_link_is_made_when_the_mail_is_sent_and_works_once(editor: User) -> None:
    assert Client().post(RESET, {"email": "LENA@example.org"}).status_code == 302
    assert "confirm" not in stored()
    assert "lena@" not in stored()
    assert send_due() == 1
    link = next(line for line in mail.outbox[0].body.split() if "/confirm/" in line)
    assert link.startswith("http://localhost:8000/admin/password_reset/confirm/")
    assert "lena" in mail.outbox[0].body
    client = Client()
    address = client.get(link, follow=True).redirect_chain[-1][0]
    words = {"new_password1": "noch ein langes Kennwort", "new_password2": "noch ein langes Kennwort"}
    assert client.post(address, words).status_code == 302
    assert "password1" not in Client().get(link, follow=True).content.decode()


def test_asking_for_a_link_costs_the_same_with_and_without_an_account(editor: User) -> None:
    client = Client()
    found = []
    for address in ("lena@example.org", "niemand@example.org"):
        # The second from a place is counted in the row of the first, whoever is meant.
        Brake.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.post(RESET, {"email": address})
        found.append((response.status_code, response["Location"], [query["sql"].split()[0] for query in queries]))
    assert found[0] == found[1]
    assert OutgoingMail.objects.count() == 2
    assert (send_due(), len(mail.outbox), OutgoingMail.objects.count()) == (1, 1, 0)


def test_a_link_asked_for_twice_is_mailed_once_and_a_flood_fills_no_table(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.mails.password_reset.WAITING_AT_MOST", 3)
    for _ in range(5):
        Client().post(RESET, {"email": "lena@example.org"})
    assert OutgoingMail.objects.count() == 3
    assert (send_due(), len(mail.outbox), OutgoingMail.objects.count()) == (1, 1, 0)


def test_a_server_that_refuses_one_addressee_still_gets_the_mails_of_others(
    editor: User, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["lena@example.org"] = b"550 lena@example.org is nobody here"
    mailing.notify(editor, "Betreff", "An Lena")
    mailing.notify(User.objects.create_user("mia", "mia@example.org"), "Betreff", "An Mia")
    assert send_due() == 1
    (message,) = server.messages
    assert message["To"] == "mia@example.org"
    row = OutgoingMail.objects.get()
    assert (row.last_error, row.given_up_at is None) == ("SMTPRecipientsRefused 550", False)
    assert "lena@" not in caplog.text + stored()
    del server.answers["lena@example.org"]
    assert (send_due(), retry_failed(), send_due()) == (0, 1, 1)


def test_a_mail_is_tried_again_with_growing_waits_and_given_up_in_the_end(editor: User, server: MailServer) -> None:
    server.answers["DATA"] = b"451 later"
    mailing.notify(editor, "Betreff", "Text")
    waits = []
    for _ in range(6):
        due_again()
        assert send_due() == 0
        waits.append(round((OutgoingMail.objects.get().available_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 5, 15, 60, 60]
    assert send_due() == 0
    OutgoingMail.objects.update(queued_at=timezone.now() - mailing.LIFETIME)
    due_again()
    send_due()
    row = OutgoingMail.objects.get()
    assert (row.given_up_at is None, row.last_error) == (False, "SMTPDataError 451")
    del server.answers["DATA"]
    due_again()
    assert send_due() == 0
    assert forget_old() == 0
    OutgoingMail.objects.update(given_up_at=timezone.now() - datetime.timedelta(days=15))
    assert JOBS["mail_retention"].run() == 1


def test_a_server_that_is_away_ends_the_run_and_loses_nothing(editor: User, settings: Any, server: MailServer) -> None:
    settings.EMAIL_PORT = 9
    for number in range(3):
        mailing.notify(editor, f"Nummer {number}", "Text")
    assert send_due() == 0
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert (figures().waiting, figures().failed) == (3, 1)
    settings.EMAIL_PORT = server.port
    due_again()
    assert send_due() == 3


def test_a_mail_that_cannot_be_made_does_not_hold_up_the_next(editor: User, caplog: pytest.LogCaptureFixture) -> None:
    mailing.register("broken", mailing.Kind("kaputt", lambda row: 1 / 0))
    try:
        mailing.queue("broken", editor)
        mailing.notify(editor, "Betreff", "Text")
        assert send_due() == 1
        assert OutgoingMail.objects.get().last_error == "ZeroDivisionError"
    finally:
        del mailing.KINDS["broken"]
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]


def test_a_worker_killed_while_sending_sends_once_more_under_the_same_name(
    editor: User, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    mailing.notify(editor, "Betreff", "Text")
    with monkeypatch.context() as patched:
        patched.setattr(mail_sending, "_remove", die)
        with pytest.raises(Killed):
            send_due()
    # Until the claim ends nobody else sends it.
    assert send_due() == 0
    due_again()
    assert send_due() == 1
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert str(first["Message-ID"]).endswith("@fundus.example.org>")
    assert first["Auto-Submitted"] == "auto-generated"


def test_what_is_more_than_a_text_is_refused_rather_than_cut(editor: User) -> None:
    message = mail.EmailMessage("Betreff", "Text", None, ["lena@example.org"], reply_to=["a@example.org"])
    with pytest.raises(ValueError, match="register a kind"):
        message.send()
    with pytest.raises(KeyError):
        mailing.queue("unbekannt", editor)


def test_the_command_for_a_trial_mail_uses_the_same_way() -> None:
    call_command("sendtestemail", "betrieb@example.org")
    assert send_due() == 1
    assert mail.outbox[0].to == ["betrieb@example.org"]


def test_mail_waits_in_a_lane_of_its_own() -> None:
    assert [job.name for job in JOBS.values() if job.lane is Lane.ELSEWHERE] == ["mail"]


def test_what_wagtail_mails_of_a_review_waits_for_the_worker_and_names_no_address(
    library: LibraryIndexPage, editor: User
) -> None:
    call_command("setup_roles", verbosity=0)
    editor.groups.add(Group.objects.get(name=Role.CHIEF_EDITORS))
    author = User.objects.create_user("mia", "mia@example.org")
    library.save_revision(user=author)
    library.get_workflow().start(library, author)
    assert mail.outbox == []
    assert "example.org" not in stored()
    assert send_due() == 1
    assert mail.outbox[0].to == ["lena@example.org"]
    library.current_workflow_task_state.reject(user=editor, comment="Bitte kürzen.")
    assert send_due() == 1
    assert mail.outbox[1].to == ["mia@example.org"]
    assert "Bitte kürzen." in mail.outbox[1].body


def test_a_site_without_mail_reviews_pages_without_complaints(
    library: LibraryIndexPage, editor: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND, settings.SENDS_MAIL = "config.mail.NoMail", False
    call_command("setup_roles", verbosity=0)
    editor.groups.add(Group.objects.get(name=Role.CHIEF_EDITORS))
    library.save_revision()
    library.get_workflow().start(library, None)
    ours = next(handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, LineFormatter))
    complaints = [record for record in caplog.records if record.levelno > logging.INFO]
    assert complaints
    assert not any(ours.filter(record) for record in complaints)
    assert not OutgoingMail.objects.exists()


def test_only_the_worker_talks_to_a_mail_server() -> None:
    root = Path(mailing.__file__).parents[2]
    apps = [root / name for name in (*MAY_IMPORT,)]
    talking = re.compile(r"\b(get_connection|send_mail|send_mass_mail|mail_admins|mail_managers|email_user)\(")
    found = {
        str(path.relative_to(root))
        for app in apps
        for path in app.rglob("*.py")
        if talking.search(path.read_text()) and "django.core.mail" in path.read_text()
    }
    assert found == {"core/mails/mail_sending.py"}
