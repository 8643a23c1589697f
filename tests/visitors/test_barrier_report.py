"""Reporting a barrier: nothing is lost, nobody is followed, and bad input gets a clear answer."""

from __future__ import annotations

import datetime
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from core import versions
from core.mails.mail_sending import retry_failed, send_due
from core.models import OutgoingMail, SiteSettings
from core.running.jobs import JOBS
from library.models import LibraryIndexPage
from tests.home.test_setup_roles import member, setup_roles
from visitors.barriers import MAILED_AN_HOUR, forget_old, mail_pending
from visitors.models import BarrierReport
from visitors.sending import tokens

pytestmark = pytest.mark.django_db

ADDRESS = "/barriere-melden/"


@pytest.fixture(autouse=True)
def site(library: LibraryIndexPage) -> SiteSettings:
    """A site with a mailbox for reports."""
    return SiteSettings.objects.create(
        site=Site.objects.get(), mailbox="kontakt@example.org", feedback_mailbox="barrieren@example.org"
    )


def delivered() -> int:
    """Do what the worker does about reports; return how many were mailed."""
    mail_pending()
    return send_due()


def send(**values: str) -> Any:
    """Send the form as its page does after a minute."""
    token = tokens.issue("barrier", 60)
    return Client().post(ADDRESS, {"text": "Das Menü geht nicht auf.", "token": token, **values})


def test_a_report_is_kept_and_mailed_by_the_worker() -> None:
    response = send(address="/suche/", mail="frage@example.org")
    assert (response.status_code, response["Location"]) == (303, "/barriere-melden/danke/")
    assert "angekommen" in Client().get(response["Location"]).content.decode()
    assert mail.outbox == []
    assert JOBS["barrier_mail"].run() == 1
    assert mail.outbox == []
    assert "Menü" not in repr(list(OutgoingMail.objects.values_list()))
    assert JOBS["mail"].run() == 1
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == (["barrieren@example.org"], ["frage@example.org"])
    for part in ("/suche/", "Das Menü geht nicht auf."):
        assert part in message.body
    assert delivered() == 0
    assert len(mail.outbox) == 1
    assert BarrierReport.objects.get().mailed_at is not None


def test_the_general_mailbox_takes_reports_where_there_is_no_other(site: SiteSettings) -> None:
    SiteSettings.objects.update(feedback_mailbox="")
    versions.changed(SiteSettings)
    send()
    assert delivered() == 1
    assert mail.outbox[0].to == ["kontakt@example.org"]
    SiteSettings.objects.update(mailbox="")
    versions.changed(SiteSettings)
    send(text="Noch etwas.")
    assert mail_pending() == 0
    assert BarrierReport.objects.filter(mailed_at=None).count() == 1


@pytest.fixture
def rude_server() -> Iterator[int]:
    """The port of a mail server that hangs up on everybody."""
    server = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: _hang_up(server), daemon=True)
    thread.start()
    yield server.getsockname()[1]
    # Closing alone would not wake the thread that waits for a caller.
    server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    server.close()


def _hang_up(server: socket.socket) -> None:
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return


def test_a_failing_mail_server_loses_nothing(rude_server: int, settings: Any) -> None:
    working = settings.MAIL_BACKEND
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", rude_server
    assert send().status_code == 303
    assert delivered() == 0
    settings.EMAIL_PORT = 9
    assert retry_failed() == 1
    assert delivered() == 0
    assert BarrierReport.objects.get().mailed_at is None
    settings.MAIL_BACKEND = working
    assert retry_failed() == 1
    assert delivered() == 1
    assert "Das Menü geht nicht auf." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "Bitte beschreiben Sie, was Sie gehindert hat."),
        ({"text": " \n "}, "Bitte beschreiben Sie, was Sie gehindert hat."),
        ({"text": "x" * 4001}, "Der Text ist zu lang: 4001 Zeichen, höchstens 4000."),
        ({"text": "a\0b"}, "Nullzeichen"),
        ({"address": "x" * 501}, "Die Adresse ist zu lang; höchstens 500 Zeichen."),
        ({"mail": "keine Adresse"}, "Das ist keine E-Mail-Adresse"),
        ({"mail": "a@example.org\nBcc: b@example.org"}, "Das ist keine E-Mail-Adresse"),
    ],
)
def test_what_is_missing_is_said_at_the_field_and_what_was_written_is_kept(values: dict[str, str], words: str) -> None:
    response = send(**{"address": "/hier/", **values})
    text = response.content.decode()
    assert response.status_code == 400
    assert text.count(words) == 2
    field = next(iter(values))
    assert f'href="#{field}"' in text
    assert f'aria-describedby="{field}-fehler"' in text
    assert "/hier/" in text or field == "address"
    assert not BarrierReport.objects.exists()


def test_odd_requests_are_refused_politely() -> None:
    assert Client().put(ADDRESS).status_code == 405
    assert Client().post(ADDRESS, b"\xff\xfe", content_type="application/json").status_code == 415
    assert Client().post(ADDRESS, b"\xff\xfe", content_type="application/x-www-form-urlencoded").status_code == 400
    assert Client().post(ADDRESS, b"x", content_type="multipart/form-data; boundary=").status_code == 400
    assert Client().get(ADDRESS, headers={"referer": "http://[kaputt"}).status_code == 200


