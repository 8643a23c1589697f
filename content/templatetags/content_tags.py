"""Cards for the public pages that another page points to.

What the cards need (concepts, covers) is fetched for all pages together: many references cost as many queries as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import prefetch_related_objects
from wagtail.models import Page

from content.covered import CoveredPage
from core import mentions, visibility

register = template.Library()


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A row of an ordered choice with the visible page it points to."""

    row: Any
    page: Page


def _prepare_cards(pages: list[Page]) -> list[Page]:
    """Attach `card_focus` (Förderschwerpunkte) and fetch languages, covers and their renditions, for all pages together."""
    filed = [page for page in pages if isinstance(page, CoveredPage) and hasattr(page, "focus")]
    for page in pages:
        page.card_focus = []
    if not filed:
        return pages
    field = filed[0]._meta.get_field("focus")
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = (
        field.remote_field.through.objects.filter(**{f"{own}__in": [page.pk for page in filed]})
        .select_related(other)
        .order_by(f"{other}__order", f"{other}__label")
    )
    by_id = {page.pk: page for page in filed}
    for row in rows:
        by_id[getattr(row, f"{own}_id")].card_focus.append(getattr(row, other))
    prefetch_related_objects(filed, "language")
    with_cover = [page for page in filed if page.cover_id]
    if with_cover:
        prefetch_related_objects(with_cover, "cover__renditions")
        private = visibility.private_collections()
        for page in with_cover:
            page.known_private = private
    return pages


@register.simple_tag
def visible_pages(rows: Iterable[Any], attribute: str = "") -> list[Page]:
    """Return the visible pages that `rows` point to through the foreign key `attribute`, or `rows` themselves."""
    if not attribute:
        return _prepare_cards(visibility.visible(rows))
    ids = [getattr(row, f"{attribute}_id") for row in rows]
    return _prepare_cards(visibility.visible([pk for pk in ids if pk]))


@register.simple_tag
def visible_entries(rows: Iterable[Any], attribute: str) -> list[PageEntry]:
    """Return `rows` whose page is visible, each with its page; for choices with a text on every entry."""
    rows = list(rows)
    pages = {page.pk: page for page in visible_pages(rows, attribute)}
    return [
        PageEntry(row, pages[getattr(row, f"{attribute}_id")])
        for row in rows
        if getattr(row, f"{attribute}_id") in pages
    ]


@register.simple_tag
def visible_rows(rows: Iterable[Any]) -> list[Any]:
    """Return the rows of a page whose pictures, files and pages anybody may see."""
    return mentions.visible_rows(rows)


@register.simple_tag
def newest_children(page: Page, limit: int = 24) -> list[Page]:
    """Return the visible children of a page, newest first, from the database: a way in while search is down."""
    children: Any = visibility.public_pages(Page.objects.child_of(page)).order_by("-first_published_at", "-pk")
    return _prepare_cards(list(children.specific()[:limit]))


@register.filter
def primary_focus(concepts: Iterable[Any]) -> str:
    """Return the slug that colours a card: the first Förderschwerpunkt."""
    return next((concept.slug for concept in concepts), "uebergreifend")
