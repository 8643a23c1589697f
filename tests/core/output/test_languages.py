"""Pages in several languages: what is offered leads to the twin, and nothing that visitors may not see is offered."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from home.models import HomePage, InfoPage
from library.models import LibraryIndexPage

pytestmark = pytest.mark.django_db


def translated(page: Page, language: str, title: str, *, live: bool = True) -> Any:
    """Return a page's twin, published or not, below the twin of its parent."""
    twin = page.copy_for_translation(Locale.objects.get(language_code=language))
    twin.title = twin.draft_title = title
    revision = twin.save_revision()
    if live:
        revision.publish()
    twin.refresh_from_db()
    return twin


@pytest.fixture
def home(library_index: LibraryIndexPage) -> Any:
    return HomePage.objects.get(locale__language_code="de")


@pytest.fixture
def danish(home: Any) -> Any:
    return translated(home, "da", "Fundus på dansk")


def html(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return str(response.content.decode())


def switch(text: str) -> list[tuple[str, str]]:
    """Return language and address of every version that a page offers."""
    nav = re.search(r'<nav class="languages".*?</nav>', text, re.DOTALL)
    return re.findall(r'<a href="([^"]*)" lang="([^"]*)"', nav[0]) if nav else []


def alternates(text: str) -> dict[str, str]:
    return dict(re.findall(r'hreflang="([^"]*)" href="([^"]*)"', text))


def test_a_page_leads_to_its_twin_and_says_so_to_machines(home: Any, danish: Any, client: Client) -> None:
    library = LibraryIndexPage.objects.get(locale=home.locale)
    translated(library, "da", "Bibliotek")
    german, other = html(client, "/bibliothek/"), html(client, "/da/bibliothek/")
    assert '<html lang="de">' in german
    assert '<html lang="da">' in other
    offered = [("/bibliothek/", "de"), ("/da/bibliothek/", "da")]
    assert switch(german) == switch(other) == offered
    versions = {"de": library.full_url, "da": library.full_url.replace("/bibliothek/", "/da/bibliothek/")}
    assert alternates(german) == alternates(other) == {**versions, "x-default": versions["de"]}
    sitemap = html(client, "/sitemap.xml")
    assert sitemap.count('hreflang="da" href="http://testserver/da/bibliothek/"') == 2
    assert sitemap.count('hreflang="x-default" href="http://testserver/bibliothek/"') == 2
    assert "<loc>http://testserver/da/bibliothek/</loc>" in sitemap


def test_a_page_without_twins_offers_nothing_and_the_footer_still_leads_to_other_languages(
    danish: Any, client: Client
) -> None:
    text = html(client, "/bibliothek/")
    assert switch(text) == []
    assert alternates(text) == {}
    assert re.search(r'<a href="/da/" lang="da" hreflang="da">Dansk</a>', text)


@pytest.mark.parametrize("hidden", ["draft", "private", "ended", "home is a draft"])
def test_a_twin_that_visitors_may_not_see_is_nowhere(home: Any, client: Client, hidden: str) -> None:
    danish = translated(home, "da", "Fundus på dansk", live=hidden != "home is a draft")
    twin = translated(LibraryIndexPage.objects.get(locale=home.locale), "da", "Hemmelig", live=hidden != "draft")
    if hidden == "private":
        PageViewRestriction.objects.create(page=twin, restriction_type=PageViewRestriction.LOGIN)
    if hidden == "ended":
        Page.objects.filter(pk=twin.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
        danish.save()  # as an editor does: what is kept of pages is read anew
    for address in ("/bibliothek/", "/suche/", "/sitemap.xml", "/"):
        text = html(client, address)
        assert "da/bibliothek" not in text, address
        assert "Hemmelig" not in text, address
    assert switch(html(client, "/bibliothek/")) == []
    if hidden == "home is a draft":
        assert "/da/" not in html(client, "/suche/") + html(client, "/sitemap.xml")


def test_no_german_page_has_an_address_in_a_language_whose_home_page_is_missing(home: Any, client: Client) -> None:
    for address in ("/da/bibliothek/", "/da/", "/en/impressum/"):
        text = html(client, address, 404)
        assert f'<html lang="{address[1:3]}">' in text
        assert '<a class="site-name" href="/">' in text, "a home page that there is"


def test_a_view_that_is_no_page_leads_to_itself_and_keeps_the_question(danish: Any, client: Client) -> None:
    assert switch(html(client, "/merkliste/?x=1")) == [("/merkliste/?x=1", "de"), ("/da/merkliste/?x=1", "da")]
    assert alternates(html(client, "/merkliste/?x=1")) == {}
    assert alternates(html(client, "/da/merkliste/"))["x-default"] == "http://testserver/merkliste/"
    assert switch(html(client, "/gibt-es-nicht/", 404)) == []


def test_a_view_is_there_in_every_language_where_editors_put_a_page_at_its_address_too(
    home: Any, danish: Any, client: Client
) -> None:
    home.add_child(instance=InfoPage(title="Machen Sie mit", slug="mitmachen", locale=home.locale))
    german, other = html(client, "/mitmachen/"), html(client, "/da/mitmachen/")
    assert "<h1>Machen Sie mit</h1>" in german
    assert switch(german) == switch(other) == [("/mitmachen/", "de"), ("/da/mitmachen/", "da")]
    assert alternates(german) == alternates(other) != {}
    assert 'hreflang="da" href="http://testserver/da/mitmachen/"' in html(client, "/sitemap.xml")


def test_the_footer_keeps_in_german_what_has_no_twin_and_says_so(home: Any, danish: Any, client: Client) -> None:
    translated(InfoPage.objects.get(slug="impressum"), "da", "Kolofon")
    text = html(client, "/da/")
    assert '<a href="/da/impressum/">Kolofon</a>' in text
    assert "Impressum" not in text
    assert '<a href="/datenschutz/" lang="de" hreflang="de">' in text


def test_a_copy_that_nobody_has_translated_leads_to_what_it_copies(home: Any, danish: Any, client: Client) -> None:
    german = LibraryIndexPage.objects.get(locale=home.locale)
    copy = german.copy_for_translation(danish.locale, alias=True)
    copy.refresh_from_db()
    assert copy.live
    response = client.get("/da/bibliothek/")
    assert (response.status_code, response["Location"]) == (302, "/bibliothek/")
    assert switch(html(client, "/bibliothek/")) == []


def test_twins_cost_no_query_once_they_are_known(home: Any, danish: Any, client: Client) -> None:
    html(client, "/impressum/")
    with CaptureQueriesContext(connection) as alone:
        html(client, "/impressum/")
    for language in ("en", "de-simple"):
        translated(home, language, "Fundus")
        translated(InfoPage.objects.get(slug="impressum", locale=home.locale), language, "Imprint")
    html(client, "/impressum/")
    with CaptureQueriesContext(connection) as with_twins:
        text = html(client, "/impressum/")
    assert len(switch(text)) == 3
    assert len(with_twins) == len(alone)
