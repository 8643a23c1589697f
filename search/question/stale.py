"""Which documents are out of date by the clock: those with texts or names that depend on a page that has just ended.

The worker withdraws an ended page within a minute and has what mentions it indexed anew. Until then, and however long there
is no worker, readers do not find these documents: they would be found by what is hidden.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from core.references import pages_using
from core.versions import Versioned
from core.visibility import ended_pages


def stale_documents(now: datetime.datetime) -> tuple[int, ...]:
    """Return the ids of pages whose documents are out of date at `now`: hardly ever any, and then cached."""
    ended = tuple(ended_pages(now))
    return _stale.get(*ended) if ended else ()


def _read(*ended: int) -> tuple[int, ...]:
    values = {page.pk for page in Page.objects.filter(pk__in=ended).specific() if getattr(page, "search_facet", "")}
    named = set(pages_using(Page.objects.filter(pk__in=values))) if values else set()
    using = set(pages_using(Page.objects.filter(pk__in=ended)))
    others = Page.objects.filter(pk__in=using - named).specific()
    return tuple(sorted({*named, *(page.pk for page in others if _depends(page, ended))} - set(ended)))


def _depends(page: Any, ended: Iterable[int]) -> bool:
    """Return whether texts of a page depend on one of these; not if it only leads there, which is no text of its own."""
    mentions = getattr(page, "mentions", None)
    return mentions is None or any((Page, key) in set(mentions()) for key in ended)


_stale = Versioned((Page,), _read)
