"""The page types of the site by what each says of itself."""

from __future__ import annotations

from wagtail.models import Page, get_page_models

from core.models import BasePage


def base_page_types() -> list[type[BasePage]]:
    """Return all page types built on BasePage that can exist as pages."""
    return [model for model in get_page_models() if issubclass(model, BasePage)]


def searchable_types() -> list[type[BasePage]]:
    """Return the page types that can be found."""
    return [model for model in base_page_types() if getattr(model, "search_type", None)]


def top_level_types() -> list[type[BasePage]]:
    """Return the page types that live directly below an entrance of the site."""
    return [model for model in base_page_types() if model.top_level]


def takes_cover_from_file(page: Page) -> bool:
    """Return whether editors may make the first page of one of its PDFs the cover of a specific page."""
    return isinstance(page, BasePage) and page.cover_from_file
