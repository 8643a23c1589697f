"""Page types say themselves where they live: the home page takes what is top level."""

from __future__ import annotations

import pytest
from wagtail.models import Page, get_page_models

from core.declared.page_types import top_level_types
from home.models import HomePage, InfoPage
from news.models import NewsPage


def test_what_is_top_level_lives_below_the_home_page_and_nowhere_else() -> None:
    types = top_level_types()
    assert types
    assert {tuple(model.allowed_parent_page_models()) for model in types} == {(HomePage,)}
    assert set(HomePage.allowed_subpage_models()) == {*types, InfoPage}
    assert HomePage in Page.allowed_subpage_models()


def test_a_type_that_becomes_top_level_is_taken_without_a_change_in_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NewsPage, "top_level", True)
    monkeypatch.setattr(HomePage, "_clean_subpage_models", None)
    assert NewsPage in HomePage.clean_subpage_models()


def test_every_type_says_where_it_lives() -> None:
    """A type of ours that may stand anywhere has forgotten to say so."""
    ours = [model for model in get_page_models() if model._meta.app_label != "wagtailcore"]
    assert [model.__name__ for model in ours if model.parent_page_types is None] == []
