"""What lists, calendars and feeds show of series and their dates: plain values, computed once for a given moment."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Protocol

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.output.text import german_slug
from events.models.dates import EventDate
from events.schedule import Schedule

WHOLE_NETWORK = "alle"
"""Value of the filter `koopv` for series of the whole network; no network has this slug."""


class SeriesPage(Protocol):
    """What lists, calendars and feeds read from the page of a series."""

    title: str
    summary: str
    format: str
    contact_role: str
    contact_email: str
    last_published_at: datetime.datetime | None
    dates: Any

    @property
    def invites_all(self) -> bool:
        """Whether no network is chosen: then the whole network invites."""

    def get_format_display(self) -> str:
        """Return the label of the format."""

    def chosen(self, name: str) -> tuple[Any, ...]:
        """Return the concepts of `focus` or `audience`, or the public `organisers`."""

    def schedule(self, now: datetime.datetime, dates: Iterable[EventDate]) -> Schedule:
        """Return the dates as of `now`."""

    def get_url(self, request: HttpRequest | None) -> str | None:
        """Return the address relative to the site root."""

    def get_full_url(self, request: HttpRequest | None) -> str | None:
        """Return the address with host."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One date with its series; addresses relative to the site, and in full for use elsewhere."""

    series: Series
    date: EventDate
    over: bool

    @property
    def url(self) -> str:
        """Address of the date's page."""
        return f"{self.series.url}{self.date.key}/"

    @property
    def full_url(self) -> str:
        """The same with host."""
        return f"{self.series.full_url}{self.date.key}/"

    @property
    def title(self) -> str:
        """Title of the series and, if there is one, the theme of the date."""
        title = self.series.page.title
        return f"{title}: {self.date.theme}" if self.date.theme else title

    @property
    def day(self) -> datetime.date:
        """The local day on which it begins."""
        return timezone.localtime(self.date.start).date()

    @property
    def last_day(self) -> datetime.date:
        """The local day on which it ends; one that ends at midnight ends the day before."""
        return max(self.day, (timezone.localtime(self.date.end) - datetime.timedelta(seconds=1)).date())

    @property
    def modified_at(self) -> datetime.datetime:
        """When date or series were last changed."""
        moments = [self.date.changed_at, self.series.page.last_published_at]
        return max((moment for moment in moments if moment), default=self.date.start)

    @property
    def can_register(self) -> bool:
        """Whether to show how to register: not when the date is over, cancelled or fully booked."""
        has_way = bool(self.date.registration_url or self.date.registration_email)
        return has_way and not self.over and self.date.state not in ("cancelled", "booked-out")


