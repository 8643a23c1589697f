"""Proposed dates: the same weekday of the month, the same time of day, never in the past."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.recurrence import MOST, STEPS, nth_weekday, propose
from tests.events.conftest import BERLIN, at

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 1, 1))


def starts(last: str, cadence: str, number: int, now: str) -> list[str]:
    spans = propose((at(last), at(last) + datetime.timedelta(hours=2)), cadence, number, at(now), BERLIN)
    return [f"{start:%a %Y-%m-%d %H:%M}" for start, _end in spans]


def test_the_second_wednesday_stays_the_second_wednesday() -> None:
    # 10 March 2027 and its followers, looked up in a calendar.
    assert starts("2027-03-10 16:00", "half-yearly", 3, "2027-03-11 00:00") == [
        "Wed 2027-09-08 16:00", "Wed 2028-03-08 16:00", "Wed 2028-09-13 16:00",
    ]  # fmt: skip
    assert starts("2027-03-10 16:00", "quarterly", 2, "2027-03-11 00:00") == [
        "Wed 2027-06-09 16:00", "Wed 2027-09-08 16:00",
    ]  # fmt: skip
    assert starts("2027-12-08 16:00", "monthly", 2, "2027-12-09 00:00") == [
        "Wed 2028-01-12 16:00", "Wed 2028-02-09 16:00",
    ]  # fmt: skip


def test_a_fifth_weekday_becomes_the_last_where_there_are_four() -> None:
    assert starts("2027-03-31 09:00", "monthly", 3, "2027-04-01 00:00") == [
        "Wed 2027-04-28 09:00", "Wed 2027-05-26 09:00", "Wed 2027-06-30 09:00",
    ]  # fmt: skip
    assert nth_weekday(2027, 2, 0, 5) == datetime.date(2027, 2, 22)


def test_four_in_the_afternoon_stays_four_in_the_afternoon_across_daylight_saving() -> None:
    ((start, end),) = propose((at("2027-05-12 16:00"), at("2027-05-12 18:00")), "half-yearly", 1, at("2027-05-13 00:00"), BERLIN)  # fmt: skip
    assert (start.hour, end.hour) == (16, 18)
    assert start.utcoffset() == datetime.timedelta(hours=1)
    assert at("2027-05-12 16:00").utcoffset() == datetime.timedelta(hours=2)


def test_nothing_is_proposed_in_the_past() -> None:
    assert starts("2020-03-11 16:00", "yearly", 1, "2027-03-10 16:00") == ["Wed 2028-03-08 16:00"]


def test_a_date_that_ends_on_another_day_does_so_again() -> None:
    ((start, end),) = propose((at("2027-03-05 14:00"), at("2027-03-06 12:00")), "monthly", 1, at("2027-03-07 00:00"), BERLIN)  # fmt: skip
    assert (end.date() - start.date()).days == 1
    assert end.hour == 12


@pytest.mark.parametrize(("cadence", "number"), [("irregular", 1), ("once", 1), ("monthly", 0), ("monthly", MOST + 1)])
def test_what_has_no_rhythm_or_no_end_is_refused(cadence: str, number: int) -> None:
    with pytest.raises(ValueError, match=r"rhythm|not 1"):
        propose((at("2027-03-05 14:00"), at("2027-03-05 15:00")), cadence, number, at("2027-03-07 00:00"), BERLIN)


@given(DAYS, st.sampled_from(sorted(STEPS)), st.integers(1, MOST))
def test_proposals_keep_weekday_and_time_and_rise(day: datetime.date, cadence: str, number: int) -> None:
    start = datetime.datetime.combine(day, datetime.time(16), BERLIN)
    spans = propose((start, start + datetime.timedelta(hours=1)), cadence, number, start, BERLIN)
    assert len(spans) == number
    months = [(span[0].year * 12 + span[0].month) - (day.year * 12 + day.month) for span in spans]
    assert months == [STEPS[cadence] * step for step in range(1, number + 1)]
    assert {(span[0].weekday(), span[0].hour) for span in spans} == {(day.weekday(), 16)}
