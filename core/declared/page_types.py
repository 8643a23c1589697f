"""The page types of the site, by what each declares."""

from __future__ import annotations

from functools import cache

from wagtail.models import Page, get_page_models

from core.declared.searchable import Area
from core.models import BasePage


def base_page_types() -> list[type[BasePage]]:
    """Return all page types built on BasePage that can exist as pages."""
    return [model for model in get_page_models() if issubclass(model, BasePage)]


def searchable_types() -> list[type[BasePage]]:
    """Return the searchable page types."""
    return [model for model in base_page_types() if getattr(model, "search_type", None)]


def type_named(slug: str) -> type[BasePage]:
    """Return the page type that a hit or reference names, or BasePage if the type is gone."""
    return _by_slug().get(slug, BasePage)


@cache
def _by_slug() -> dict[str, type[BasePage]]:
    return {str(model.search_type): model for model in searchable_types()}


def areas() -> dict[str, Area]:
    """Return the areas of the site by slug, as their page types declare them, in the order of their groups of hits."""
    declared = {model.search_area for model in searchable_types() if model.search_area}
    return {area.slug: area for area in sorted(declared, key=lambda area: (area.place, area.slug))}


def takes_cover_from_file(page: Page) -> bool:
    """Return whether editors may use the first page of one of a specific page's PDFs as its cover."""
    return isinstance(page, BasePage) and page.cover_from_file
