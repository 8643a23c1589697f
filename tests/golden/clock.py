"""The moment at which the golden files were seen: a working day with dates before and after it."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import time_machine

FROZEN = datetime.datetime(2026, 11, 27, 12, tzinfo=ZoneInfo("Europe/Berlin"))


def frozen() -> time_machine.travel:
    """Return a context in which it is noon of that day and stays so."""
    return time_machine.travel(FROZEN, tick=False)