def test_the_page_that_the_reader_comes_from_is_filled_in() -> None:
    text = Client().get(ADDRESS, headers={"referer": "http://testserver/suche/?q=lesen"}).content.decode()
    assert 'value="/suche/?q=lesen"' in text
    for elsewhere in ("https://example.org/geheim/", "", "nichts"):
        assert "geheim" not in Client().get(ADDRESS, headers={"referer": elsewhere}).content.decode()
    long = Client().get(ADDRESS, headers={"referer": "http://testserver/" + "x" * 3000}).content.decode()
    assert "x" * 499 in long
    assert "x" * 500 not in long


def test_the_same_report_sent_twice_is_kept_once() -> None:
    assert [send().status_code, send().status_code, send(text="Etwas anderes.").status_code] == [303] * 3
    assert BarrierReport.objects.count() == 2


def test_many_reports_close_the_form_for_nobody_and_fill_no_mailbox() -> None:
    for number in range(MAILED_AN_HOUR + 3):
        assert send(text=f"Nummer {number}").status_code == 303
    assert (mail_pending(), mail_pending()) == (MAILED_AN_HOUR, 0)
    assert (send_due(), mail_pending()) == (MAILED_AN_HOUR, 0)
    assert send(text="Von jemand anderem").status_code == 303
    BarrierReport.objects.exclude(mailed_at=None).update(mailed_at=timezone.now() - datetime.timedelta(minutes=61))
    assert delivered() == 4
    assert "Von jemand anderem" in mail.outbox[-1].body


def test_a_flood_of_reports_closes_the_form_for_nobody_and_tells_of_nobody() -> None:
    BarrierReport.objects.bulk_create(BarrierReport(text=f"Nummer {number}") for number in range(1500))
    assert send(text="Von jemand anderem").status_code == 303
    assert BarrierReport.objects.count() == 1501
    assert {field.name for field in BarrierReport._meta.fields} == {
        *("id", "address", "text", "mail", "created_at", "mailed_at")
    }


def test_a_disk_that_takes_nothing_is_said_and_the_text_stays(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
        try:
            response = send(text="Das Menü geht nicht auf.")
        finally:
            cursor.execute("PRAGMA query_only = 0")
    assert (response.status_code, response["Retry-After"]) == (503, "300")
    text = response.content.decode()
    assert "nicht gespeichert" in text
    assert ">\nDas Menü geht nicht auf.</textarea>" in text
    assert [record.exc_info for record in caplog.records if record.name == "visitors.views"] == [None]
    assert not BarrierReport.objects.exists()


def test_reports_are_deleted_when_the_settings_say() -> None:
    send()
    send(text="Neu")
    BarrierReport.objects.exclude(text="Neu").update(created_at=timezone.now() - datetime.timedelta(days=181))
    assert JOBS["barrier_retention"].run() == 1
    SiteSettings.objects.update(report_days=7)
    versions.changed(SiteSettings)
    BarrierReport.objects.update(created_at=timezone.now() - datetime.timedelta(days=6))
    assert forget_old() == 0
    BarrierReport.objects.update(created_at=timezone.now() - datetime.timedelta(days=8))
    assert forget_old() == 1


def test_a_report_that_is_deleted_before_its_mail_is_not_mailed() -> None:
    send()
    assert mail_pending() == 1
    BarrierReport.objects.all().delete()
    assert (send_due(), mail.outbox, OutgoingMail.objects.count()) == (0, [], 0)


def test_every_page_leads_to_the_form() -> None:
    assert 'href="/barriere-melden/"' in Client().get("/impressum/").content.decode()


def test_editors_read_reports_and_chief_editors_delete_them(client: Client) -> None:
    setup_roles()
    send()
    report = BarrierReport.objects.get()
    listing, inspect, delete = (
        f"/admin/barrierreport/{part}" for part in ("", f"inspect/{report.pk}/", f"delete/{report.pk}/")
    )
    client.force_login(member("Redaktion"))
    listed = client.get(listing).content.decode()
    assert "Das Menü geht nicht auf." in listed
    assert f'href="{inspect}"' in listed
    assert "/admin/barrierreport/new/" not in listed
    assert "Das Menü geht nicht auf." in client.get(inspect).content.decode()
    assert client.post(delete).status_code == 302
    assert BarrierReport.objects.exists()
    client.force_login(member("Chefredaktion"))
    assert client.get("/admin/barrierreport/new/").status_code in {302, 404}
    assert client.get(f"/admin/barrierreport/edit/{report.pk}/").status_code in {302, 404}
    assert client.post(delete).status_code == 302
    assert not BarrierReport.objects.exists()


def test_only_who_answers_sees_who_reported(client: Client) -> None:
    setup_roles()
    report = BarrierReport.objects.create(text="Zu klein.", mail="mutter@example.org")
    for role, sees in (("Redaktion", False), ("Chefredaktion", True)):
        client.force_login(member(role))
        for part in ("", "?q=mutter", f"inspect/{report.pk}/"):
            answer = client.get(f"/admin/barrierreport/{part}").content.decode()
            assert ("mutter@example.org" in answer) == (sees and part.startswith("inspect")), (role, part)


def test_editors_read_in_local_time_when_a_report_came() -> None:
    setup_roles()
    send()
    report = BarrierReport.objects.get()
    client = Client()
    client.force_login(member("Redaktion"))
    page = client.get(f"/admin/barrierreport/inspect/{report.pk}/").content.decode()
    assert f"{timezone.localtime(report.created_at):%H:%M}" in page.split("<dl>")[1]
