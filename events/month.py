"""A month as weeks of days, each day with the dates on it."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from events.listing import Entry

AHEAD = 12
"""Number of months from today that can be browsed even when nothing takes place."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid; days of adjacent months are empty."""

    date: datetime.date
    within: bool
    today: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its weeks from Monday to Sunday, and the previous and next month if they can be browsed."""

    first: datetime.date
    weeks: tuple[tuple[Day, ...], ...]
    before: datetime.date | None
    after: datetime.date | None

    @property
    def days(self) -> list[Day]:
        """The days on which something takes place, in order."""
        return [day for week in self.weeks for day in week if day.entries]


def parse(text: str) -> datetime.date:
    """Return the first day of a month given as `2027-03`. Raises ValueError for anything else."""
    if len(text) != 7 or not text.isascii():
        raise ValueError(text)
    return datetime.date.fromisoformat(f"{text}-01")


def shown(entries: Iterable[Entry], today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and last month to browse: all months with dates, and a year from today."""
    days = [day for entry in entries for day in (entry.day, entry.last_day)]
    first = min([today, *days]).replace(day=1)
    last = max([_moved(today.replace(day=1), AHEAD), *days]).replace(day=1)
    return first, last


def month_of(first: datetime.date, entries: Iterable[Entry], today: datetime.date) -> Month:
    """Return the month that begins with `first`. Raises ValueError when it cannot be browsed."""
    known = list(entries)
    earliest, latest = shown(known, today)
    if not earliest <= first <= latest:
        raise ValueError(f"nothing to see in {first:%Y-%m}")
    on: dict[datetime.date, list[Entry]] = {}
    for entry in known:
        for number in range((entry.last_day - entry.day).days + 1):
            on.setdefault(entry.day + datetime.timedelta(days=number), []).append(entry)
    weeks = tuple(
        tuple(Day(day, day.month == first.month, day == today, on.get(day, []) if day.month == first.month else []) for day in week)
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    )  # fmt: skip
    before, after = _moved(first, -1), _moved(first, 1)
    return Month(first, weeks, before if before >= earliest else None, after if after <= latest else None)


def _moved(first: datetime.date, months: int) -> datetime.date:
    number = first.year * 12 + first.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)
