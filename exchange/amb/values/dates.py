"""The year of a record, from a date as programs and people here write it."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from core.importing.rows import RowError
from exchange.amb.values.fields import Fields
from exchange.amb.values.texts import not_clear, quoted

_MONTHS = (
    r"Jan(?:uary?|uar)?|Feb(?:ruary?|ruar)?|März|Mrz|Mär|Mar(?:ch)?|Apr(?:il)?|Mai|May|Jun[ie]?|Jul[iy]?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|O[kc]t(?:ober)?|Nov(?:ember)?|De[zc](?:ember)?|Jänner"
)
_AROUND = re.compile(
    r"^(?:(?:ca\.?|circa|um|©|\(c\)|copyright|stand:?|erschienen)\s+|©\s*|\[)|(?:\s*\]|\s*\?)$", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"^(?:Mo|Di|Mi|Do|Fr|Sa|So|Mon|Tue|Wed|Thu|Fri|Sat|Sun|\w+tag|Mittwoch|\w+day)[.,]+\s*", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:[T ,]+|\s+um\s+)\d{1,2}(?::\d{2}|\.\d{2} Uhr).*$")

_NUMBERS = [
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})(?:T.*|Z)?)?)?"),
    re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})\.?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})"),
    re.compile(r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})[/-](?P<year>\d{4})"),
    re.compile(r"(?P<month>\d{1,2})[/.-] ?(?P<year>\d{4})"),
    re.compile(rf"(?:(?P<day>\d{{1,2}})(?:\. ?| |-))?(?:{_MONTHS})(?:\.| |-)+(?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(rf"(?:{_MONTHS})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(r"(?:Frühjahr|Frühling|Sommer|Herbst|Winter) (?P<year>\d{4})", re.IGNORECASE),
]


def year(fields: Fields) -> int | None:
    """Return the year of publication, else of creation; what is no date is noted."""
    for name in ("datePublished", "dateCreated"):
        found = fields.optional(partial(_year, name, fields.raw.get(name)))
        if found is not None:
            return found
    return None


def _year(name: str, value: Any) -> int | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and "@value" in value:
        value = value["@value"]
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise not_clear(name, value)
    text = " ".join(str(value).split())
    bare = _CLOCK.sub("", _WEEKDAY.sub("", _AROUND.sub("", text)))
    for pattern in _NUMBERS:
        if (match := pattern.fullmatch(bare)) and _exists(match.groupdict()):
            return int(match["year"])
    raise RowError(name, _("kein Datum: %(text)s") % {"text": quoted(text, 40)})


def _exists(parts: dict[str, str | None]) -> bool:
    """Return whether a calendar has this day; what is not said is taken for the first."""
    try:
        date(*(int(parts.get(name) or 1) for name in ("year", "month", "day")))
    except ValueError:
        return False
    return True
