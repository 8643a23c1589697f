"""The series of the sample: read from a data file, checked, written as an editor would.

Dates count from the week in which the sample is loaded, so that the demo has something to come and something that is
over on any day. A series that is there is left alone, whoever made it.
"""

from __future__ import annotations

import datetime
import json
import tomllib
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Page

from events.models import EventDate, EventIndexPage, EventSeriesPage, State

DATA = Path(__file__).parent / "data" / "events" / "series.toml"
_NAMESPACE = uuid.UUID("0e1f5c1e-8b1c-4d0e-9a53-1f5d7f2a6c11")
_TEXTS = ("title", "summary", "theme", "cadence", "format", "contact_role", "contact_email")


class EventSampleError(Exception):
    """The data cannot be used; the message names series and reason in one line."""


def load_series(home: Page, now: datetime.datetime | None = None, path: Path = DATA) -> int:
    """Create overview and series below the home page where they are missing; return how many pages were made.

    Raises EventSampleError when the data cannot be read, or mentions a concept that does not exist.
    """
    moment = now or timezone.now()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EventSampleError(f"{path.name}: cannot be read as TOML: {error}") from error
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
            raise EventSampleError(f"{path.name}: series {row.get('slug', '?')!r}: {error}") from error
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
    page.body = _stream(data["slug"], data.get("body", ()))
    for name in ("focus", "audience"):
        setattr(page, name, _concepts(name, data.get(name, ())))
    networks: Any = EventSeriesPage._meta.get_field("organisers").related_model
    page.organisers.set(networks.objects.filter(number__in=data.get("organisers", ())))
    page.dates = [_date(data["slug"], row, monday, now) for row in data.get("dates", ())]
    announced = [date.announced_at for date in page.dates.all()]
    page.first_published_at = min([*announced, now - datetime.timedelta(weeks=30)])
    overview.add_child(instance=page)
    page.save_revision().publish()
    moves = [(number, row) for number, row in enumerate(data.get("dates", ())) if "moved_to" in row]
    if moves:
        # As an editor does it, so that the row itself notes where it was before.
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


def _concepts(vocabulary: str, slugs: Iterable[str]) -> list[Any]:
    concepts: Any = EventSeriesPage._meta.get_field(vocabulary).related_model
    found = {concept.slug: concept for concept in concepts.objects.filter(vocabulary__slug=vocabulary)}
    return [found[slug] for slug in slugs]


def _date(slug: str, data: Mapping[str, Any], monday: datetime.date, now: datetime.datetime) -> EventDate:
    def moment(weeks: int, clock: str) -> datetime.datetime:
        day = monday + datetime.timedelta(weeks=weeks, days=data["weekday"] - 1)
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(clock)))

    announced = now + datetime.timedelta(weeks=data["announced"])
    return EventDate(
        start=moment(data["weeks"], data["start"]),
        end=moment(data["weeks"], data["end"]),
        announced_at=announced,
        changed_at=announced,
        retrospective=_stream(f"{slug}/{data['weeks']}", data.get("retrospective", ())),
        **{
            name: data[name]
            for name in ("theme", "state", "place", "online_url", "registration_url", "registration_email", "note")
            if name in data
        },
    )


def _stream(owner: str, blocks: Iterable[Mapping[str, Any]]) -> str:
    """Return a StreamField's JSON; entries of the library are named by slug, those that are not there are left out."""
    rows = []
    for number, block in enumerate(blocks):
        value: Any = {key: part for key, part in block.items() if key != "type"}
        if block["type"] == "text":
            value = value["html"]
        elif block["type"] == "materials":
            pages = Page.objects.filter(slug__in=value["slugs"], live=True)
            value = {"title": value["title"], "entries": list(pages.values_list("pk", flat=True))}
            if not value["entries"]:
                continue
        elif block["type"] == "picture":
            page = Page.objects.filter(slug=value["of"], live=True).first()
            entry: Any = page.specific if page is not None else None
            if getattr(entry, "cover_id", None) is None:
                continue
            described = {"alt": entry.cover.description, "decorative": False, "long_description": ""}
            value = {"image": entry.cover_id, "caption": value["caption"], **described}
        rows.append({"type": block["type"], "value": value, "id": str(uuid.uuid5(_NAMESPACE, f"{owner}/{number}"))})
    return json.dumps(rows, ensure_ascii=False)
