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

from core.composed import Composed
from core.context import HOSTS_AT_MOST, site_of
from core.models import SiteSettings, settings_for
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
    return [(title, address) for address, title in links if address != "/barriere-melden/"]


def test_a_change_to_a_page_shows_at_once_even_behind_the_models_back(home: Page, client: Client) -> None:
    assert shown(client) == [("Über uns", "/ueber-uns/")]
    pages = Page.objects.filter(slug="ueber-uns")
    pages.update(title="Wir")
    assert shown(client) == [("Wir", "/ueber-uns/")]
    pages.update(url_path="/start/wir/")
    assert shown(client) == [("Wir", "/wir/")]
    pages.update(expire_at=timezone.now() - datetime.timedelta(seconds=1))
    assert shown(client) == []
    pages.update(expire_at=timezone.now() + datetime.timedelta(hours=1))
    assert shown(client) == [("Wir", "/wir/")]
    pages.update(live=False)
    assert shown(client) == []


def test_the_end_of_a_page_comes_with_the_clock(home: Page, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Page.objects.filter(slug="ueber-uns").update(expire_at=timezone.now() + datetime.timedelta(hours=1))
    assert len(shown(client)) == 1
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr("core.composed.timezone.now", lambda: later)
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
    Page.objects.filter(pk=home.pk).update(title="Neuer Name")
    again = request_to("localhost")
    site_of(request_to("localhost"))
    with django_assert_num_queries(1):
        second = site_of(again)
        assert second is not None
        assert second == Site.find_for_request(again) == first
        assert second.root_page.title == "Neuer Name"
    # What one request has learned about its home page is nothing to the next.
    assert second.root_page.specific.title == "Neuer Name"
    assert site_of(request_to("localhost")).root_page is not second.root_page  # type: ignore[union-attr]


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
    SiteSettings.objects.create(site=site, footer_text="Wir sammeln.")
    assert settings_for(request_to("localhost")).footer_text == "Wir sammeln."
    SiteSettings.objects.update(footer_text="Wir teilen.")
    assert settings_for(request_to("localhost")).footer_text == "Wir teilen."


@pytest.mark.django_db
def test_a_query_without_its_time_is_refused() -> None:
    composed = Composed(lambda _: Page.objects.values_list("pk"))
    with pytest.raises(ValueError, match="time of asking"):
        composed.rows()
    assert Composed(lambda _: Page.objects.values_list("pk"), is_timed=False).rows()
