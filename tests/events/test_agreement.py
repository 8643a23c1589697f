"""Page, overview, block, feed, calendar, search and API say the same of a series at any moment."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from icalendar import Calendar
from lxml import etree

from core.declared.searchable import Occurrence, next_and_last
from events.models import EventIndexPage, EventSeriesPage
from events.reports import waiting
from events.schedule import Schedule
from tests.events.conftest import add_series, at, date
from tests.published import settle

Clock = Callable[[str], datetime.datetime]
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True)
class Said:
    """What a visitor is told in one place, as plain text."""

    page: str
    card: str
    block: str
    hit: str


def words(html: str) -> str:
    """Return what is read of HTML, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def said(slug: str) -> Said:
    """Return what page, overview, block and search say about a series."""
    page = Client().get(f"/termine/{slug}/").content.decode()
    status = re.search(r'<div class="status">(.*?)</div>', page, re.S)
    overview = Client().get("/termine/").content.decode().split('id="reihen"')[1]
    card = next(part for part in overview.split("<article")[1:] if f'href="/termine/{slug}/"' in part)
    block = Template("{% load event_tags %}{% next_dates limit=9 %}").render(Context({}))
    hits = Client().get("/suche/?type=event").content.decode()
    hit = next(part for part in hits.split("<article")[1:] if f'href="/termine/{slug}/"' in part)
    shown = re.search(r'<li class="card-date">(.*?)</li>', hit, re.S)
    assert status is not None
    assert shown is not None
    return Said(words(status[1]), words(card), words(block), words(shown[1]))


def in_calendar(slug: str) -> list[tuple[str, str]]:
    """Return local start and state of what the calendar of a series holds."""
    found = Calendar.from_ical(Client().get(f"/termine/{slug}/ical/").content)
    return [(f"{event['DTSTART'].dt:%Y-%m-%d %H:%M}", str(event["STATUS"])) for event in found.walk("VEVENT")]


def in_feed() -> list[str]:
    """Return the titles of the feed."""
    feed = etree.fromstring(Client().get("/termine/feed/").content)
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")] == ["alternate", "self"]
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.findall(f"{ATOM}entry")]


def in_api(page: EventSeriesPage) -> list[str]:
    """Return the starts that the pages API gives."""
    return [date["start"][:16] for date in Client().get(f"/api/v2/pages/{page.pk}/").json()["dates"]]


def waits(page: EventSeriesPage, now: datetime.datetime) -> bool:
    """Return whether the editors' report names the series."""
    return page.pk in set(waiting(now).values_list("pk", flat=True))


def test_a_series_without_a_date(overview: EventIndexPage, clock: Clock) -> None:
    now = clock("2027-01-01 12:00")
    page = add_series(overview, "runde")
    settle()
    told = said("runde")
    assert told.page == told.hit == "Datum steht aus"
    assert "Datum steht aus" in told.card
    assert "Runde : Datum steht aus" in told.block
    assert in_calendar("runde") == in_feed() == in_api(page) == []
    assert waits(page, now)


