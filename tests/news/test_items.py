"""One item: its rules, its language, its age, and what the search knows of it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from core.models import SiteSettings, User
from news.models import NewsIndexPage, NewsPage, NewsTag, ages_on
from search.engines.current import get_engine
from tests.home.test_setup_roles import member, setup_roles
from tests.news.helpers import add_item, get
from tests.published import add_image, concept, settle

pytestmark = pytest.mark.django_db

Date = datetime.date


# Age ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "months", "day"),
    [
        (Date(2025, 11, 22), 12, Date(2026, 11, 22)),
        (Date(2024, 2, 29), 12, Date(2025, 2, 28)),
        (Date(2024, 2, 29), 48, Date(2028, 2, 29)),
        (Date(2025, 8, 31), 1, Date(2025, 9, 30)),
        (Date(2025, 12, 31), 2, Date(2026, 2, 28)),
        (Date(2025, 12, 1), 1, Date(2026, 1, 1)),
        (Date(2025, 1, 15), 11, Date(2025, 12, 15)),
    ],
)
def test_an_item_is_old_from_the_same_day_of_the_month_on(date: Date, months: int, day: Date) -> None:
    assert ages_on(date, months) == day
    item = NewsPage(date=date, language=None)
    assert not item.is_older_than(months, day - datetime.timedelta(days=1))
    assert item.is_older_than(months, day)
    assert not NewsPage(date=date, timeless=True, language=None).is_older_than(months, day)


def year_ago(today: Date) -> Date:
    """Return the latest date that is twelve months old."""
    return next(day for ago in range(360, 370) if ages_on(day := today - datetime.timedelta(days=ago), 12) <= today)


def test_the_label_comes_on_its_day_without_anybody_publishing(
    news: NewsIndexPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = add_item(news, "meldung", date=Date(2025, 3, 10), tags=["Thema"])
    places = ["/", "/neuigkeiten/", "/neuigkeiten/thema/thema/", "/neuigkeiten/archiv/2025/", item.get_url()]
    for today, shown in ((Date(2026, 3, 9), False), (Date(2026, 3, 10), True)):
        monkeypatch.setattr(timezone, "localdate", lambda *args, today=today: today)
        assert [("älter als 12 Monate" in get(place)) for place in places] == [shown] * 5


def test_caches_must_ask_again_wherever_a_label_may_stand(news: NewsIndexPage) -> None:
    item = add_item(news, "meldung")
    for path in ("/", "/neuigkeiten/", "/neuigkeiten/feed/", item.get_url()):
        assert "no-cache" in Client().get(path)["Cache-Control"], path


def test_editors_set_after_how_many_months_and_for_which_items(news: NewsIndexPage) -> None:
    old = add_item(news, "alt", date=year_ago(timezone.localdate()))
    chosen = SiteSettings.objects.create(site=Site.objects.get(), news_age_months=13)
    assert "älter als" not in get(old.get_url())
    chosen.news_age_months = 1
    chosen.save()
    assert "älter als 1 Monat<" in get(old.get_url())
    old.timeless = True
    old.save_revision().publish()
    assert "älter als" not in get(old.get_url())


# Language ----------------------------------------------------------------------------------------


def test_the_language_reaches_page_teasers_hits_and_feed(news: NewsIndexPage) -> None:
    item = add_item(
        news, "dansk", title="Fællesskaber", summary="Om børn.", body="Flere børn.",
        language=concept("language", "daenisch"), tags=["Europa"],
    )  # fmt: skip
    settle()
    page = get(item.get_url())
    assert '<h1 lang="da">Fællesskaber</h1>' in page
    assert '<div class="prose" lang="da">' in page
    assert '<html lang="de">' in page
    for path in ("/", "/neuigkeiten/", "/neuigkeiten/thema/europa/"):
        text = get(path)
        assert '<h3 class="card-title" lang="da">' in text, path
        assert '<p class="card-summary" lang="da">Om børn.</p>' in text, path
        assert "älter als" not in text
    hit = get("/suche/?q=Fællesskaber&language=daenisch")
    assert '<h3 class="card-title" lang="da">' in hit
    assert '<entry xml:lang="da">' in get("/neuigkeiten/feed/")


def test_an_item_is_german_unless_the_editor_says_otherwise(news: NewsIndexPage) -> None:
    item = add_item(news, "deutsch")
    assert item.language.slug == "deutsch"
    assert " lang=" not in get("/neuigkeiten/").split("<main", 1)[1]


# The search ----------------------------------------------------------------------------------------


def test_the_search_finds_text_and_tags_and_sorts_by_date(news: NewsIndexPage) -> None:
    add_item(news, "alt", days=400, body="Der Ruheraum ist fertig.", tags=["Raumkunde"])
    add_item(news, "neu", days=2, body="Noch ein Ruheraum.")
    settle()
    found = Client().get("/api/v2/search/?q=ruheraum&sort=newest&area=news&type=news").json()
    assert [item["title"] for item in found["items"]] == ["Neu", "Alt"]
    year = (timezone.localdate() - datetime.timedelta(days=400)).year
    assert [item["title"] for item in Client().get(f"/api/v2/search/?year_to={year}").json()["items"]] == ["Alt"]
    assert [item["title"] for item in Client().get("/api/v2/search/?q=raumkunde").json()["items"]] == ["Alt"]
    assert found["items"][0]["facts"][0].endswith(str((timezone.localdate() - datetime.timedelta(days=2)).year))


def test_news_are_not_among_what_is_new_in_the_library(news: NewsIndexPage) -> None:
    add_item(news, "heute", title="Ganz neu")
    settle()
    assert get("/").count("Ganz neu") == 1
    assert "Ganz neu" not in get("/bibliothek/")


def test_a_renamed_or_deleted_tag_is_known_to_the_search(news: NewsIndexPage, overviews_left_out: None) -> None:
    item = add_item(news, "meldung", tags=["Quarkspeise"])
    settle()
    tag = NewsTag.objects.get()
    tag.name = "Zimtschnecke"
    tag.save()
    settle()
    assert Client().get("/api/v2/search/?q=Zimtschnecke").json()["meta"]["total_count"] == 1
    tag.delete()
    settle()
    assert Client().get("/api/v2/search/?q=Zimtschnecke").json()["meta"]["total_count"] == 0
    assert get_engine().ids() == {item.pk}


# Rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"slug": "feed"}, "slug"),
        ({"slug": "archiv"}, "slug"),
        ({"days": -1}, "date"),
        ({"cover_alt": " "}, "cover_alt"),
    ],
)
def test_what_cannot_be_published(news: NewsIndexPage, values: dict[str, Any], field: str) -> None:
    item = add_item(news, "meldung", publish=False)
    if "cover_alt" in values:
        item.cover = add_image("Bild")
    item.date -= datetime.timedelta(days=values.pop("days", 0))
    item.live = True
    for name, value in values.items():
        setattr(item, name, value)
    with pytest.raises(ValidationError) as error:
        item.full_clean()
    assert field in error.value.message_dict


def test_a_date_to_come_goes_with_a_planned_appearance(news: NewsIndexPage) -> None:
    item = add_item(news, "meldung", publish=False)
    item.date += datetime.timedelta(days=3)
    item.go_live_at = timezone.now() + datetime.timedelta(days=3)
    item.full_clean()


def test_an_editor_enters_an_item_and_hands_it_in_and_a_chief_editor_publishes_it(
    news: NewsIndexPage, client: Client
) -> None:
    setup_roles()
    data = nested_form_data(
        {
            "title": "Neuer Raum",
            "slug": "neuer-raum",
            "summary": "Er ist da.",
            "date": str(timezone.localdate()),
            "tags": "Räume, Technik",
            "language": str(concept("language", "deutsch").pk),
            "body": streamfield([]),
            "comment_notifications": "",
            "comments": inline_formset([]),
        }
    )
    client.force_login(member("Redaktion"))
    response = client.post(f"/admin/pages/add/news/newspage/{news.pk}/", data)
    assert response.status_code == 302
    item = NewsPage.objects.get(slug="neuer-raum")
    assert not item.live
    client.force_login(member("Chefredaktion"))
    address = f"/admin/pages/{item.pk}/edit/"
    picture = {**data, "cover": str(add_image("Bild").pk), "cover_alt": ""}
    tomorrow = {**data, "date": str(timezone.localdate() + datetime.timedelta(days=1))}
    assert client.post(address, {**picture, "cover_decorative": "on"}).status_code == 302
    for number, wrong in enumerate((picture, tomorrow, {**data, "summary": ""})):
        # As a draft all of them may be kept, also at their first saving.
        new = {**wrong, "slug": f"entwurf-{number}"}
        assert client.post(f"/admin/pages/add/news/newspage/{news.pk}/", new).status_code == 302
        assert client.post(address, wrong).status_code == 302
        assert client.post(address, {**wrong, "action-publish": "1"}).status_code == 200
        item.refresh_from_db()
        assert not item.live
    assert client.post(address, {**data, "slug": "feed"}).status_code == 200
    client.post(address, {**data, "action-publish": "1"})
    item.refresh_from_db()
    assert item.live
    assert [tag.name for tag in item.tag_list()] == ["Räume", "Technik"]
    assert client.get("/admin/newstag/").status_code == 200
    client.force_login(User.objects.get(username="redaktion"))
    assert client.get("/admin/newstag/").status_code == 200
    assert client.get("/admin/newstag/new/").status_code == 302


def test_the_api_tells_date_tags_and_language(news: NewsIndexPage) -> None:
    item = add_item(news, "meldung", tags=["Technik"], cover=add_image("Bild"), cover_alt="Ein Bild")
    answer = Client().get(f"/api/v2/pages/{item.pk}/").json()
    assert answer["date"] == str(item.date)
    assert answer["tags"] == ["Technik"]
    assert answer["language"]["slug"] == "deutsch"
    assert answer["cover"]["alt"] == "Ein Bild"