@dataclass(frozen=True, slots=True)
class Series:
    """A series as of a moment."""

    page: SeriesPage
    schedule: Schedule
    url: str
    full_url: str
    entries: tuple[Entry, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def of(cls, page: SeriesPage, now: datetime.datetime, request: HttpRequest | None = None) -> Series:
        """Return a page's series as of `now`; `entries` are all its dates, earliest first."""
        rows = sorted(page.dates.all(), key=lambda date: (date.start, date.end))
        url, full_url = page.get_url(request) or "", page.get_full_url(request) or ""
        series = cls(page, page.schedule(now, rows), url, full_url)
        entries = tuple(Entry(series, row, row.end <= now) for row in rows)
        return cls(page, series.schedule, url, full_url, entries)

    @property
    def webcal(self) -> str:
        """Address under which calendar programs subscribe to the series."""
        return webcal(self.full_url)

    @property
    def coming(self) -> list[Entry]:
        """The dates that are not over, soonest first."""
        return [entry for entry in self.entries if not entry.over]

    @property
    def past(self) -> list[Entry]:
        """The dates that are over and took place, latest first."""
        return [entry for entry in reversed(self.entries) if entry.over and entry.date.takes_place]

    @property
    def next(self) -> Entry | None:
        """The next date."""
        return self._entry(self.schedule.next)

    @property
    def last(self) -> Entry | None:
        """The last date that took place."""
        return self._entry(self.schedule.last)

    def _entry(self, date: EventDate | None) -> Entry | None:
        return next((entry for entry in self.entries if entry.date is date), None)


def webcal(page_url: str) -> str:
    """Return the address of the calendar below a page's full address, with the scheme that calendar programs open."""
    return f"webcal:{page_url.partition(':')[2]}ical/" if page_url else ""


def all_series(pages: Iterable[SeriesPage], now: datetime.datetime, request: HttpRequest | None = None) -> list[Series]:
    """Return the series of pages whose dates and choices have been read."""
    return [Series.of(page, now, request) for page in pages]


def entries_of(series: Iterable[Series]) -> list[Entry]:
    """Return all dates of several series, earliest first."""
    entries = [entry for one in series for entry in one.entries]
    return sorted(entries, key=lambda entry: (entry.date.start, entry.date.end, entry.series.page.title))


def coming_of(series: Iterable[Series]) -> list[Entry]:
    """Return the dates of several series that are not over, soonest first."""
    return [entry for entry in entries_of(series) if not entry.over]


def past_of(series: Iterable[Series]) -> list[Entry]:
    """Return the dates of several series that are over and took place, latest first."""
    return [entry for entry in reversed(entries_of(series)) if entry.over and entry.date.takes_place]


def by_month(entries: Iterable[Entry]) -> list[tuple[datetime.date, list[Entry]]]:
    """Group sorted dates by month, each given as its first day."""
    return [(month, list(group)) for month, group in groupby(entries, key=lambda entry: entry.day.replace(day=1))]


# Filters ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter."""

    slug: str
    label: str | Promise
    selected: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with the values that occur."""

    name: str
    label: str | Promise
    options: tuple[Option, ...]

    @property
    def selected(self) -> Option | None:
        """The chosen value."""
        return next((option for option in self.options if option.selected), None)


Values = Callable[[SeriesPage], Mapping[str, Any]]


def _formats(page: SeriesPage) -> Mapping[str, Any]:
    return {page.format: page.get_format_display()}


def _organisers(page: SeriesPage) -> Mapping[str, Any]:
    networks = {network.slug: network.title for network in page.chosen("organisers")}
    return networks or (dict.fromkeys([WHOLE_NETWORK], _("gesamtes Netzwerk")) if page.invites_all else {})


def _audience(page: SeriesPage) -> Mapping[str, Any]:
    return {concept.slug: concept.label_for() for concept in page.chosen("audience")}


def _focus(page: SeriesPage) -> Mapping[str, Any]:
    return {concept.slug: concept.label_for() for concept in page.chosen("focus")}


FILTERS: tuple[tuple[str, str | Promise, Values], ...] = (
    ("format", _("Format"), _formats),
    ("koopv", _("Veranstaltet von"), _organisers),
    ("audience", _("Zielgruppe"), _audience),
    ("focus", _("Förderschwerpunkt"), _focus),
)
"""Parameter, label, and the values that a series has."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The series that match a request, the filters to show, and the invalid parameters."""

    series: tuple[Series, ...]
    choices: tuple[Choice, ...]
    refused: tuple[str, ...]
    query: str
    """The valid parameters as a query string without question mark; empty when none is set."""


def narrow(series: Sequence[Series], parameters: QueryDict) -> Filtered:
    """Return the series that match the parameters; a value that no series has goes to `refused` and filters nothing."""
    kept = list(series)
    choices: list[Choice] = []
    refused: list[str] = []
    query = QueryDict(mutable=True)
    for name, label, values in FILTERS:
        labels: dict[str, Any] = {}
        for one in series:
            labels.update(values(one.page))
        wanted = parameters.get(name, "")
        if wanted and wanted not in labels:
            refused.append(wanted[:60])
            wanted = ""
        if wanted:
            query[name] = wanted
            kept = [one for one in kept if wanted in values(one.page)]
        ordered = sorted(labels.items(), key=lambda pair: (pair[0] != WHOLE_NETWORK, german_slug(str(pair[1]))))
        choices.append(Choice(name, label, tuple(Option(slug, text, slug == wanted) for slug, text in ordered)))
    refused += [name[:60] for name in parameters if name not in {row[0] for row in FILTERS}]
    return Filtered(tuple(kept), tuple(choices), tuple(refused), query.urlencode())
