"""The overview of all events: list, month, archive, feed and calendar, each at an address below the page."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import path as route
from wagtail.fields import RichTextField

from content.overview import OverviewPage
from content.routed import RoutedPage
from events import calendars, feeds, month
from events.listing import Filtered, all_series, by_month, coming_of, entries_of, narrow, past_of, webcal
from events.models.series import EventSeriesPage


class EventIndexPage(RoutedPage, OverviewPage):
    """The overview: series live below it; readers see what comes next."""

    sought_as = "Veranstaltungen Kalender Fortbildungen Treffen"

    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze: Was findet hier statt?"))

    template = "events/event_index_page.html"

    class Meta:
        verbose_name = _("Terminübersicht")
        verbose_name_plural = _("Terminübersichten")

    def _filtered(self, request: HttpRequest, now: datetime.datetime) -> Filtered:
        """Return the series of the site that match the request's filters."""
        return narrow(all_series(EventSeriesPage.public(now), now, request), request.GET)

    def _answer(self, request: HttpRequest, template: str, filtered: Filtered, **values: Any) -> HttpResponse:
        """Show a view; invalid parameters give an error status along with the content."""
        context = {
            **self.get_context(request),
            "filtered": filtered,
            "own_url": self.get_url(request) or "/",
            "webcal": webcal(self.get_full_url(request) or ""),
            **values,
        }
        return TemplateResponse(request, template, context, status=400 if filtered.refused else 200)

    @route("", name="list")
    def list_view(self, request: HttpRequest) -> HttpResponse:
        """List the upcoming dates and the series."""
        now = timezone.now()
        filtered = self._filtered(request, now)
        return self._answer(
            request, str(self.template), filtered, view_name="list", months=by_month(coming_of(filtered.series)),
        )  # fmt: skip

    @route("monat/", name="this_month")
    def this_month(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the current month."""
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(f"{self.get_url(request)}monat/{timezone.localdate():%Y-%m}/{query}")

    @route("monat/<slug:name>/", name="month")
    def month_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Show a month as a table."""
        now = timezone.now()
        filtered = self._filtered(request, now)
        entries = [entry for entry in entries_of(filtered.series) if entry.date.takes_place or not entry.over]
        try:
            shown = month.month_of(month.parse(name), entries, timezone.localtime(now).date())
        except (ValueError, OverflowError) as error:
            raise Http404("no such month") from error
        return self._answer(request, "events/month.html", filtered, view_name="month", month=shown)

    @route("archiv/", name="archive")
    def archive(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the latest year of the archive; show it empty when nothing is over yet."""
        now = timezone.now()
        filtered = self._filtered(request, now)
        return self._archive(request, filtered, None)

    @route("archiv/<int:year>/", name="archive_year")
    def archive_year(self, request: HttpRequest, year: int) -> HttpResponse:
        """Show what took place in a year."""
        return self._archive(request, self._filtered(request, timezone.now()), year)

    def _archive(self, request: HttpRequest, filtered: Filtered, year: int | None) -> HttpResponse:
        past = past_of(filtered.series)
        years = sorted({entry.day.year for entry in past}, reverse=True)
        if year is not None and year not in years:
            raise Http404("nothing took place in that year")
        shown = year or (years[0] if years else None)
        entries = [entry for entry in past if entry.day.year == shown]
        return self._answer(
            request, "events/archive.html", filtered, view_name="archive", years=years, year=shown,
            months=by_month(entries),
        )  # fmt: skip

    @route("feed/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Answer with the upcoming dates as an Atom feed, most recently announced or changed first."""
        now = timezone.now()
        filtered = self._filtered(request, now)
        own = request.build_absolute_uri(self.get_url(request) or "/")
        return feeds.response(self, own, filtered.query, coming_of(filtered.series))

    @route("ical/", name="calendar")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """Answer with all dates as iCalendar."""
        now = timezone.now()
        return calendars.response(self.title, entries_of(self._filtered(request, now).series), self.slug)