def test_a_series_with_one_date_before_while_and_after(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00"))
    settle()
    when = "Mi, 10. März 2027, 16:00 bis 18:00 Uhr"
    for moment in ("2027-01-01 12:00", "2027-03-10 17:59"):
        now = clock(moment)
        told = said("runde")
        assert told.page == told.hit == f"Nächster Termin: {when}"
        assert when in told.card
        assert f"{when} Runde" in told.block
        assert in_feed() == ["Runde, Mi, 10. März 2027, 16:00 Uhr"]
        assert not waits(page, now)
    now = clock("2027-03-10 18:00")
    told = said("runde")
    assert told.page == f"Nächstes Datum steht aus Zuletzt am {when}"
    assert told.hit == f"Zuletzt am {when}"
    assert f"Nächstes Datum steht aus Zuletzt am {when}" in told.card
    assert told.block == "Nächste Termine Runde : Nächstes Datum steht aus Alle Termine"
    assert in_feed() == []
    assert waits(page, now)
    # What is over stays in calendars.
    assert in_calendar("runde") == [("2027-03-10 16:00", "CONFIRMED")]
    assert in_api(page) == ["2027-03-10T16:00"]


def test_a_series_with_three_dates_moves_on_with_the_clock(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(
        overview, "runde", date("2027-10-13 16:00"), date("2027-03-10 16:00"), date("2027-06-09 16:00", state="booked-out")
    )  # fmt: skip
    settle()
    expected = {
        "2027-01-01 12:00": "Nächster Termin: Mi, 10. März 2027, 16:00 bis 18:00 Uhr",
        "2027-03-10 18:00": "Nächster Termin: Mi, 9. Juni 2027, 16:00 bis 18:00 Uhr (ausgebucht)",
        "2027-06-09 18:00": "Nächster Termin: Mi, 13. Oktober 2027, 16:00 bis 18:00 Uhr",
    }
    for left, (moment, told) in zip((3, 2, 1), expected.items(), strict=True):
        clock(moment)
        found = said("runde")
        assert found.page == found.hit == told
        assert len(in_feed()) == left
        assert found.block.count("16:00 bis 18:00 Uhr") == left
    days = ["2027-03-10", "2027-06-09", "2027-10-13"]
    assert [start[:10] for start, _state in in_calendar("runde")] == days
    assert [start[:10] for start in in_api(page)] == days


def test_a_cancelled_date_is_named_as_such_everywhere(overview: EventIndexPage, clock: Clock) -> None:
    now = clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00", state="cancelled", place=""))
    settle()
    when = "Mi, 10. März 2027, 16:00 bis 18:00 Uhr (abgesagt)"
    told = said("runde")
    assert told.hit == f"Nächster Termin: {when}"
    assert told.page == f"Nächster Termin: {when} Nächstes Datum steht aus"
    assert when in told.card
    assert when in told.block
    assert in_feed() == ["Runde, Mi, 10. März 2027, 16:00 Uhr (abgesagt)"]
    assert in_calendar("runde") == [("2027-03-10 16:00", "CANCELLED")]
    assert waits(page, now)
    # Afterwards nothing claims that it took place.
    clock("2027-03-11 12:00")
    told = said("runde")
    assert told.page == told.hit == "Datum steht aus"
    assert in_feed() == []
    assert "Es ist noch kein Termin vorbei" in Client().get("/termine/archiv/").content.decode()


def test_a_date_after_the_cancelled_one_is_the_next(overview: EventIndexPage, clock: Clock) -> None:
    now = clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00", state="cancelled"), date("2027-04-14 16:00"))
    settle()
    told = said("runde")
    assert told.page == told.hit == "Nächster Termin: Mi, 14. April 2027, 16:00 bis 18:00 Uhr"
    assert "10. März 2027, 16:00 bis 18:00 Uhr (abgesagt)" in told.block
    assert [state for _start, state in in_calendar("runde")] == ["CANCELLED", "CONFIRMED"]
    assert not waits(page, now)


@pytest.mark.parametrize("values", [{"cadence": "once"}, {"ended": True}])
def test_nothing_further_is_announced_of_what_has_ended(
    overview: EventIndexPage, clock: Clock, values: dict[str, Any]
) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-10 16:00"), **values)
    settle()
    now = clock("2027-04-01 12:00")
    told = said("runde")
    assert told.hit == "Zuletzt am Mi, 10. März 2027, 16:00 bis 18:00 Uhr"
    assert "steht aus" not in told.page + told.card + told.block
    assert not waits(page, now)


def test_the_one_rule_of_next_and_last() -> None:
    hour = datetime.timedelta(hours=1)
    early, late = (Occurrence(at(day), at(day) + hour) for day in ("2027-03-10 16:00", "2027-06-09 16:00"))
    off = Occurrence(at("2027-04-14 16:00"), at("2027-04-14 17:00"), "abgesagt", takes_place=False)
    assert next_and_last(at("2027-03-10 16:59"), [late, off, early]) == (early, None)
    assert next_and_last(at("2027-03-10 17:00"), [late, off, early]) == (late, early)
    assert next_and_last(at("2027-03-10 17:00"), [off, early]) == (off, early)
    assert next_and_last(at("2027-05-01 00:00"), [off, early]) == (None, early)
    assert next_and_last(at("2027-05-01 00:00"), [off]) == (None, None)
    assert next_and_last(at("2027-05-01 00:00"), []) == (None, None)


def test_a_schedule_waits_only_while_a_date_is_expected() -> None:
    now = at("2027-05-01 00:00")
    past, coming, off = date("2027-03-10 16:00"), date("2027-06-09 16:00"), date("2027-06-09 16:00", state="cancelled")
    assert not Schedule.seen_at(now, [past, coming]).waits
    assert str(Schedule.seen_at(now, []).missing) == "Datum steht aus"
    assert str(Schedule.seen_at(now, [past]).missing) == "Nächstes Datum steht aus"
    assert str(Schedule.seen_at(now, [off]).missing) == "Nächstes Datum steht aus"
    assert Schedule.seen_at(now, [past], goes_on=False).missing == ""
    # It was announced and has not taken place yet.
    assert Schedule.seen_at(now, [], goes_on=False).waits
