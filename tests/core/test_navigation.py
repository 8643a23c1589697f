"""Menu, footer and site come from memory, and are right at the next request whatever has changed meanwhile."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from core.context import HOSTS_AT_MOST, settings_for, site_of
from core.models import SiteSettings
from home.models import InfoPage
from library.models import LibraryIndexPage


@pytest.fixture
def home(library: LibraryIndexPage) -> Any:
    """The home page, with one page in menu and footer below it."""
    home = library.get_parent().specific
    InfoPage.objects.update(in_footer=False)
    home.add_child(instance=InfoPage(title="Über uns", slug="ueber-uns", show_in_menus=True, in_footer=True))
    return home


def shown(client: Client, host: str = "testserver") -> list[tuple[str, str]]:
    """Return title and address of the pages in the footer of the search page, without what is always there."""
    html = client.get("/suche/", headers={"host": host}).content.decode()
    footer = re.search(r'<nav aria-label="Informationen">(.*?)</nav>', html, re.DOTALL)
    assert footer is not None
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', footer[1])
    always = ("/neues-per-mail/", "/mitmachen/", "/barriere-melden/")
    return [(title, address) for address, title in links if address not in always]


def test_a_change_to_a_page_shows_at_once(home: Page, client: Client) -> None:
    assert shown(client) == [("Über uns", "/ueber-uns/")]
    page = Page.objects.get(slug="ueber-uns")

    def change(**values: Any) -> None:
        for name, value in values.items():
            setattr(page, name, value)
        page.save()

    change(title="Wir")
    assert shown(client) == [("Wir", "/ueber-uns/")]
    change(slug="wir")
    assert shown(client) == [("Wir", "/wir/")]
    change(expire_at=timezone.now() - datetime.timedelta(seconds=1))
    assert shown(client) == []
    change(expire_at=timezone.now() + datetime.timedelta(hours=1))
    assert shown(client) == [("Wir", "/wir/")]
    change(live=False)
    assert shown(client) == []


def test_a_page_moved_or_deleted_is_shown_where_it_is(home: Page, client: Client) -> None:
    page = Page.objects.get(slug="ueber-uns")
    other = home.add_child(instance=InfoPage(title="Netz", slug="netz"))
    assert shown(client) == [("Über uns", "/ueber-uns/")]
    page.move(other, "last-child")
    assert shown(client) == [("Über uns", "/netz/ueber-uns/")]
    Page.objects.get(pk=other.pk).delete()
    assert shown(client) == []


def test_the_end_of_a_page_comes_with_the_clock(home: Page, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page.objects.get(slug="ueber-uns")
    page.expire_at = timezone.now() + datetime.timedelta(hours=1)
    page.save()
    assert len(shown(client)) == 1
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr("core.navigation.timezone.now", lambda: later)
    assert shown(client) == []


def test_a_restriction_hides_a_page_at_once_and_its_end_shows_it(home: Page, client: Client) -> None:
    page = Page.objects.get(slug="ueber-uns")
    assert len(shown(client)) == 1
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert shown(client) == []
    restriction.delete()
    assert len(shown(client)) == 1


def test_each_site_has_its_own_pages_and_names_those_of_others_in_full(
    home: Page, client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert shown(client, "netz.example.org") == [("Über uns", "/ueber-uns/")]
    other = home.add_child(instance=InfoPage(title="Netz", slug="netz"))
    other.add_child(instance=InfoPage(title="Vom Netz", slug="vom-netz", in_footer=True))
    site = Site.objects.create(hostname="netz.example.org", port=80, root_page=other)
    assert shown(client, "netz.example.org") == [("Vom Netz", "/vom-netz/")]
    assert shown(client) == [("Über uns", "/ueber-uns/"), ("Vom Netz", "/netz/vom-netz/")]
    site.delete()
    assert shown(client, "netz.example.org")[0] == ("Über uns", "/ueber-uns/")


def request_to(host: str) -> HttpRequest:
    request = HttpRequest()
    request.META |= {"HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "80"}
    return request


def test_a_remembered_site_is_wagtails_and_shares_no_page_with_another_request(
    home: Page, django_assert_num_queries: Any
) -> None:
    first = site_of(request_to("localhost"))
    assert first is not None
    assert first.root_page.specific.title == home.title
    home.title = "Neuer Name"
    home.save()
    again = request_to("localhost")
    site_of(request_to("localhost"))
    with django_assert_num_queries(1):
        second = site_of(again)
        assert second is not None
        assert second == Site.find_for_request(again) == first
        assert second.root_page.title == "Neuer Name"
    # What one request has learned about its home page is nothing to the next.
    assert second.root_page.specific.title == "Neuer Name"
    assert site_of(request_to("localhost")).root_page is not second.root_page


def test_however_many_names_are_asked_for_few_are_remembered(home: Page) -> None:
    from core import context

    for number in range(HOSTS_AT_MOST + 5):
        site = site_of(request_to(f"name-{number}.example.org"))
        assert site is not None
        assert site.is_default_site
    assert len(context._sites.get()) <= HOSTS_AT_MOST


def test_settings_of_the_site_show_at_once(home: Page) -> None:
    site = Site.objects.get(is_default_site=True)
    assert settings_for(request_to("localhost")).footer_text == ""
    chosen = SiteSettings.objects.create(site=site, footer_text="Wir sammeln.")
    assert settings_for(request_to("localhost")).footer_text == "Wir sammeln."
    chosen.footer_text = "Wir teilen."
    chosen.save()
    assert settings_for(request_to("localhost")).footer_text == "Wir teilen."
