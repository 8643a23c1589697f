"""Pages that name people: what they show must be withdrawn everywhere at once, so no cache may answer for the site.

An app registers which pages these are, as a query; whoever sends pages or files puts it into its own query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

PageIds = Callable[[], QuerySet[Any]]
"""Returns a query for the ids of pages: one column."""

NOT_KEPT_UNASKED = "private, no-cache"
"""The cache header of pages and files of people: a browser may keep them, and asks before it shows them again."""

_PAGES: dict[str, PageIds] = {}


def register(name: str, page_ids: PageIds) -> None:
    """Add pages that name people. Call it when an app is ready; registering the name again replaces it."""
    _PAGES[name] = page_ids


def names_people(field: str) -> Q:
    """Return the condition that the page whose id is in `field` names people; it costs no query if no app says so."""
    condition = Q(pk__in=())
    for page_ids in _PAGES.values():
        condition |= Q(**{f"{field}__in": page_ids()})
    return condition
