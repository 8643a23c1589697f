"""The newsletter: an editor's sentences and the new entries since the last one, sent once to who asked for it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.mails import mail_sending
from core.mails.mail_sending import retry_failed, send_due
from core.models import OutgoingMail
from library.models import LibraryIndexPage
from tests.home.test_setup_roles import member, setup_roles
from tests.published import add_page, settle
from tests.visitors.asking import MAIL, link_in, prepare, subscribed, told
from tests.visitors.asking import send as ask
from visitors.alerts.sending import send_letter
from visitors.models import Newsletter, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(library: LibraryIndexPage, settings: Any, tmp_path: Path) -> LibraryIndexPage:
    """A site with an entry of last week and one of last year."""
    prepare(settings, tmp_path)
    now = timezone.now()
    add_page(library, "woche", title="Blatt Woche", first_published_at=now - datetime.timedelta(days=7))
    add_page(library, "jahr", title="Blatt Jahr", first_published_at=now - datetime.timedelta(days=365))
    settle()
    return library


def browser(group: str = "Chefredaktion") -> Client:
    """Return an editor's browser."""
    setup_roles()
    client = Client()
    client.force_login(member(group))
    return client


def send(introduction: str, client: Client) -> Newsletter:
    """Write a newsletter and send it, as an editor does."""
    client.post("/admin/newsletter/new/", {"language": "de", "introduction": introduction})
    letter = Newsletter.objects.get(introduction=introduction)
    assert client.post(f"/admin/newsletter/send/{letter.pk}/").status_code == 302
    send_due()
    return letter


def sheets() -> list[str]:
    """Return the entries that the latest mail lists."""
    return re.findall(r"^Blatt (\w+)", mail.outbox[-1].body, re.M)


def test_each_newsletter_begins_where_the_last_one_ended(library: LibraryIndexPage) -> None:
    row = subscribed(rhythm="letter")
    assert row.next_at is None
    assert told() == []
    client = browser()
    send("Ein guter Monat.\n\nWir danken.", client)
    (letter,) = mail.outbox
    assert letter.to == [MAIL]
    assert "Ein guter Monat.\n\nWir danken.\n" in letter.body
    assert sheets() == ["Woche"]
    assert letter.extra_headers["List-Unsubscribe"] == f"<http://localhost:8000{link_in(letter)}>"
    add_page(library, "neu", title="Blatt Neu")
    settle()
    send("Noch einer.", client)
    assert sheets() == ["Neu"]
    Client().post(link_in(letter))
    assert not Subscription.objects.exists()
    send("Niemandem.", client)
    assert len(mail.outbox) == 2


def test_it_goes_once_to_who_asked_for_it_in_its_language_and_lists_what_is_public_then(
    library: LibraryIndexPage,
) -> None:
    subscribed(rhythm="letter")
    subscribed("/en/neues-per-mail/", rhythm="letter", mail="other@school.example")
    subscribed(mail="taeglich@schule.example")
    page = add_page(library, "weg", title="Blatt Weg")
    settle()
    client = browser()
    letter = Newsletter.objects.create(introduction="Hallo")
    for _ in range(2):
        client.post(f"/admin/newsletter/send/{letter.pk}/")
    assert OutgoingMail.objects.count() == 1
    page.unpublish()
    settle()
    send_due()
    assert ([one.to for one in mail.outbox], sheets()) == ([[MAIL]], ["Woche"])


def test_a_newsletter_that_was_given_up_takes_no_place_of_the_next_and_can_be_tried_again() -> None:
    subscribed(rhythm="letter")
    client = browser()
    first, second = (Newsletter.objects.create(introduction=text) for text in ("Erster", "Zweiter"))
    client.post(f"/admin/newsletter/send/{first.pk}/")
    OutgoingMail.objects.update(given_up_at=timezone.now(), last_error="SMTPServerDisconnected")
    client.post(f"/admin/newsletter/send/{second.pk}/")
    send_due()
    assert ["Zweiter" in one.body for one in mail.outbox] == [True]
    retry_failed()
    send_due()
    assert ["Erster" in one.body for one in mail.outbox] == [False, True]


def test_who_waits_for_a_link_does_not_wait_for_a_newsletter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_sending, "BULK", 2)
    readers = [subscribed(rhythm="letter", mail=f"kim{number}@schule.example") for number in range(3)]
    send_letter(Newsletter.objects.create(introduction="Hallo"))
    OutgoingMail.objects.update(available_at=timezone.now() - datetime.timedelta(hours=1))
    # A long list is no reason for an alarm.
    assert (mail_sending.figures().waiting, mail_sending.figures().overdue) == (3, 0)
    ask(mail="neu@schule.example")
    assert (send_due(), send_due()) == (3, 1)
    assert [one.to[0] for one in mail.outbox] == ["neu@schule.example", *(one.address for one in readers)]


def test_an_editor_writes_and_a_chief_editor_sees_the_list_and_sends() -> None:
    letter = Newsletter.objects.create(introduction="Hallo")
    editor, chief = browser("Redaktion"), browser()
    page = f"/admin/newsletter/inspect/{letter.pk}/"
    assert "Jetzt verschicken" not in editor.get(page).content.decode()
    editor.post(f"/admin/newsletter/send/{letter.pk}/")
    assert Newsletter.objects.get().sent_at is None
    shown = chief.get(page).content.decode()
    assert ("Blatt Woche" in shown, "Blatt Jahr" in shown, "Jetzt verschicken" in shown) == (True, False, True)
    chief.post(f"/admin/newsletter/send/{letter.pk}/")
    assert Newsletter.objects.get().sent_at is not None
    for client in (editor, chief):
        assert "Jetzt verschicken" not in client.get(page).content.decode()
        client.post(f"/admin/newsletter/edit/{letter.pk}/", {"language": "de", "introduction": "Anders"})
        client.post(f"/admin/newsletter/delete/{letter.pk}/")
        assert Newsletter.objects.get().introduction == "Hallo"


def test_no_editor_finds_an_address_of_a_reader() -> None:
    subscribed(rhythm="letter")
    client = browser()
    for path in ("/admin/", "/admin/newsletter/", "/admin/reports/e-mails/"):
        assert MAIL not in client.get(path).content.decode()
