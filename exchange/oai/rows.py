"""The records that a list names, read in the order of their stamps, a page at a time.

Whether an entry is public is asked of `core.visibility` in the same query: a row that says otherwise is out of date, and
what has ended by the clock is deleted since its end.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from wagtail.models import Page

from exchange.harvested import shown
from exchange.models import HarvestedPage
from exchange.oai.arguments import Selection

AT_ONCE = 100
"""Records of one answer."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list: rows, how many there are in all, and the token for the next page."""

    rows: tuple[Any, ...]
    total: int
    cursor: int
    token: str


def current(now: datetime.datetime) -> QuerySet[Any]:
    """Return all rows with `is_deleted` and `stamp` as of now."""
    ended = Page.objects.filter(pk=OuterRef("page_id"), expire_at__lte=now).values("expire_at")
    stamp_of_end = Greatest(F("datestamp"), Coalesce(Subquery(ended), F("datestamp"), output_field=DateTimeField()))
    rows = HarvestedPage.objects.annotate(
        is_public=Exists(shown(now).filter(pk=OuterRef("page_id"))),
        is_deleted=Case(When(deleted=False, is_public=True, then=False), default=True),
        stamp=Case(When(deleted=False, is_public=False, then=stamp_of_end), default=F("datestamp")),
    )
    return rows


def listed(selection: Selection) -> Listed:
    """Return the page of a list."""
    now = timezone.now()
    rows = current(now)
    if selection.set:
        deeper, exact = f" {selection.set}:", f" {selection.set} "
        rows = rows.filter(Q(sets__contains=exact) | Q(sets__contains=deeper))
    if (since := selection.since()) is not None:
        rows = rows.filter(stamp__gte=since)
    if (before := selection.before()) is not None:
        rows = rows.filter(stamp__lt=before)
    total = rows.count()
    if selection.after:
        after = datetime.datetime.fromisoformat(selection.after)
        rows = rows.filter(Q(stamp__gt=after) | Q(stamp=after, page_id__gt=selection.after_page))
    page = list(rows.order_by("stamp", "page_id")[: AT_ONCE + 1])
    token = ""
    if len(page) > AT_ONCE:
        page = page[:AT_ONCE]
        token = selection.token(page[-1].stamp, page[-1].page_id, selection.cursor + len(page))
    return Listed(tuple(page), total, selection.cursor, token)


def found(identifier: str) -> Any:
    """Return the row with this identifier, or None."""
    return current(timezone.now()).filter(identifier=identifier).first()


def earliest() -> datetime.datetime:
    """Return a moment before which nothing has changed."""
    first = HarvestedPage.objects.order_by("datestamp").values_list("datestamp", flat=True).first()
    return first or timezone.now()
