"""News by mail: asked for and confirmed without an account, told once, of public pages alone, and gone with one click."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from core.mails.mail_sending import send_due
from core.models import OutgoingMail
from core.running.jobs import JOBS
from home.models import HomePage
from library.models import LibraryIndexPage
from search.engines.base import SearchUnavailable
from search.index import rebuild
from tests.core.output.test_languages import translated
from tests.directory.helpers import add_network
from tests.published import add_page, settle
from tests.visitors.asking import FORM, MAIL, link_in, prepare, send, subscribed, told
from tests.words import unbroken
from visitors.alerts import sending
from visitors.alerts import wanted as wanting
from visitors.models import Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(library: LibraryIndexPage, settings: Any, tmp_path: Path) -> None:
    """A site with a file of deletions of this test alone, on which nobody has sent anything."""
    prepare(settings, tmp_path)


def test_an_alert_goes_from_the_form_to_a_mail_and_ends_with_a_click(library: LibraryIndexPage) -> None:
    add_page(library, "alt", title="Dyskalkulie erkennen")
    settle()
    response = send(f"{FORM}?q=Dyskalkulie&sort=title&page=2&focus=lernen")
    assert (response.status_code, response["Location"]) == (303, f"{FORM}fast-fertig/")
    assert not response.cookies
    assert "bestätigen" in unbroken(Client().get(response["Location"]).content)

    assert send_due() == 1
    (asked,) = mail.outbox
    assert asked.to == [MAIL]
    assert "Dyskalkulie" not in asked.body + asked.subject
    assert not {"List-Unsubscribe"} & asked.extra_headers.keys()
    link = link_in(asked)
    page = Client().get(link)
    assert "„Dyskalkulie“ · Lernen" in unbroken(page.content)
    assert ("no-store" in page["Cache-Control"], page["X-Robots-Tag"]) == (True, "noindex")
    assert Subscription.objects.get().confirmed_at is None
    assert told() == []
    assert Client(enforce_csrf_checks=True).post(link).status_code == 200
    assert Client().get(link).status_code == 410
    row = Subscription.objects.get()
    assert (row.wanted, row.rhythm, row.language) == ("q=Dyskalkulie&focus=lernen", "daily", "de")

    assert told() == []
    new = add_page(library, "neu", title="Dyskalkulie im Alltag", summary="Was hilft.")
    add_page(library, "anderes", title="Lesen im Alltag")
    (news,) = told()
    assert news.to == [MAIL]
    assert "„Dyskalkulie“ · Lernen" in news.body
    assert f"Dyskalkulie im Alltag\nMaterial: Was hilft.\nhttp://localhost:8000{new.get_url()}\n" in news.body
    for other in ("erkennen", "Lesen"):
        assert other not in news.body
    assert not OutgoingMail.objects.exists()
    assert told() == []

    stop = link_in(news)
    assert news.extra_headers["List-Unsubscribe"] == f"<http://localhost:8000{stop}>"
    assert news.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "abbestellen" in unbroken(Client().get(stop).content)
    assert Subscription.objects.exists()
    # As a mail program sends it: no page of ours, no cookie, no token.
    sent = Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert (sent.status_code, bool(sent.cookies)) == (200, False)
    assert not Subscription.objects.exists()
    add_page(library, "spaet", title="Dyskalkulie ganz neu")
    assert told() == []


def test_each_page_is_told_once_though_its_date_moves(library: LibraryIndexPage) -> None:
    subscribed()
    page = add_page(library, "neu", title="Silbenbogen")
    (news,) = told()
    assert "Silbenbogen" in news.body
    page.unpublish()
    assert told() == []
    page.first_published_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision().publish()
    assert told() == []


def test_a_page_that_is_public_some_days_after_its_date_is_told(library: LibraryIndexPage) -> None:
    subscribed()
    add_page(library, "frei", title="Spät freigegeben", first_published_at=timezone.now() - datetime.timedelta(days=3))
    assert ["Spät freigegeben" in one.body for one in told()] == [True]


def test_a_mail_holds_what_anybody_may_see_when_it_is_sent(library: LibraryIndexPage) -> None:
    subscribed()
    pages = {name: add_page(library, name, title=f"Blatt {name}") for name in ("offen", "entwurf", "privat", "aus")}
    settle()
    Subscription.objects.update(next_at=timezone.now())
    assert JOBS["alerts"].run() == 1
    pages["entwurf"].unpublish()
    PageViewRestriction.objects.create(page=pages["privat"], restriction_type=PageViewRestriction.LOGIN)
    pages["aus"].expire_at = timezone.now() - datetime.timedelta(minutes=1)
    pages["aus"].save()
    settle()
    send_due()
    (news,) = mail.outbox
    assert re.findall(r"^Blatt (\w+)", news.body, re.M) == ["offen"]


def test_when_nothing_public_is_left_there_is_no_mail(library: LibraryIndexPage) -> None:
    subscribed()
    page = add_page(library, "kurz")
    settle()
    Subscription.objects.update(next_at=timezone.now())
    assert JOBS["alerts"].run() == 1
    page.unpublish()
    settle()
    assert send_due() == 0
    assert not OutgoingMail.objects.exists()


def test_only_what_covers_the_words_is_told(library: LibraryIndexPage) -> None:
    add_page(library, "wortschatz", title="Vormittag Nachteilsausgleich Wochenplan Lesepate")
    settle()
    subscribed(f"{FORM}?q=Nachteilsausgleich+Wochenplan+Lesepate")
    add_page(library, "ein-wort", title="Ein Wochenplan")
    assert told() == []
    add_page(library, "alle", title="Wochenplan mit Lesepate und Nachteilsausgleich")
    assert len(told()) == 1


def test_a_word_that_occurs_nowhere_is_told_when_it_does_and_nothing_like_it_before(library: LibraryIndexPage) -> None:
    subscribed(f"{FORM}?q=Dyskalkulie")
    add_page(library, "aehnlich", title="Dyskalkulia")
    assert told() == []
    add_page(library, "neu", title="Dyskalkulie")
    (news,) = told()
    assert re.findall(r"^Dyskalkuli\w", news.body, re.M) == ["Dyskalkulie"]


def test_a_network_is_told_of_until_it_is_not_public_and_then_nothing_else(library: LibraryIndexPage) -> None:
    network = add_network(4)
    settle()
    subscribed(f"{FORM}?koopv=netz-4")
    add_page(library, "ohne", title="Ohne Verbund")
    add_page(library, "mit", title="Aus dem Verbund", koopv=[network])
    (news,) = told()
    assert "KoopV 4" in news.body
    assert ("Aus dem Verbund" in news.body, "Ohne Verbund" in news.body) == (True, False)
    network.unpublish()
    add_page(library, "spaeter", title="Später", koopv=[network])
    assert told() == []
    # Nor does its title stand in the pages of the links.
    assert "KoopV 4" not in unbroken(Client().get(link_in(news)).content)
    assert "KoopV 4" not in unbroken(Client().get(f"{FORM}?koopv=netz-4").content)


def test_another_language_is_searched_and_spoken_and_one_without_an_index_holds_up_nobody(
    library: LibraryIndexPage,
) -> None:
    english = subscribed(f"/en{FORM}?q=Reading")
    subscribed(f"{FORM}?q=Reading")
    add_page(library, "neu", title="Reading Wochen")
    assert ["Reading Wochen" in one.body for one in told()] == [True]
    translated(HomePage.objects.get(locale__language_code="de"), "en", "Fundus")
    abroad = translated(library, "en", "Library")
    add_page(abroad, "new", title="Reading together", locale=abroad.locale)
    rebuild.rebuild()
    (news,) = told()
    assert "Reading together" in news.body
    page = Client().get(link_in(news))
    assert (english.language, page["Content-Language"], b'<html lang="en">' in page.content) == ("en", "en", True)


def test_a_site_whose_search_is_down_waits_and_begins_with_what_comes_then(
    library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: Any, **kwargs: Any) -> Any:
        raise SearchUnavailable

    add_page(library, "alt", title="Schon da")
    settle()
    with monkeypatch.context() as patched:
        patched.setattr(wanting, "search", down)
        subscribed()
        Subscription.objects.update(next_at=timezone.now())
        assert JOBS["alerts"].run() == 0
        assert Subscription.objects.filter(next_at__lte=timezone.now()).exists()
    add_page(library, "neu", title="Danach")
    (news,) = told()
    assert "Danach" in news.body


def test_two_workers_queue_one_mail(library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribed()
    add_page(library, "neu")
    settle()
    Subscription.objects.update(next_at=timezone.now())
    look = sending.unheard

    def meanwhile(row: Subscription) -> Any:
        monkeypatch.setattr(sending, "unheard", look)
        assert JOBS["alerts"].run() == 1
        send_due()
        return [], [row]

    monkeypatch.setattr(sending, "unheard", meanwhile)
    assert JOBS["alerts"].run() == 0


def test_a_mail_that_waits_is_not_joined_by_another_and_one_that_failed_tells_all_again(
    library: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = subscribed()
    add_page(library, "neu", title="Erstes")
    settle()
    for _ in range(2):
        Subscription.objects.update(next_at=timezone.now())
        JOBS["alerts"].run()
    assert OutgoingMail.objects.count() == 1
    # Nobody typed this address here: it stands in the subscription alone, and goes with it.
    assert OutgoingMail.objects.get().address == ""

    def refuse(*args: Any) -> int:
        raise OSError(111, "refused")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert send_due() == 0
    row.refresh_from_db()
    assert row.told == []
    assert OutgoingMail.objects.get().text == ""
    add_page(library, "dann", title="Zweites")
    settle()
    OutgoingMail.objects.update(available_at=timezone.now())
    send_due()
    assert sorted(re.findall(r"^\w+tes$", mail.outbox[-1].body, re.M)) == ["Erstes", "Zweites"]
