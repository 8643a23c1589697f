"""Twins of the sample: enough of them, published, and without a word of the page that they were made from."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page

from demo.data import FOLDER, read_data
from demo.twins import LANGUAGES, load_twins
from home.models import HomePage
from tests.words import unbroken

pytestmark = pytest.mark.django_db


def test_at_least_25_pages_have_a_twin_that_anybody_may_read(sample_library: object) -> None:
    german = Page.objects.filter(locale__language_code="de")
    twins = Page.objects.live().filter(
        locale__language_code__in=LANGUAGES, translation_key__in=german.values("translation_key")
    )
    assert len(set(twins.values_list("translation_key", flat=True))) >= 25
    assert {twin.locale.language_code for twin in twins.select_related("locale")} == set(LANGUAGES)
    assert not twins.filter(has_unpublished_changes=True).exists()


def test_a_second_run_makes_no_twin_twice(sample_library: object) -> None:
    count = Page.objects.count()
    assert load_twins(HomePage.objects.get(locale__language_code="de")) == 0
    assert Page.objects.count() == count


def test_a_twin_says_nothing_that_its_german_page_says(sample_library: object) -> None:
    twins = Page.objects.filter(locale__language_code__in=LANGUAGES).specific()
    for twin in twins:
        german = twin.get_translation(Page.objects.get(url_path="/start/").locale)
        for name in ("summary", "introduction", "goal", "search_description"):
            said, before = getattr(twin, name, ""), getattr(german.specific, name, "")
            assert not said or said != before, (twin.url_path, name)
        own = {str(block.value) for block in getattr(twin, "body", ())}
        assert not own & {str(block.value) for block in getattr(german.specific, "body", ())}, twin.url_path


def test_the_danish_item_has_a_german_summary_that_says_so(sample_library: object) -> None:
    html = unbroken(Client().get("/neuigkeiten/danske-kommuner-faellesskaber/").content)
    assert "Die Meldung selbst ist auf Dänisch." in html
    danish = Page.objects.get(locale__language_code="da", slug="danske-kommuner-faellesskaber").specific
    assert danish.language.slug == "daenisch"
    assert danish.summary.startswith("Flere børn")


def test_every_twin_of_the_data_has_words_of_its_own() -> None:
    for code in LANGUAGES:
        rows = read_data(FOLDER / "twins" / f"{code}.toml")["twin"]
        assert all(row["title"] and (row.get("summary") or row.get("introduction")) for row in rows)
        assert len({row["of"] for row in rows}) == len(rows)
