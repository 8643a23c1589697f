"""No card above the hits tells of a hidden network, member, event, offer or page, nor does the finder."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from directory.models import ConsultationPage, NetworkIndexPage, NetworkPage
from events.models import EventDate, EventIndexPage, EventSeriesPage
from home.models import HomePage, InfoPage
from library.models import LibraryIndexPage
from tests.directory.helpers import add_member, add_network, add_offer
from tests.published import settle
from tests.words import unbroken

HOUR = datetime.timedelta(hours=1)


def _draft(page: Page) -> None:
    page.unpublish()


def _private(page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def _private_branch(page: Page) -> None:
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="password", password="x")


def _expired(page: Page) -> None:
    # Not withdrawn yet: the worker is late.
    page.expire_at = timezone.now() - HOUR
    page.save()


def _deleted(page: Page) -> None:
    page.delete()


HIDE = {function.__name__.strip("_"): function for function in (_draft, _private, _private_branch, _expired, _deleted)}


def cards(query: str) -> list[dict[str, Any]]:
    """Return the cards that the API answers with; the page must say the same."""
    found = Client().get("/api/v2/search/", {"q": query}).json()["answers"]
    page = Client().get("/suche/", {"q": query}).content.decode()
    assert page.count('class="answer"') == len(found)
    return list(found)


def everything(query: str) -> str:
    """Return all that page and API say of a question, but what was typed."""
    answers = [Client().get(address, {"q": query}).content.decode() for address in ("/suche/", "/api/v2/search/")]
    return unbroken("".join(answers))


def add_series(library: LibraryIndexPage, **values: Any) -> EventSeriesPage:
    """Add a series with one date to come."""
    home = HomePage.objects.get(locale__language_code="de")
    overview = EventIndexPage.objects.first()
    if overview is None:
        overview = home.add_child(instance=EventIndexPage(title="Termine", slug="termine"))
    organisers = values.pop("organisers", ())
    page = EventSeriesPage(slug="reihe", summary="Wir treffen uns.", live=False, **values)
    start = timezone.now() + datetime.timedelta(days=3)
    page.dates = [EventDate(start=start, end=start + HOUR, place="Zaunkönigsaal")]
    page.organisers = list(organisers)
    overview.add_child(instance=page)
    page.save_revision().publish()
    return EventSeriesPage.objects.get(pk=page.pk)


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE.keys())
def test_a_hidden_network_is_on_no_card_and_not_in_the_finder(library: Any, hide: Callable[[Page], None]) -> None:
    shown = add_network(1, region="landkreis-leipzig", area="Grimma", phone="0341 111")
    hidden = add_network(7, region="vogtlandkreis", area="Zaunkönigshain", phone="0341 777", title="KoopV 7 Geheim")
    add_member(hidden, "Zwirbelschule", place="Plauen", postal_code="08523")
    settle()
    questions = (
        "KoopV 7",
        "Zaunkönigshain",
        "Plauen Telefon",
        "08523",
        "Schule Zwirbelschule",
        "Vogtland",
        "Zaunkönigshein",
    )
    for query in questions:
        assert "Geheim" in str(cards(query)), query
    hide(NetworkPage.objects.get(pk=hidden.pk))
    # At once, whatever the index still holds.
    for query in questions:
        found = str(cards(query))
        assert "Geheim" not in found, query
        assert "0341 777" not in found, query
    settle()
    for query in questions:
        text = everything(query)
        assert "Geheim" not in text, query
        assert "0341 777" not in text, query
        assert "Zwirbelschule (" not in text, query
        assert "Geheim" not in Client().get("/koopv/", {"ort": query}).content.decode(), query
    if hide is not _private_branch:
        found = str(cards("Grimma"))
        assert "0341 111" in found
        assert shown.title in found


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE.keys())
def test_a_hidden_event_is_on_no_card(library: Any, hide: Callable[[Page], None]) -> None:
    network = add_network(4, area="Leipzig-Mitte")
    series = add_series(library, title="Zwirbelrunde", organisers=[network])
    settle()
    questions = ("nächste Zwirbelrunde", "Termine", "Veranstaltung Zaunkönigsaal", "KoopV 4", "nächsten Monat")
    seen = [query for query in questions if "Zwirbelrunde" in str(cards(query))]
    assert set(questions[:4]) <= set(seen)
    hide(EventSeriesPage.objects.get(pk=series.pk))
    for query in questions:
        found = str(cards(query))
        assert "Zwirbelrunde" not in found, query
        assert "Zaunkönigsaal" not in found, query
    if hide is not _private_branch:
        assert cards("KoopV 4")


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE.keys())
def test_an_event_is_not_found_by_the_name_of_a_hidden_network(library: Any, hide: Callable[[Page], None]) -> None:
    network = add_network(4, title="KoopV 4 Zaunkönigsmark")
    add_series(library, title="Runde", organisers=[network])
    settle()
    assert cards("Termine Zaunkönigsmark")
    hide(NetworkPage.objects.get(pk=network.pk))
    assert cards("Termine Zaunkönigsmark") == []


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE.keys())
def test_a_hidden_offer_is_on_no_card(library: Any, hide: Callable[[Page], None]) -> None:
    offer = add_offer("zwirbel", title="Zwirbelsprechstunde", phone="0341 999")
    settle()
    for query in ("Beratung Zwirbelsprechstunde", "wer hilft"):
        assert "Zwirbelsprechstunde" in str(cards(query))
    hide(ConsultationPage.objects.get(pk=offer.pk))
    for query in ("Beratung Zwirbelsprechstunde", "wer hilft"):
        found = str(cards(query))
        assert "0341 999" not in found
        assert "Zwirbelsprechstunde" not in found


@pytest.mark.parametrize("hide", [HIDE["draft"], HIDE["private"], HIDE["expired"]])
def test_no_card_leads_to_a_hidden_page(library: Any, hide: Callable[[Page], None]) -> None:
    home = HomePage.objects.get(locale__language_code="de")
    page = home.add_child(instance=InfoPage(title="Zwirbeln", slug="zwirbeln", in_footer=True))
    network = NetworkIndexPage.objects.get(locale__language_code="de")
    for query, there in (("Zwirbeln", "/zwirbeln/"), ("KoopV", "/koopv/"), ("Bibliothek", "/bibliothek/")):
        assert there in str(cards(query))
    for hidden in (page, network, LibraryIndexPage.objects.get(locale__language_code="de")):
        hide(Page.objects.get(pk=hidden.pk).specific)
    assert [cards(query) for query in ("Zwirbeln", "KoopV", "Bibliothek")] == [[], [], []]
