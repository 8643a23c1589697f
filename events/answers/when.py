"""Which days a question names: a pure function of its words and of today.

A day or month without a year is the next one to come, today and the current month included.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.declared.rules import Mark

CENTURY = 2000

MOST_YEARS = 8
"""Years within which there is a 29 February, the turn of a century included."""


@dataclass(frozen=True, slots=True)
class When:
    """Days from first to last. `unit` says what was named: a day, week, month or year."""

    first: datetime.date
    last: datetime.date
    unit: str

    @property
    def is_day(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    def distance(self, day: datetime.date) -> int:
        """Return how many days lie between a day and these; 0 within."""
        return max((self.first - day).days, (day - self.last).days, 0)


def when_of(found: Iterable[Mark], today: datetime.date) -> When | None:
    """Return the days that marks name, a date before all, else the narrowest; None if there are no such days."""
    naming = [mark for mark in found if names_days(mark)]
    # "Donnerstag, 17. Dezember": the date says which Thursday.
    dates = [mark for mark in naming if mark.means == "date"]
    days = [_READERS[mark.means](mark, today) for mark in dates or naming]
    if not days or None in days:
        return None
    return min((one for one in days if one is not None), key=lambda one: (one.last - one.first).days)


def names_days(mark: Mark) -> bool:
    """Return whether a mark names days."""
    return mark.means in _READERS


def _date(mark: Mark, today: datetime.date) -> When | None:
    groups = mark.groups or {}
    day, month = int(groups["day"]), int(groups.get("month") or mark.value)
    if "year" in groups:
        year = int(groups["year"])
        years: Iterable[int] = [year if year > 99 else CENTURY + year]
    else:
        years = range(today.year, today.year + MOST_YEARS + 1)
    for year in years:
        if day <= calendar.monthrange(year, month)[1]:
            date = datetime.date(year, month, day)
            if date >= today or "year" in groups:
                return When(date, date, "day")
    return None


def _month(mark: Mark, today: datetime.date) -> When:
    groups: Mapping[str, str] = mark.groups or {}
    month = int(groups.get("month") or mark.value)
    year = int(groups.get("year") or today.year + (month < today.month))
    return _whole_month(year, month)


def _whole_month(year: int, month: int) -> When:
    return When(datetime.date(year, month, 1), datetime.date(year, month, calendar.monthrange(year, month)[1]), "month")


def _year(mark: Mark, today: datetime.date) -> When:
    return _whole_year(int((mark.groups or {})["year"]))


def _whole_year(year: int) -> When:
    return When(datetime.date(year, 1, 1), datetime.date(year, 12, 31), "year")


def _weekday(mark: Mark, today: datetime.date) -> When:
    return _in_days(today, (mark.value - today.isoweekday()) % 7)


def _weekday_after(mark: Mark, today: datetime.date) -> When:
    return _in_days(today, (mark.value - today.isoweekday() - 1) % 7 + 1)


def _in_days(today: datetime.date, first: int, last: int | None = None, unit: str = "day") -> When:
    end = first if last is None else last
    return When(today + datetime.timedelta(first), today + datetime.timedelta(end), unit)


def _days(mark: Mark, today: datetime.date) -> When:
    return _in_days(today, *mark.value)


def _weeks(mark: Mark, today: datetime.date) -> When:
    monday = mark.value * 7 + 1 - today.isoweekday()
    return _in_days(today, monday, monday + 6, "week")


def _weekend(mark: Mark, today: datetime.date) -> When:
    saturday = 6 - today.isoweekday()
    return _in_days(today, saturday, saturday + 1, "week")


def _months(mark: Mark, today: datetime.date) -> When:
    months = today.year * 12 + today.month - 1 + mark.value
    return _whole_month(months // 12, months % 12 + 1)


def _years(mark: Mark, today: datetime.date) -> When:
    return _whole_year(today.year + mark.value)


_READERS: Mapping[str, Callable[[Mark, datetime.date], When | None]] = {
    "date": _date,
    "month": _month,
    "year": _year,
    "weekday": _weekday,
    "weekday after today": _weekday_after,
    "days": _days,
    "weeks": _weeks,
    "weekend": _weekend,
    "months": _months,
    "years": _years,
}
"""By what a rule means."""
