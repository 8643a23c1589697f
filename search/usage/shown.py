"""What is shown of the counts: to editors what many searched for, to readers what editors said yes to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from search.models import MissingCount, QueryCount, UnknownWord
from search.usage.verdicts import offered

SHOWN_DAYS = 90
"""A search that nobody has made for this long is no longer suggested."""

SUGGESTED_AT_MOST = 500
"""Maximum frequent searches to suggest from; each web process holds them in memory."""


@dataclass(frozen=True, slots=True)
class FrequentSearch:
    """A search that many have made, and how often."""

    text: str
    uses: int


def shown_searches() -> QuerySet[Any, Any]:
    """Return key, text, uses, days and last day of all searches, most used first."""
    rows = QueryCount.objects.order_by().values("key")
    rows = rows.annotate(text=Max("text"), uses=Sum("count"), days=Sum("days"), last=Max("day"))
    return rows.order_by("-uses", "key")


def shown_words() -> QuerySet[Any, Any]:
    """Return word, uses, days and last day of words in no document that were searched for, most used first."""
    rows = UnknownWord.objects.order_by().values("word")
    return rows.annotate(uses=Sum("count"), days=Sum("days"), last=Max("day")).order_by("-uses", "word")


def shown_missing() -> QuerySet[Any, Any]:
    """Return kind, key, text, uses, days and last day of what is missing: searches first, wanted on most days first."""
    rows = MissingCount.objects.order_by().values("kind", "key")
    rows = rows.annotate(text=Max("text"), uses=Sum("count"), days=Sum("days"), last=Max("day"))
    return rows.order_by("kind", "-days", "-uses", "text")


def frequent_searches() -> list[FrequentSearch]:
    """Return the searches to suggest to readers: with an editor's yes, recent, and with hits."""
    since = timezone.localdate() - datetime.timedelta(days=SHOWN_DAYS)
    allowed = offered().values("key")
    searches = shown_searches().filter(day__gte=since, key__in=allowed).exclude(hits=QueryCount.Hits.NONE)
    return [FrequentSearch(text, uses) for text, uses in searches.values_list("text", "uses")[:SUGGESTED_AT_MOST]]
