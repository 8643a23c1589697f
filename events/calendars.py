"""iCalendar (RFC 5545) of dates: one date, a series, or all.

A date is identified by its UUID, whatever the host name; its row increments the SEQUENCE. DTSTAMP is the time of the
last change, as the RFC requires where no METHOD is given, so that the same state gives the same file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration

from events.listing import Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"
ZONE = "Europe/Berlin"
REFRESH = datetime.timedelta(hours=12)
"""How often subscribers should refresh (RFC 7986)."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """Replace the characters that neither calendar nor XML can carry with spaces."""
    return _UNPRINTABLE.sub(" ", text)


def calendar(name: str, entries: Iterable[Entry]) -> Calendar:
    """Return the calendar of the dates; without any it holds only the time zone, so that it is valid but empty."""
    result = Calendar()
    result.add("prodid", f"-//{printable(settings.SITE_NAME)}//Termine//DE")
    result.add("version", "2.0")
    result.add("calscale", "GREGORIAN")
    result.add("name", printable(name))
    result.add("x-wr-calname", printable(name))
    result.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    # Outlook reads this one.
    result.add("x-published-ttl", vDuration(REFRESH))
    result.add_component(berlin())
    for entry in entries:
        result.add_component(event(entry))
    return result


def berlin() -> Timezone:
    """Return the time zone with the rule of Directive 2000/84/EC: the last Sundays of March and October, 1:00 UTC.

    The rule applies since 1996. The package's list of transitions starts summer time an hour late.
    """
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, name, before, after, start, month in (
        (TimezoneDaylight(), "CEST", 1, 2, datetime.datetime(1996, 3, 31, 2), 3),  # noqa: DTZ001 - local by definition
        (TimezoneStandard(), "CET", 2, 1, datetime.datetime(1996, 10, 27, 3), 10),  # noqa: DTZ001 - as above
    ):
        part.add("dtstart", start)
        part.add("tzoffsetfrom", datetime.timedelta(hours=before))
        part.add("tzoffsetto", datetime.timedelta(hours=after))
        part.add("tzname", name)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        zone.add_component(part)
    return zone


def event(entry: Entry) -> Event:
    """Return the calendar event of a date."""
    date, page = entry.date, entry.series.page
    result = Event()
    result.add("uid", str(date.uid))
    result.add("dtstamp", _utc(entry.modified_at))
    result.add("last-modified", _utc(entry.modified_at))
    if date.announced_at:
        result.add("created", _utc(date.announced_at))
    result.add("sequence", date.sequence)
    for name, moment in (("dtstart", date.start), ("dtend", date.end)):
        result.add(name, _local(moment), parameters={"TZID": ZONE})
    result.add("summary", printable(f"{entry.title} ({date.word})" if date.word else entry.title))
    result.add("status", "CONFIRMED" if date.takes_place else "CANCELLED")
    if place := date.place or date.online_url:
        result.add("location", printable(place))
    result.add("description", printable("\n".join(_lines(entry))))
    if page.contact_email:
        result.add("contact", printable(" ".join(filter(None, [page.contact_role, page.contact_email]))))
    if categories := [concept.label_for() for concept in page.chosen("focus")]:
        result.add("categories", categories)
    result.add("url", entry.full_url)
    return result


def response(name: str, entries: Iterable[Entry], file_name: str) -> HttpResponse:
    """Answer with a calendar that browsers and calendar programs offer to import."""
    content = calendar(name, entries).to_ical()
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'inline; filename="{file_name}.ics"'
    return answer


def _lines(entry: Entry) -> list[str]:
    date = entry.date
    lines = [entry.series.page.summary, date.note]
    if date.moved_from:
        lines.append(_("Verschoben vom %s") % timezone.localtime(date.moved_from).strftime("%d.%m.%Y, %H:%M"))
    if date.online_url:
        lines.append(_("Online: %s") % date.online_url)
    if entry.can_register:
        lines.append(_("Anmeldung: %s") % (date.registration_url or date.registration_email))
    return [line for line in lines if line]


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC).replace(microsecond=0)


def _local(moment: datetime.datetime) -> Any:
    """Return the local time without its zone, which goes into a parameter."""
    return timezone.localtime(moment).replace(tzinfo=None)
