"""Which days a question names, as of a day: rules of the data file and the calendar, no database."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from core.declared.rules import marks, read_question
from events.answers.events import RULES
from events.answers.when import When, names_days, when_of

FRIDAY = "2026-11-27"


def days(text: str, today: str = FRIDAY) -> When | None:
    """Return the days that a text names on a day."""
    now = datetime.datetime.fromisoformat(f"{today}T12:00").replace(tzinfo=ZoneInfo("Europe/Berlin"))
    question = read_question(text, now, "de", lambda word: (True, False, False))
    assert question is not None
    return when_of([mark for mark in marks(question, RULES) if names_days(mark)], question.today)


@pytest.mark.parametrize(
    ("text", "today", "first", "last"),
    [
        ("24.12.2026", FRIDAY, "2026-12-24", "2026-12-24"),
        ("24. 12. 2026", FRIDAY, "2026-12-24", "2026-12-24"),
        ("24/12/2026", FRIDAY, "2026-12-24", "2026-12-24"),
        ("24.12.26", FRIDAY, "2026-12-24", "2026-12-24"),
        ("24. dez 2026", FRIDAY, "2026-12-24", "2026-12-24"),
        ("3 Mai", FRIDAY, "2027-05-03", "2027-05-03"),
        ("27.11.", FRIDAY, "2026-11-27", "2026-11-27"),
        ("26.11.", FRIDAY, "2027-11-26", "2027-11-26"),
        ("1. Januar", "2026-12-31", "2027-01-01", "2027-01-01"),
        ("31.12.", "2026-12-31", "2026-12-31", "2026-12-31"),
        ("29.2.", "2028-02-29", "2028-02-29", "2028-02-29"),
        ("29.2.", "2028-03-01", "2032-02-29", "2032-02-29"),
        ("29.02.2028", FRIDAY, "2028-02-29", "2028-02-29"),
        ("Februar 2028", FRIDAY, "2028-02-01", "2028-02-29"),
        ("Februar", FRIDAY, "2027-02-01", "2027-02-28"),
        ("im November", FRIDAY, "2026-11-01", "2026-11-30"),
        ("05/2025", FRIDAY, "2025-05-01", "2025-05-31"),
        ("Montag", FRIDAY, "2026-11-30", "2026-11-30"),
        ("Freitag", FRIDAY, "2026-11-27", "2026-11-27"),
        ("nächsten Freitag", FRIDAY, "2026-12-04", "2026-12-04"),
        ("nächsten Montag", FRIDAY, "2026-11-30", "2026-11-30"),
        ("Sonnabend", FRIDAY, "2026-11-28", "2026-11-28"),
        ("übermorgen", "2026-12-30", "2027-01-01", "2027-01-01"),
        ("diese Woche", "2026-12-31", "2026-12-28", "2027-01-03"),
        ("nächste Woche", "2026-12-31", "2027-01-04", "2027-01-10"),
        ("am Wochenende", "2026-11-29", "2026-11-28", "2026-11-29"),
        ("nächsten Monat", "2026-12-31", "2027-01-01", "2027-01-31"),
        ("dieses Jahr", FRIDAY, "2026-01-01", "2026-12-31"),
        ("2025", FRIDAY, "2025-01-01", "2025-12-31"),
        # The narrowest of several.
        ("Donnerstag 17. Dezember 2026", FRIDAY, "2026-12-17", "2026-12-17"),
    ],
)
def test_days_are_read(text: str, today: str, first: str, last: str) -> None:
    when = days(text, today)
    assert when is not None
    assert (when.first.isoformat(), when.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "30.2.", "31. April 2027", "29.2.2027", "32.1.2027", "17.13.2026", "978-3-497", "1.2.3.4", "0341 12.34.56", "Jan", "Sep", "Maikäfer",
        "Sonntagskind", "montags", "Klasse 3", "3. Klasse", "§ 4", "17.12.20266", "9.30 Uhr",
    ],
)  # fmt: skip
def test_other_numbers_and_words_name_no_days(text: str) -> None:
    assert days(text) is None


def test_a_day_lies_within_or_some_days_off() -> None:
    when = days("diese Woche")
    assert when is not None
    assert [when.distance(datetime.date(2026, 11, day)) for day in (20, 23, 29, 30)] == [3, 0, 0, 1]
