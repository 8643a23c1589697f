"""Setting up the site's own pages."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from home.models import HomePage, InfoPage
from library.models import LibraryIndexPage, LibraryPage

pytestmark = pytest.mark.django_db


def setup() -> str:
    out = io.StringIO()
    call_command("setup_site", stdout=out)
    return out.getvalue()


def test_first_run_replaces_the_welcome_page(settings) -> None:
    settings.BASE_URL = "https://fundus.example.org"
    assert setup() == "9 pages created.\n"
    home = HomePage.objects.get(locale__language_code="de")
    assert home.live
    site = Site.objects.get()
    assert (site.hostname, site.port, site.root_page_id, site.is_default_site) == (
        "fundus.example.org",
        443,
        home.pk,
        True,
    )
    assert [page.slug for page in Page.objects.filter(depth=2)] == ["start"]
    assert LibraryIndexPage.objects.get(locale__language_code="de").url_path == "/start/bibliothek/"
    assert LibraryIndexPage.objects.get(locale__language_code="de").full_url == "https://fundus.example.org/bibliothek/"


def test_required_pages_stand_in_the_footer_with_text() -> None:
    setup()
    pages = InfoPage.objects.filter(in_footer=True)
    assert {page.slug for page in pages} == {"impressum", "datenschutz", "barrierefreiheit"}
    assert all(page.live and len(page.body) > 2 for page in pages)
    assert not LibraryPage.objects.exists()


def test_second_run_writes_nothing() -> None:
    setup()
    with CaptureQueriesContext(connection) as queries:
        assert setup() == "Nothing to set up.\n"
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_what_editors_changed_is_kept() -> None:
    setup()
    imprint = InfoPage.objects.get(slug="impressum")
    imprint.title = "Unser Impressum"
    imprint.save_revision().publish()
    Site.objects.update(site_name="Unser Fundus")
    InfoPage.objects.get(slug="datenschutz").unpublish()
    setup()
    imprint.refresh_from_db()
    assert imprint.title == "Unser Impressum"
    assert Site.objects.get().site_name == "Unser Fundus"
    assert not InfoPage.objects.get(slug="datenschutz").live


def test_address_follows_the_setting(settings) -> None:
    setup()
    settings.BASE_URL = "http://localhost:9000"
    setup()
    assert (Site.objects.get().hostname, Site.objects.get().port) == ("localhost", 9000)


def test_welcome_page_that_is_in_use_stays() -> None:
    welcome = Page.objects.get(depth=2)
    welcome.title = "Wir sind schon hier"
    welcome.save_revision().publish()
    setup()
    assert Page.objects.filter(pk=welcome.pk).exists()
