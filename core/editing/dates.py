"""Parse days and times as people write them here, or refuse them: nothing is ever guessed.

Django's own formats do not know month names, and none works without the computer's language settings.
"""

from __future__ import annotations

import datetime
import re

from django.utils.dateparse import parse_datetime

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A year outside is a typing error; further out, dates cannot be computed."""

_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_NUMBERS = re.compile(rf"(?P<day>[0-9]{{1,2}})\. ?(?P<month>[0-9]{{1,2}})\. ?{_YEAR}")
_NAMED = re.compile(rf"(?P<day>[0-9]{{1,2}})(?:\. ?| )(?P<name>[a-zäöü]{{3,}})\.? {_YEAR}")
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:(?:[:.]|(?<=[0-9]{2}))(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?(?: ?uhr)?"
)
_BOTH = re.compile(r"(?P<day>.+?)(?:,? um|,)? (?P<time>[0-9]{1,2}(?:[:.][0-9]{2}(?::[0-9]{2})?(?: ?uhr)?| ?uhr))")

_MONTHS = (
    "januar",
    "februar",
    "marz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
)
_OTHER_NAMES = {"janner": 1, "feber": 2, "mrz": 3}


def read_date(text: str) -> datetime.date:
    """Return the day written as 2028-06-30, 30.06.2028, 30.6.28, 30. Juni 2028 or 30 Jun 2028.

    Raises ValueError for everything else and for days that do not exist.
    """
    words = _plain(text)
    match = _ISO.fullmatch(words) or _NUMBERS.fullmatch(words) or _NAMED.fullmatch(words)
    if match is None:
        raise ValueError(f"not a day: {text!r}")
    parts = match.groupdict()
    month = int(parts["month"]) if "month" in parts else _month(parts["name"])
    return datetime.date(_year(parts["year"]), month, int(parts["day"]))


def read_time(text: str) -> datetime.time:
    """Return the time written as 14:30, 14.30, 14:30:05, 1430, 14 or any of these with "Uhr".

    Raises ValueError for everything else.
    """
    match = _TIME.fullmatch(_plain(text))
    if match is None:
        raise ValueError(f"not a time: {text!r}")
    hour, minute, second = (int(part or 0) for part in match.group("hour", "minute", "second"))
    return datetime.time(hour, minute, second)


def read_datetime(text: str) -> datetime.datetime:
    """Return a day and time in the forms of `read_date` and `read_time`, separated by a space, comma, "um" or T.

    Raises ValueError for everything else, also for a day without a time.
    """
    if match := _BOTH.fullmatch(_plain(text)):
        return datetime.datetime.combine(read_date(match["day"]), read_time(match["time"]))
    # With T, fractions of a second or an offset, as machines write it.
    moment = parse_datetime(text.strip()) if ":" in text else None
    if moment is None:
        raise ValueError(f"not a day and a time: {text!r}")
    _year(str(moment.year))
    return moment


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        # As everywhere in Python: 69 and later belong to the last century.
        year += 1900 if year >= 69 else 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"not a year of ours: {digits}")
    return year


def _month(name: str) -> int:
    """Return the number of a German month, which may be abbreviated. Raises ValueError for other words."""
    name = name.replace("ä", "a").replace("ae", "a")
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    for number, month in enumerate(_MONTHS, start=1):
        if month.startswith(name):
            return number
    raise ValueError(f"not a month: {name!r}")
