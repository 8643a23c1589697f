"""The event series of the sample: read from a data file, checked, written as an editor would.

Dates are relative to the week in which the sample is loaded, so that the demo always has upcoming and past dates. An
existing series is left alone, no matter who created it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Page

from content.stream import Maker, stream_data
from demo.data import FOLDER, SampleError, read_data
from directory.models import NetworkPage, PartnerPage
from events.models import EventDate, EventHost, EventIndexPage, EventSeriesPage, State
from vocabularies.models import Concept

DATA = FOLDER / "events" / "series.toml"
_TEXTS = ("title", "summary", "theme", "cadence", "format", "contact_role", "contact_email")


def load_series(home: Page, now: datetime.datetime | None = None, path: Path = DATA) -> int:
    """Create missing overview and series below the home page; return the number of pages.

    Raises SampleError when the data cannot be read, or mentions a concept that does not exist.
    """
    moment = now or timezone.now()
    data = read_data(path)
    monday = timezone.localdate(moment) - datetime.timedelta(days=timezone.localdate(moment).weekday())
    overview, created = _overview(home, data["overview"])
    taken = set(Page.objects.child_of(overview).values_list("slug", flat=True))
    for row in data["series"]:
        if row["slug"] in taken:
            continue
        try:
            with transaction.atomic():
                _add_series(overview, row, monday, moment)
        except (KeyError, ValueError, ValidationError) as error:
            raise SampleError(f"{path.name}: series {row.get('slug', '?')!r}: {error}") from error
        created += 1
    return created


def _overview(home: Page, data: Mapping[str, Any]) -> tuple[EventIndexPage, int]:
    found = EventIndexPage.objects.child_of(home).first()
    if found is not None:
        return found, 0
    page = EventIndexPage(**data, show_in_menus=True, live=False)
    home.refresh_from_db()
    home.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page, 1


def _add_series(
    overview: EventIndexPage, data: Mapping[str, Any], monday: datetime.date, now: datetime.datetime
) -> None:
    page = EventSeriesPage(slug=data["slug"], live=False, **{name: data.get(name, "") for name in _TEXTS})
    page.search_description = page.summary
    page.body = stream_data(f"series/{data['slug']}", data.get("body", ()), _MAKERS)
    for name in ("focus", "audience"):
        setattr(page, name, _concepts(name, data.get(name, ())))
    page.organisers.set(NetworkPage.objects.filter(number__in=data.get("organisers", ())))
    hosts = PartnerPage.objects.filter(slug__in=data.get("hosts", ())).order_by("title")
    page.hosts = [EventHost(partner=partner, sort_order=place) for place, partner in enumerate(hosts)]
    page.dates = [_date(data["slug"], row, monday, now) for row in data.get("dates", ())]
    announced = [date.announced_at for date in page.dates.all()]
    page.first_published_at = min([*announced, now - datetime.timedelta(weeks=30)])
    overview.add_child(instance=page)
    page.save_revision().publish()
    moves = [(number, row) for number, row in enumerate(data.get("dates", ())) if "moved_to" in row]
    if moves:
        # As an editor would, so that the row itself records its former time.
        page = EventSeriesPage.objects.get(pk=page.pk)
        dates = list(page.dates.all())
        for number, row in moves:
            later = datetime.timedelta(weeks=row["moved_to"] - row["weeks"])
            dates[number].start, dates[number].end = (
                timezone.make_aware(timezone.make_naive(moment) + later)
                for moment in (dates[number].start, dates[number].end)
            )
            dates[number].state = State.MOVED
        page.dates = dates
        page.save_revision().publish()
    changed = max([*announced, page.first_published_at])
    EventSeriesPage.objects.filter(pk=page.pk).update(last_published_at=changed)
    EventDate.objects.filter(page=page).update(changed_at=models.F("announced_at"))


def _concepts(vocabulary: str, slugs: Iterable[str]) -> list[Concept]:
    found = {concept.slug: concept for concept in Concept.objects.filter(vocabulary__slug=vocabulary)}
    return [found[slug] for slug in slugs]


def _date(slug: str, data: Mapping[str, Any], monday: datetime.date, now: datetime.datetime) -> EventDate:
    # Most dates keep their distance from today; what is over for good stands in the data by its day.
    fixed: datetime.date | None = data.get("day")
    day = fixed or monday + datetime.timedelta(weeks=data["weeks"], days=data["weekday"] - 1)

    def moment(clock: str) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(clock)))

    announced = (moment("09:00") if fixed else now) + datetime.timedelta(weeks=data["announced"])
    return EventDate(
        start=moment(data["start"]),
        end=moment(data["end"]),
        announced_at=announced,
        changed_at=announced,
        retrospective=stream_data(f"series/{slug}/{fixed or data['weeks']}", data.get("retrospective", ()), _MAKERS),
        **{
            name: data[name]
            for name in ("theme", "state", "place", "online_url", "registration_url", "registration_email", "note")
            if name in data
        },
    )


def _materials(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the block with those library entries that exist, or None if there are none."""
    pages = Page.objects.filter(slug__in=data["slugs"], live=True)
    entries = list(pages.values_list("pk", flat=True))
    return {"title": data["title"], "entries": entries} if entries else None


def _picture(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the block with the cover of a library entry, or None if there is none."""
    page = Page.objects.filter(slug=data["of"], live=True).first()
    cover = getattr(page.specific, "cover", None) if page is not None else None
    if cover is None:
        return None
    described = {"alt": cover.description, "decorative": False, "long_description": ""}
    return {"image": cover.pk, "caption": data["caption"], **described}


_MAKERS: dict[str, Maker] = {"materials": _materials, "picture": _picture}
