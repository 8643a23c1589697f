"""The editors' report on series that wait for a date."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.permissions import page_permission_policy

from core.declared.admin import Report
from events.models import Cadence, EventDate, EventSeriesPage, State


def waiting(now: datetime.datetime) -> QuerySet[EventSeriesPage]:
    """Return the published series for which `Schedule.waits` as of `now`, with `last_start`; longest wait first."""
    dates = EventDate.objects.filter(page=OuterRef("pk")).exclude(state=State.CANCELLED)
    last = dates.filter(end__lte=now).order_by("-start").values("start")[:1]
    pages: QuerySet[EventSeriesPage] = EventSeriesPage.objects.filter(~Exists(dates.filter(end__gt=now)), live=True)
    pages = pages.annotate(last_start=Subquery(last))
    over = pages.filter(last_start__isnull=False)
    ended = over.filter(ended=True) | over.filter(cadence=Cadence.ONCE)
    return pages.exclude(pk__in=ended.values("pk")).order_by(F("last_start").asc(nulls_first=True), "title")


class SeriesWithoutDateReport(Report):
    """Series whose page says "Datum steht aus"."""

    name = "reihen-ohne-termin"
    page_title = _("Reihen ohne nächsten Termin")
    header_icon = "calendar-alt"
    model = EventSeriesPage
    permission_policy = page_permission_policy
    any_permission_required = ["add", "change", "publish"]
    list_export = ["title", "get_cadence_display", "last_start", "contact_email"]
    export_headings = {
        "title": _("Reihe"),
        "get_cadence_display": _("Rhythmus"),
        "last_start": _("zuletzt"),
        "contact_email": _("E-Mail"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        """Return the series (linked to its form), its rhythm, when it last took place and whom to ask."""
        return [
            TitleColumn("title", label=_("Reihe"), url_name="wagtailadmin_pages:edit"),
            Column("get_cadence_display", label=_("Rhythmus")),
            DateColumn("last_start", label=_("zuletzt")),
            Column("contact_email", label=_("E-Mail")),
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say that there is nothing to do."""
        return _t("Jede Reihe hat einen nächsten Termin.")

    def get_queryset(self) -> QuerySet[Any]:
        """Return the series that wait for a date and that this editor may change."""
        pages = waiting(timezone.now())
        return pages.filter(pk__in=self.permission_policy.explorable_instances(self.request.user).values("pk"))
