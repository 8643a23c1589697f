"""iCalendar, read back with the library that calendar programs in Python use."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar, Timezone

from events.calendars import ZONE, berlin
from events.models import EventDate, EventIndexPage, EventSeriesPage
from tests.events.conftest import BERLIN, add_series, at, date

Clock = Callable[[str], datetime.datetime]


def fetch(path: str) -> Calendar:
    """Return the calendar at an address, checked for what RFC 5545 requires of every file."""
    response = Client().get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert ".ics" in response["Content-Disposition"]
    assert not response.cookies
    content = response.content
    # 3.1: lines end in CRLF and hold at most 75 octets.
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    found = Calendar.from_ical(content)
    assert not found.errors
    # 3.6 and 3.7: VERSION and PRODID, at least one component, and every TZID that is used is defined.
    assert found["VERSION"] == "2.0"
    assert found["PRODID"]
    assert found.subcomponents
    # RFC 7986, 5.7, and what Outlook reads in its place: the same interval, however it is written.
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert str(found["X-PUBLISHED-TTL"]) == found["REFRESH-INTERVAL"].to_ical().decode() == "PT12H"
    zones = {str(zone["TZID"]) for zone in found.walk("VTIMEZONE")}
    for event in found.walk("VEVENT"):
        # 3.6.1: these are required once; DTEND is later than DTSTART.
        assert event["UID"]
        assert event["DTSTAMP"].dt.utcoffset() == datetime.timedelta()
        assert event["DTSTART"].params["TZID"] in zones
        assert event["DTEND"].dt > event["DTSTART"].dt
        assert event["STATUS"] in {"CONFIRMED", "CANCELLED"}
        assert int(event["SEQUENCE"]) >= 0
        assert event["LAST-MODIFIED"].dt.utcoffset() == datetime.timedelta()
    return found


def events(path: str) -> list[Any]:
    return list(fetch(path).walk("VEVENT"))


def test_one_date_one_series_and_all_have_the_same_events(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    add_series(overview, "runde", date("2027-03-10 16:00"), date("2027-11-10 16:00"))
    add_series(overview, "kreis", date("2027-05-01 09:00"))
    everything = {str(event["UID"]) for event in events("/termine/ical/")}
    series = events("/termine/runde/ical/")
    assert len(everything) == 3
    assert {str(event["UID"]) for event in series} < everything
    (one,) = events("/termine/runde/2027-03-10-1600/ical/")
    assert one.to_ical() == series[0].to_ical()
    assert str(one["URL"]).endswith("/termine/runde/2027-03-10-1600/")
    assert one["UID"] == str(EventDate.objects.get(start=at("2027-03-10 16:00")).uid)


def test_four_in_the_afternoon_is_the_same_local_time_in_march_and_november(
    overview: EventIndexPage, clock: Clock
) -> None:
    clock("2027-01-01 12:00")
    add_series(overview, "runde", date("2027-03-10 16:00"), date("2027-06-09 16:00"), date("2027-11-10 16:00"))
    content = Client().get("/termine/runde/ical/").content.decode()
    assert "DTSTART;TZID=Europe/Berlin:20270310T160000" in content
    assert "DTSTART;TZID=Europe/Berlin:20270609T160000" in content
    assert "DTSTART;TZID=Europe/Berlin:20271110T160000" in content
    utc = [event["DTSTART"].dt.astimezone(datetime.UTC).hour for event in events("/termine/runde/ical/")]
    assert utc == [15, 14, 15]


@pytest.mark.parametrize("year", [1996, 2026, 2027, 2038, 2090])
def test_the_time_zone_in_the_file_changes_when_the_real_one_does(year: int) -> None:
    """The rules as written, followed by hand, against the database of time zones of the system."""
    zone = Timezone.from_ical(berlin().to_ical())
    for part in zone.subcomponents:
        rule = part["RRULE"]
        assert (rule["FREQ"], rule["BYDAY"]) == (["YEARLY"], ["-1SU"])
        month = rule["BYMONTH"][0]
        days = [datetime.date(year, int(month), day) for day in range(1, 32)]
        sunday = max(day for day in days if day.weekday() == 6)
        # DTSTART of an onset is local time by the offset that held before.
        local = datetime.datetime.combine(sunday, part["DTSTART"].dt.time())
        onset = (local - part["TZOFFSETFROM"].td).replace(tzinfo=datetime.UTC)
        before, after = onset - datetime.timedelta(seconds=1), onset
        real = ZoneInfo(ZONE)
        assert before.astimezone(real).utcoffset() == part["TZOFFSETFROM"].td
        assert after.astimezone(real).utcoffset() == part["TZOFFSETTO"].td
        assert after.astimezone(real).tzname() == part["TZNAME"]


def test_the_zone_that_a_program_builds_from_the_file_is_right() -> None:
    zone = Calendar.from_ical(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + berlin().to_ical() + b"END:VCALENDAR\r\n"
    ).walk("VTIMEZONE")[0]
    built = zone.to_tz(lookup_tzid=False)
    for month in range(1, 13):
        moment = datetime.datetime(2027, month, 15, 16)  # noqa: DTZ001
        assert moment.replace(tzinfo=built).utcoffset() == moment.replace(tzinfo=BERLIN).utcoffset()


def change(page: EventSeriesPage, **values: Any) -> None:
    """Change the first date as an editor does, and publish."""
    page = EventSeriesPage.objects.get(pk=page.pk)
    rows = list(page.dates.all())
    for name, value in values.items():
        setattr(rows[0], name, value)
    page.dates = rows
    page.save_revision().publish()


def test_a_changed_date_keeps_its_uid_and_gets_a_higher_sequence(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00"), date("2027-06-09 16:00"))
    before, untouched = events("/termine/runde/ical/")
    assert before["SEQUENCE"] == 0
    clock("2027-01-02 12:00")
    change(page, place="Turnhalle")
    after, other = events("/termine/runde/ical/")
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert str(after["LOCATION"]) == "Turnhalle"
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert (other["UID"], other["SEQUENCE"]) == (untouched["UID"], 0)
    clock("2027-01-03 12:00")
    change(page)
    assert events("/termine/runde/ical/")[0]["SEQUENCE"] == 1


def test_a_cancelled_date_stays_and_is_marked(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00"))
    (before,) = events("/termine/ical/")
    assert before["STATUS"] == "CONFIRMED"
    change(page, state="cancelled", place="")
    (after,) = events("/termine/ical/")
    assert (after["UID"], after["STATUS"], after["SEQUENCE"]) == (before["UID"], "CANCELLED", 1)
    assert "(abgesagt)" in after["SUMMARY"]


def test_a_moved_date_is_the_same_event_at_another_time(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00"))
    (before,) = events("/termine/runde/ical/")
    change(page, start=at("2027-03-17 16:00"), end=at("2027-03-17 18:00"), state="moved")
    (after,) = events("/termine/runde/ical/")
    assert (after["UID"], after["SEQUENCE"], after["STATUS"]) == (before["UID"], 1, "CONFIRMED")
    assert after["DTSTART"].dt.date() == datetime.date(2027, 3, 17)
    assert "Verschoben vom 10.03.2027" in after["DESCRIPTION"]
    response = Client().get("/termine/runde/2027-03-10-1600/")
    assert (response.status_code, response["Location"]) == (302, "/termine/runde/2027-03-17-1600/")
    assert "Verschoben vom Mi, 10. März 2027, 16:00 Uhr" in Client().get(response["Location"]).content.decode()
    # Published again without another time: it has still been moved from there.
    change(page, place="Turnhalle")
    assert EventDate.objects.get().moved_from == at("2027-03-10 16:00")


def test_the_same_state_gives_the_same_file(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    add_series(overview, "runde", date("2027-03-10 16:00"))
    first = Client().get("/termine/ical/").content
    clock("2027-02-01 12:00")
    assert Client().get("/termine/ical/").content == first


def test_a_series_without_a_date_is_a_valid_calendar_without_events(overview: EventIndexPage) -> None:
    add_series(overview, "runde")
    assert events("/termine/runde/ical/") == []
    assert len(fetch("/termine/ical/").walk("VTIMEZONE")) == 1


def test_texts_of_editors_cannot_break_the_file(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    nasty = "Zeile; mit, allem\\ und\x0b \x1f END:VEVENT"
    add_series(overview, "runde", date("2027-03-10 16:00", place=nasty, note="ä" * 200), title=f"T {nasty}")
    (event,) = events("/termine/runde/ical/")
    assert str(event["LOCATION"]) == "Zeile; mit, allem\\ und    END:VEVENT"
    assert "ä" * 200 in event["DESCRIPTION"]


def test_a_copied_series_has_dates_of_its_own(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00"))
    copy = page.copy(update_attrs={"slug": "zweite", "title": "Zweite"}, keep_live=True)
    found = [str(event["UID"]) for event in events("/termine/ical/")]
    assert len(found) == len(set(found)) == 2
    own = EventDate.objects.get(page=copy).uid
    # The copied draft still names the old identity; publishing it must not give that to the copy.
    copy.get_latest_revision().publish()
    assert EventDate.objects.get(page_id=copy.pk).uid == own
    assert EventDate.objects.get(page=page).uid != own
