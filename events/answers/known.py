"""The series that visitors may see, as values in memory: what a question is compared with, and what a card shows of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from core.declared.rules import AskedWord, plain_words
from core.output.nearness import nearest
from core.versions import Versioned
from core.visibility import has_ended, public_titles
from directory.models import NetworkPage
from events.listing import Series
from events.models import EventSeriesPage
from vocabularies.models import Concept, ConceptLabel

BEGUN = 5
"""Letters that two forms of a word share: Stammtisch, Stammtische."""

LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
"""As of then no series has expired: what has by now is left out on reading."""


@dataclass(frozen=True, slots=True)
class KnownDate:
    """One date: its title, address, days in local time and whether it takes place; `word` is its state."""

    title: str
    url: str
    place: str
    start: datetime.datetime
    end: datetime.datetime
    first_day: datetime.date
    last_day: datetime.date
    takes_place: bool
    word: str


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series with its dates, earliest first; `goes_on` says that further ones are expected."""

    title: str
    url: str
    expire_at: datetime.datetime | None
    locale: str
    goes_on: bool
    dates: tuple[KnownDate, ...]
    words: frozenset[str]
    """The words of title, themes, places, format, Förderschwerpunkte and audiences."""

    organisers: tuple[tuple[int, str], ...]
    """Key and slug of the networks that invite."""

    hosts: frozenset[int]
    """Keys of the partners that host."""

    def coming(self, now: datetime.datetime) -> list[KnownDate]:
        """Return the dates that are not over, soonest first."""
        return [date for date in self.dates if date.end > now]


def known_series(now: datetime.datetime, locale: str | None = None) -> list[KnownSeries]:
    """Return the series that visitors may see at a moment, of one locale or all."""
    return [
        one for one in _kept.get() if not has_ended(one.expire_at, now) and (locale is None or one.locale == locale)
    ]


def narrowed(series: Iterable[KnownSeries], wanted: Iterable[AskedWord]) -> list[KnownSeries]:
    """Return the series that all words name, misspelt ones included."""
    all_words = {one: one.words | _names_of_organisers(one) for one in series}
    spelt = frozenset().union(*all_words.values())
    left = list(all_words)
    for word in wanted:
        plain = word.plain
        if not word.is_known and plain not in spelt:
            plain = nearest(plain, spelt) or plain
        left = [one for one in left if _has(all_words[one], plain)]
    return left


def _has(words: frozenset[str], wanted: str) -> bool:
    if wanted in words:
        return True
    beginning = wanted[: max(BEGUN, len(wanted) - 2)]
    return len(wanted) >= BEGUN and any(
        word.startswith(beginning) and abs(len(word) - len(wanted)) <= 2 for word in words
    )


def _names_of_organisers(series: KnownSeries) -> frozenset[str]:
    """Return the words of the titles of the networks that visitors may see now."""
    if not series.organisers:
        return frozenset()
    titles = dict(public_titles(NetworkPage, series.locale))
    return frozenset(word for _key, slug in series.organisers for word in plain_words(titles.get(slug, "")))


def _read() -> tuple[KnownSeries, ...]:
    return tuple(_of(page) for page in EventSeriesPage.public(LONG_AGO, everywhere=True))


def _of(page: EventSeriesPage) -> KnownSeries:
    series = Series.of(page, timezone.now())
    dates = tuple(
        KnownDate(
            entry.title,
            entry.url,
            entry.date.place,
            entry.date.start,
            entry.date.end,
            entry.day,
            entry.last_day,
            entry.date.takes_place,
            entry.date.word,
        )
        for entry in series.entries
    )
    themes = [entry.date.theme for entry in series.entries]
    labels = [
        concept.label_for(page.locale.language_code) for name in ("focus", "audience") for concept in page.chosen(name)
    ]
    texts = [page.title, page.theme, *themes, *(date.place for date in dates), *labels, str(page.get_format_display())]
    return KnownSeries(
        page.title,
        series.url,
        page.expire_at,
        page.locale.language_code,
        page.goes_on,
        dates,
        frozenset(word for text in texts for word in plain_words(text)),
        tuple((network.pk, network.slug) for network in page.chosen("organisers")),
        frozenset(partner.pk for partner in page.chosen("hosts")),
    )


_kept: Versioned[tuple[KnownSeries, ...]] = Versioned((Page, PageViewRestriction, Site, Concept, ConceptLabel), _read)
