"""The one page of settings: contact on every page, and who may change it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from core.models import SiteSettings
from library.models import LibraryIndexPage
from tests.home.test_setup_roles import member, setup_roles

pytestmark = pytest.mark.django_db

PAGES = ("/", "/impressum/", "/bibliothek/", "/suche/", "/merkliste/", "/barriere-melden/", "/gibt-es-nicht/")


def test_the_contact_stands_on_every_page(library: LibraryIndexPage) -> None:
    SiteSettings.objects.create(
        site=Site.objects.get(), organisation="Netzwerk & Co", address="Weg 1\nOrt", mailbox="kontakt@example.org",
        phone="030 23125 100", footer_text="Wir in einem Satz.",
    )  # fmt: skip
    for path in PAGES:
        text = Client().get(path).content.decode()
        for part in (
            "Netzwerk &amp; Co",
            "Weg 1<br>Ort",
            "mailto:kontakt@example.org",
            "030 23125 100",
            "Wir in einem Satz.",
        ):
            assert part in text, path


def test_channels_are_plain_links_in_the_footer(library: LibraryIndexPage) -> None:
    assert "Soziale Netzwerke" not in Client().get("/impressum/").content.decode()
    SiteSettings.objects.create(
        site=Site.objects.get(),
        channels="Mastodon https://social.example/@wir\n\n  Unser Video-Kanal https://video.example/wir \n",
    )
    text = Client().get("/impressum/").content.decode()
    assert '<a href="https://social.example/@wir">Mastodon</a>' in text
    assert '<a href="https://video.example/wir">' in text


@pytest.mark.parametrize(
    "text",
    [
        "Mastodon",
        "https://social.example/@wir",
        "Mastodon http://social.example",
        "Böse javascript:alert(1)",
        "a https://",
    ],
    ids=["no address", "no name", "no https", "a script", "no host"],
)
def test_a_channel_without_name_or_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        SiteSettings(channels=f"Gut https://gut.example\n{text}").clean_fields(exclude=["site"])


def test_without_settings_the_footer_stands_and_a_visitor_writes_nothing(library: LibraryIndexPage) -> None:
    for path in PAGES:
        with CaptureQueriesContext(connection) as captured:
            text = Client().get(path).content.decode()
        assert "mailto:" not in text
        assert "Materialien für inklusiven Unterricht" in text
        assert [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE"))] == []
    assert not SiteSettings.objects.exists()


def test_chief_editors_change_the_settings_and_editors_do_not(library: LibraryIndexPage, client: Client) -> None:
    setup_roles()
    address = f"/admin/settings/core/sitesettings/{Site.objects.get().pk}/"
    data = {"organisation": "Wir", "report_days": "90", "news_age_months": "6"}
    client.force_login(member("Redaktion"))
    assert client.get(address).status_code == 302
    client.force_login(member("Chefredaktion"))
    assert client.get(address).status_code == 200
    assert client.post(address, {**data, "news_age_months": "0"}).status_code == 200
    assert SiteSettings.objects.get().news_age_months == 12
    assert client.post(address, data).status_code == 302
    changed = SiteSettings.objects.get()
    assert (changed.organisation, changed.report_days, changed.news_age_months) == ("Wir", 90, 6)
