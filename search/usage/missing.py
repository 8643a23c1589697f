"""Store what readers say is missing: how often and on which days, but its words only once they identify nobody.

Until the rule of counts lets a search or a word be shown, the database holds a keyed hash in its place, which nobody can
read back without the site's key. The words themselves come with the use that reaches the threshold.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils.crypto import salted_hmac

from search.models import MissingCount
from search.usage.rule import DAYS_LEAST, USES_LEAST

Missing = tuple[str, MissingCount.Kind, str, str]
"""Day, kind, key (the same for all forms and orders of the words), and the words as shown."""


def keep(counts: Mapping[Missing, int], most_per_day: int) -> None:
    """Add counts to the database, at most so many different ones a day; the rest must come from a machine."""
    room: dict[str, int] = {}
    hashed = [(day, kind, _hashed(kind, key), text, count) for (day, kind, key, text), count in counts.items()]
    # In the order of their hashes: no row stands beside another because one reader typed both words.
    for day, kind, key, text, count in sorted(hashed):
        of_day = MissingCount.objects.filter(day=datetime.date.fromisoformat(day))
        rows = of_day.filter(kind=kind, key=key)
        if not rows.update(count=F("count") + count):
            if day not in room:
                room[day] = most_per_day - of_day.count()
            if room[day] <= 0:
                continue
            room[day] -= 1
            MissingCount.objects.create(day=datetime.date.fromisoformat(day), kind=kind, key=key, count=count)
        if _may_be_shown(kind, key):
            rows.update(text=text)


def forget_before(day: datetime.date) -> int:
    """Delete the counts of earlier days; return how many."""
    return MissingCount.objects.filter(day__lt=day).delete()[0]


def shown_missing() -> QuerySet[Any, Any]:
    """Return kind, text, uses, days and last day of what may be shown: searches first, each wanted on most days first."""
    return (
        MissingCount.objects.order_by()
        .values("kind", "key")
        .annotate(text=Max("text"), uses=Sum("count"), days=Count("day", distinct=True), last=Max("day"))
        .filter(days__gte=DAYS_LEAST)
        .exclude(text="")
        .order_by("kind", "-days", "-uses", "text")
    )


def _may_be_shown(kind: str, key: str) -> bool:
    found = MissingCount.objects.filter(kind=kind, key=key).aggregate(
        uses=Sum("count"), days=Count("day", distinct=True)
    )
    uses_least = USES_LEAST if kind == MissingCount.Kind.SEARCH else 1
    return bool(found["days"] >= DAYS_LEAST and found["uses"] >= uses_least)


def _hashed(kind: str, key: str) -> str:
    return salted_hmac("search.usage.missing", f"{kind} {key}", algorithm="sha256").hexdigest()
