"""Tags that show events on any page: the next dates, the dates of one series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone

from core.output.languages import in_this_language
from core.visibility import public_pages
from events.answers.known import KnownDate, KnownSeries, known_series
from events.listing import Series, all_series, coming_of
from events.models import EventIndexPage, EventSeriesPage

register = template.Library()

WAITING = 6
"""How many series without a date are named; those that never had one come first."""


@register.inclusion_tag("events/includes/next_dates.html", takes_context=True)
def next_dates(
    context: template.Context,
    limit: int = 3,
    network: Any = None,
    heading_id: str = "termine",
    outline: Any = None,
) -> dict[str, Any]:
    """Show the next `limit` dates and the series that have none yet; only those of `network` if it is given.

    Show nothing when there is neither. `outline` is the level at which headings of a body begin, if not 2.
    """
    now, request = timezone.now(), context.get("request")
    pages = EventSeriesPage.public(now)
    if network is not None:
        pages = [page for page in pages if any(one.pk == network.pk for one in page.chosen("organisers"))]
    series = all_series(pages, now, request)
    waiting = [one for one in series if one.schedule.waits]
    overview = (
        in_this_language(public_pages(EventIndexPage.objects.all(), now)).order_by("path").first() if series else None
    )
    return {
        "entries": coming_of(series)[:limit],
        "waiting": sorted(waiting, key=lambda one: one.last is not None)[:WAITING],
        "overview": (overview.get_url(request) or "") if overview else "",
        "network": network,
        "heading_id": heading_id,
        "outline": outline,
    }


@dataclass(frozen=True, slots=True)
class Hosted:
    """What a partner hosts: the next dates, and the series that expect one."""

    dates: tuple[KnownDate, ...]
    waiting: tuple[KnownSeries, ...]


@register.simple_tag
def hosted_by(partner: Any, limit: int = 3) -> Hosted:
    """Return what a partner hosts, from memory: it costs no query."""
    now = timezone.now()
    series = [one for one in known_series(now) if partner.pk in one.hosts]
    dates = sorted((date for one in series for date in one.coming(now)), key=lambda date: date.start)
    waiting = tuple(one for one in series if one.goes_on and not one.coming(now))
    return Hosted(tuple(dates[:limit]), waiting[:WAITING])


@register.simple_tag(takes_context=True)
def series_of(context: template.Context, page_id: int | None) -> Series | None:
    """Return the series of a page with its dates; None if there is no such series that anybody may see."""
    now = timezone.now()
    pages = public_pages(EventSeriesPage.objects.filter(pk=page_id).select_related("locale"), now) if page_id else ()
    return next((Series.of(page, now, context.get("request")) for page in pages), None)
