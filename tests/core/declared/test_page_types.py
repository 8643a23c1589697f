"""What page types say of themselves: where they live, what they are called, how they are shown."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from wagtail.models import Page, get_page_models

from core.declared.page_types import areas, base_page_types, searchable_types, type_named
from home.models import HomePage, InfoPage
from library.models import BookPage, CaseStudyPage, LibraryIndexPage
from news.models import NewsIndexPage, NewsPage

OURS = base_page_types()


def test_what_is_top_level_lives_below_the_home_page_and_nowhere_else() -> None:
    types = [model for model in OURS if model.top_level]
    assert types
    assert {tuple(model.allowed_parent_page_models()) for model in types} == {(HomePage,)}
    assert set(HomePage.allowed_subpage_models()) == {*types, InfoPage}
    assert HomePage in Page.allowed_subpage_models()


def test_what_lives_below_a_page_is_told_by_those_who_name_it() -> None:
    below = {model: {child for child in model.allowed_subpage_models() if child.is_creatable} for model in OURS}
    assert {
        model.__name__: {child.__name__ for child in children} for model, children in below.items() if children
    } == {
        "HomePage": {
            *("InfoPage", "LibraryIndexPage", "NetworkIndexPage", "ConsultationIndexPage"),
            *("EventIndexPage", "NewsIndexPage", "PartnerIndexPage", "PracticeIndexPage"),
            "PortraitIndexPage",
        },
        "InfoPage": {"InfoPage"},
        "LibraryIndexPage": {"MaterialPage", "BookPage", "CaseStudyPage", "CollectionPage"},
        "NetworkIndexPage": {"NetworkPage"},
        "ConsultationIndexPage": {"ConsultationPage"},
        "PartnerIndexPage": {"PartnerPage"},
        "PortraitIndexPage": {"PortraitPage"},
        "EventIndexPage": {"EventSeriesPage"},
        "NewsIndexPage": {"NewsPage"},
    }


def test_a_type_that_names_another_parent_is_taken_there_without_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NewsPage, "parent_page_types", ["library.LibraryIndexPage"])
    monkeypatch.setattr(NewsPage, "_clean_parent_page_models", None)
    for overview in (LibraryIndexPage, NewsIndexPage):
        monkeypatch.setattr(overview, "_clean_subpage_models", None)
    assert NewsPage in LibraryIndexPage.allowed_subpage_models()
    assert NewsPage not in NewsIndexPage.allowed_subpage_models()


def test_every_icon_of_a_type_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (settings.BASE_DIR / "static/icons.svg").read_text()))
    assert {model.type_icon for model in OURS} <= drawn
    # Overviews are of one type, and have one icon.
    assert len({model.type_icon for model in searchable_types()}) == len(
        {one.search_type for one in searchable_types()}
    )


@pytest.mark.django_db
def test_a_type_with_several_forms_says_which() -> None:
    """Hits are filtered by the one name of the type."""
    assert str(CaseStudyPage(form=CaseStudyPage.Form.PORTRAIT).type_label) == "Porträt"
    assert str(BookPage().type_label) == str(BookPage.search_type_label)


def test_types_of_one_area_call_it_the_same() -> None:
    declared = {model.search_area for model in searchable_types()}
    assert None not in declared
    assert declared == set(areas().values())


def test_a_type_that_is_gone_has_what_holds_for_any() -> None:
    assert type_named("book") is BookPage
    assert type_named("gone").type_icon == "file"
    assert not type_named("gone").cited_as_book


def test_every_type_says_where_it_lives() -> None:
    """A type of ours that may stand anywhere has forgotten to say so."""
    ours = [model for model in get_page_models() if model._meta.app_label != "wagtailcore"]
    assert [model.__name__ for model in ours if model.parent_page_types is None] == []
