"""Propose the dates that follow from the last one: the same weekday of the month, at the same time of day.

Half-yearly, the second Wednesday of March is followed by the second Wednesday of September. The fifth weekday of a
month that has four is the last. Times are local, so that 16:00 stays 16:00 when daylight saving begins or ends.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from itertools import count, islice
from zoneinfo import ZoneInfo

STEPS: dict[str, int] = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
"""Months from one date to the next, by cadence."""

MOST = 12
"""Most proposals at once."""

Span = tuple[datetime.datetime, datetime.datetime]


def nth_weekday(year: int, month: int, weekday: int, number: int) -> datetime.date:
    """Return the `number`th (from 1) `weekday` (0 is Monday) of a month; the last one if it has fewer."""
    first, days = calendar.monthrange(year, month)
    day = 1 + (weekday - first) % 7 + 7 * (number - 1)
    while day > days:
        day -= 7
    return datetime.date(year, month, day)


def following(start: datetime.date, months: int) -> Iterator[datetime.date]:
    """Yield the dates `months`, twice `months`, … after `start`, each the same weekday of its month."""
    number = (start.day - 1) // 7 + 1
    for step in count(1):
        month = start.month - 1 + step * months
        yield nth_weekday(start.year + month // 12, month % 12 + 1, start.weekday(), number)


def propose(last: Span, cadence: str, number: int, now: datetime.datetime, zone: ZoneInfo) -> list[Span]:
    """Return the next `number` dates after `last` (start and end with time zone) that lie in the future.

    Raises ValueError for a cadence without a rhythm, and for a number outside 1 … MOST.
    """
    if cadence not in STEPS:
        raise ValueError(f"no rhythm: {cadence}")
    if not 1 <= number <= MOST:
        raise ValueError(f"not 1 to {MOST}: {number}")
    start, end = (moment.astimezone(zone) for moment in last)
    days = end.date() - start.date()

    def spans() -> Iterator[Span]:
        for day in following(start.date(), STEPS[cadence]):
            begin = datetime.datetime.combine(day, start.time(), zone)
            if begin > now:
                yield begin, datetime.datetime.combine(day + days, end.time(), zone)

    return list(islice(spans(), number))
