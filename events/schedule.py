"""The dates of one series as of a moment: what is upcoming, what is over, and what to say when nothing is upcoming.

Pure: page, overview, block, report, feed and calendar all use it, so that they agree at any moment.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.declared.searchable import next_and_last
from events.models.dates import EventDate

NONE_YET = _("Datum steht aus")
NONE_NEXT = _("Nächstes Datum steht aus")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of a series as of a moment: `coming` soonest first; `past` latest first, without cancelled ones."""

    coming: tuple[EventDate, ...]
    past: tuple[EventDate, ...]
    next: EventDate | None
    last: EventDate | None
    goes_on: bool

    @classmethod
    def seen_at(cls, now: datetime.datetime, dates: Iterable[EventDate], *, goes_on: bool = True) -> Schedule:
        """Return the schedule as of `now`; `goes_on` is false for a series that expects no further dates."""
        rows = sorted(dates, key=lambda date: (date.start, date.end))
        following, last = next_and_last(now, rows)
        return cls(
            coming=tuple(row for row in rows if row.end > now),
            past=tuple(row for row in reversed(rows) if row.end <= now and row.takes_place),
            next=following,
            last=last,
            goes_on=goes_on,
        )

    @property
    def waits(self) -> bool:
        """Whether a date is expected but not set: no upcoming date takes place, and the series goes on."""
        return not any(date.takes_place for date in self.coming) and (self.goes_on or self.last is None)

    @property
    def missing(self) -> str | Promise:
        """What to say in place of a date; empty when one is upcoming or none is expected."""
        if not self.waits:
            return ""
        return NONE_NEXT if self.last is not None or self.coming else NONE_YET
