"""What takes place when: a question for a day, a month or the next date is answered by the dates of then, else the nearest."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.declared.answers import Action, Card, Line, Recognised
from core.declared.first_pages import first_page
from core.declared.rules import AskedQuestion, AskedWord, Mark, load_rules, marks, plain_words, unmarked
from events.answers.known import KnownDate, KnownSeries, known_series, narrowed
from events.answers.when import When, names_days, when_of
from events.models import EventIndexPage
from events.schedule import NONE_NEXT, NONE_YET

RULES = load_rules(Path(__file__).parent.parent / "data" / "answers.toml")

SHOWN_DATES = 3
"""Dates named on one card; the overview shows the others."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The days that a question names, if any, and the words that say which series are meant."""

    when: When | None
    words: tuple[AskedWord, ...]


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """Answers with dates of events."""

    name: str = "event"
    rank: int = 10

    def recognise(self, question: AskedQuestion) -> Recognised | None:
        """Return days and series, if every word that counts is one of time, of events, or of a series."""
        found = marks(question, RULES)
        means = {mark.means for mark in found}
        days = [mark for mark in found if names_days(mark)]
        when = when_of(days, question.today)
        if days and when is None:
            return None
        words = (*_kinds(question, found), *unmarked(question, found))
        if not (_asks_for_dates(means, bool(words), when) or _is_title(question)):
            return None
        if words and not narrowed(known_series(question.now, question.locale), words):
            return None
        return Recognised(Wanted(when, words))

    def card(self, question: AskedQuestion, value: Any) -> Card | None:
        """Return the card of what takes place on the days, else next."""
        wanted: Wanted = value
        series = known_series(question.now, question.locale)
        if wanted.words:
            series = narrowed(series, wanted.words)
        if wanted.when is None:
            return _next(series, question.now)
        return _on_days(series, wanted.when, question.now)


def _kinds(question: AskedQuestion, found: Sequence[Mark]) -> list[AskedWord]:
    """Return the words that name a kind of event, spelt as they should be."""
    words = [(question.words[place], mark.groups) for mark in found if mark.means == "kind" for place in mark.places]
    return [replace(word, plain=groups["meant"]) if groups else word for word, groups in words]


def _asks_for_dates(means: set[str], names_series: bool, when: When | None) -> bool:
    """Return whether a question is one for dates: a word of events, days (a year alone are none), or the next of a series."""
    if means & {"event", "kind"} or (when is not None and when.unit != "year"):
        return True
    return "next" in means and names_series


def _is_title(question: AskedQuestion) -> bool:
    words = tuple(word.plain for word in question.words)
    return any(plain_words(one.title) == words for one in known_series(question.now, question.locale))


# Cards ---------------------------------------------------------------------------------------


def _next(series: Sequence[KnownSeries], now: datetime.datetime) -> Card | None:
    coming = sorted((date for one in series for date in one.coming(now)), key=lambda date: date.start)
    # A cancelled one is told of only where there is no other.
    dates = [date for date in coming if date.takes_place] or coming
    if dates:
        return _card(_("Nächste Termine") if len(dates) > 1 else _("Nächster Termin"), dates, now)
    if not series:
        return None
    one = series[0]
    last = next((date for date in reversed(one.dates) if date.takes_place), None)
    missing = (NONE_NEXT if last else NONE_YET) if one.goes_on or last is None else ""
    lines = (Line(_("Zuletzt"), when_text(last), last.url),) if last else ()
    return Card(
        "event",
        _("Nächster Termin"),
        one.title,
        Action(_("Zur Veranstaltung"), one.url),
        one.url,
        str(missing),
        lines,
        icon="calendar",
    )


def _on_days(series: Sequence[KnownSeries], when: When, now: datetime.datetime) -> Card | None:
    dates = sorted(
        (date for one in series for date in one.dates if date.takes_place or date.end > now),
        key=lambda date: date.start,
    )
    there = [date for date in dates if date.first_day <= when.last and date.last_day >= when.first]
    if there:
        return _card(_("Termine: %(days)s") % {"days": days_text(when)}, there, now, when)
    if not dates:
        return None
    taking_place = [date for date in dates if date.takes_place] or dates
    nearest = min(taking_place, key=lambda date: (when.distance(date.first_day), -date.start.timestamp()))
    note = _("Für diese Zeit ist kein Termin eingetragen (%(days)s). Am nächsten liegt dieser.") % {
        "days": days_text(when)
    }
    return _card(_("Termine: %(days)s") % {"days": days_text(when)}, [nearest], now, note=note)


def _card(
    heading: str, dates: Sequence[KnownDate], now: datetime.datetime, when: When | None = None, note: str = ""
) -> Card:
    page = first_page(EventIndexPage, now)
    overview = page.url if page else ""
    count = len(dates)
    if count == 1 or not overview:
        date = dates[0]
        return Card(
            "event",
            heading,
            date.title,
            Action(_("Zum Termin"), date.url),
            date.url,
            lines=(Line(_("Wann"), when_text(date)), *([Line(_("Wo"), date.place)] if date.place else [])),
            note=note,
            icon="calendar",
        )
    shows_month = when is not None and when.unit in {"day", "week", "month"}
    address = f"{overview}monat/{when.first:%Y-%m}/" if when is not None and shows_month else overview
    return Card(
        "event",
        heading,
        ngettext("%(count)s Termin", "%(count)s Termine", count) % {"count": count},
        Action(_("Im Kalender ansehen") if shows_month else _("Alle Termine"), address),
        lines=tuple(Line(when_text(date), date.title, date.url) for date in dates[:SHOWN_DATES]),
        note=note,
        icon="calendar",
    )


def when_text(date: KnownDate) -> str:
    """Return when a date begins, in words, and what has become of it."""
    text = _("%(day)s Uhr") % {"day": formats.date_format(timezone.localtime(date.start), _("D, j. N Y, H:i"))}
    return f"{text} ({date.word})" if date.word else text


def days_text(when: When) -> str:
    """Return days in words."""
    if when.unit == "year":
        return str(when.first.year)
    if when.unit == "month":
        return formats.date_format(when.first, "F Y")
    first, last = (formats.date_format(day, "DATE_FORMAT") for day in (when.first, when.last))
    return first if when.is_day else _("%(first)s bis %(last)s") % {"first": first, "last": last}


def next_date_of(page: int, now: datetime.datetime) -> Line | None:
    """Return the next date to which a network invites, for its card."""
    dates = [
        date
        for one in known_series(now)
        if any(key == page for key, _slug in one.organisers)
        for date in one.coming(now)
        if date.takes_place
    ]
    if not dates:
        return None
    date = min(dates, key=lambda date: date.start)
    return Line(_("Nächster Termin"), f"{date.title}, {when_text(date)}", date.url)
