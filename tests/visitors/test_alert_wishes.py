"""Wishes for news by mail: who may ask, what is stored of it and how long, and that what was stopped stays stopped."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from core import signed_links
from core.mails.mail_sending import send_due
from core.models import OutgoingMail
from core.running.jobs import JOBS
from library.models import LibraryIndexPage
from people.due import catch_up
from people.models import Deletion
from tests.directory.helpers import add_network
from tests.published import add_page
from tests.visitors.asking import FORM, MAIL, link_in, prepare, send, subscribed, told
from tests.words import unbroken
from visitors.models import Subscription
from visitors.sending import pace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(library: LibraryIndexPage, settings: Any, tmp_path: Path) -> None:
    """A site with a file of deletions of this test alone, on which nobody has sent anything."""
    prepare(settings, tmp_path)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"age": 1}, 400),
        ({"website": "x"}, 400),
        ({"token": "x"}, 400),
        ({"mail": "kim@"}, 400),
        ({"mail": "kim@schule.example\nBcc: alle@schule.example"}, 400),
        ({"mail": ""}, 400),
        ({"rhythm": "hourly"}, 400),
        ({"headers": {"origin": "https://boese.example"}}, 403),
    ],
    ids=["at once", "the trap", "no token", "no address", "two headers", "nothing", "no rhythm", "another site"],
)
def test_who_is_caught_gets_the_form_back_and_nothing_is_stored(fault: dict[str, Any], status: int) -> None:
    response = send(f"{FORM}?q=Lesen", **fault)
    assert response.status_code == status
    assert status == 403 or "„Lesen“" in unbroken(response.content)
    assert not Subscription.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_value_that_is_gone_when_the_form_is_sent_does_not_become_a_wider_wish(library: LibraryIndexPage) -> None:
    network = add_network(4)
    assert 'action="/neues-per-mail/?koopv=netz-4"' in Client().get(f"{FORM}?koopv=netz-4&page=0").content.decode()
    network.unpublish()
    response = send(f"{FORM}?koopv=netz-4")
    assert (response.status_code, Subscription.objects.exists()) == (400, False)
    assert "netz-4" in unbroken(response.content)


def test_a_search_cannot_have_the_newsletter() -> None:
    assert send(f"{FORM}?q=Lesen", rhythm="letter").status_code == 400
    assert send(rhythm="letter").status_code == 303


def test_an_address_gets_three_such_mails_a_day_and_nobody_learns_that_it_had_them() -> None:
    answers = {(one.status_code, one["Location"]) for one in (send(f"{FORM}?q=Lesen+{n}") for n in range(5))}
    assert answers == {(303, f"{FORM}fast-fertig/")}
    assert (send_due(), Subscription.objects.count()) == (3, 3)


def test_a_network_that_sends_too_much_gets_the_form_back() -> None:
    for _ in range(pace.MOST):
        send(network="9.9.9.9")
    response = send(network="9.9.9.10", mail="alle@schule.example")
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "alle@schule.example" in response.content.decode()


def test_what_nobody_confirms_is_deleted_after_a_day_with_the_mail_that_waits_for_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send()
    assert send_due() == 1
    link = link_in(mail.outbox[-1])
    send(mail="zweite@schule.example")
    fresh = timezone.now()
    Subscription.objects.update(asked_at=fresh - datetime.timedelta(hours=23, minutes=50))
    assert JOBS["alerts_unconfirmed"].run() == 0
    Subscription.objects.update(asked_at=fresh - datetime.timedelta(hours=24, minutes=1))
    assert Client().post(link).status_code == 410
    assert JOBS["alerts_unconfirmed"].run() == 2
    assert not OutgoingMail.objects.exists()


def test_the_link_of_a_mail_that_waited_ends_with_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    Subscription.objects.update(asked_at=timezone.now() - datetime.timedelta(hours=20))
    send_due()
    link = link_in(mail.outbox[-1])
    now = signed_links.time.time()
    monkeypatch.setattr(signed_links.time, "time", lambda: now + 5 * 3600)
    assert Client().post(link).status_code == 410


def test_the_same_wish_twice_is_told_once_in_the_new_rhythm(library: LibraryIndexPage) -> None:
    first = subscribed()
    second = subscribed(mail=MAIL.upper(), rhythm="weekly")
    assert list(Subscription.objects.values_list("key", "rhythm")) == [(second.key, "weekly")]
    assert first.key != second.key
    assert timezone.localtime(second.next_at).strftime("%w %H:%M") == "1 06:00"
    add_page(library, "neu")
    assert len(told()) == 1


def test_a_stopped_address_does_not_come_back_with_a_restored_database() -> None:
    kept, stopped = subscribed(mail="andere@schule.example"), subscribed()
    Client().post("/link/alert-stop/" + signed_links.make("alert-stop", str(stopped.key), datetime.timedelta(1)) + "/")
    assert MAIL not in Path(_deletions()).read_text(encoding="utf-8")
    # As `restore` does: the rows of the backup, without what happened since, and the file beside it.
    Deletion.objects.all().delete()
    stopped.save(force_insert=True)
    assert catch_up() == 1
    assert list(Subscription.objects.values_list("key", flat=True)) == [kept.key]
    assert catch_up() == 0
    assert [name for name, row in _rows() if MAIL in row] == []


def test_an_operator_stops_what_an_address_has_asked_for() -> None:
    kept = subscribed(mail="andere@schule.example")
    subscribed()
    subscribed(f"{FORM}?q=Lesen")
    out = io.StringIO()
    call_command("stop_mails", MAIL.upper(), stdout=out)
    assert out.getvalue().startswith("2 stopped")
    assert list(Subscription.objects.all()) == [kept]
    with pytest.raises(CommandError):
        call_command("stop_mails", MAIL)


def _deletions() -> Path:
    return Path(settings.DELETIONS_FILE)


def _rows() -> Iterator[tuple[str, str]]:
    """Yield every row of every table."""
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            yield model.__name__, str(row)


def test_an_address_that_the_mail_server_refuses_for_good_is_deleted() -> None:
    row = subscribed()
    OutgoingMail.objects.create(
        kind="alert", about=row.pk, last_error="SMTPRecipientsRefused 550", given_up_at=timezone.now()
    )
    assert JOBS["alerts_unconfirmed"].run() == 1
    assert not OutgoingMail.objects.exists()


def test_a_site_that_sends_no_mail_offers_none(settings: Any) -> None:
    assert f'href="{FORM}' in Client().get("/suche/?q=x").content.decode()
    settings.SENDS_MAIL = False
    assert f'href="{FORM}' not in Client().get("/suche/?q=x").content.decode()
    page = Client().get(FORM)
    assert "keine E-Mails" in unbroken(page.content)
    assert "<button" not in page.content.decode().split("<main")[1].split("</main")[0]
    assert send().status_code == 503
    assert not Subscription.objects.exists()
