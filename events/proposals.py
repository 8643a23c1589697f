"""Propose the next dates of a series to editors; those they choose go into the draft, never on the site.

This module writes only the draft; publishing is left to the editor.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from core.editing.date_fields import DateTimeField
from events.models import Cadence, EventDate, EventSeriesPage, State
from events.recurrence import MOST, STEPS, Span, propose

KEPT = ("place", "online_url", "registration_url", "registration_email")
"""What a proposed date copies from the last one."""


class ProposalForm(forms.Form):
    """Start date, rhythm and number of proposals."""

    start = DateTimeField(label=_("Ausgehend vom Termin, Beginn"))
    end = DateTimeField(label=_("Ende"))
    cadence = forms.ChoiceField(
        label=_("Rhythmus"), choices=[(value, label) for value, label in Cadence.choices if value in STEPS]
    )
    number = forms.IntegerField(label=_("Anzahl"), min_value=1, max_value=MOST, initial=2)

    def clean(self) -> dict[str, Any]:
        """Check that the times are in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("Das Ende muss nach dem Beginn liegen."))
        return cleaned

    def proposals(self, now: datetime.datetime, taken: set[datetime.datetime]) -> list[Span]:
        """Return the proposed dates of a valid form, without those that the series already has."""
        data = self.cleaned_data
        zone = ZoneInfo(settings.TIME_ZONE)
        spans = propose((data["start"], data["end"]), data["cadence"], data["number"], now, zone)
        return [span for span in spans if span[0] not in taken]


def button(page: Page, user: Any) -> Button | None:
    """Return the button from a series to the proposals; None for other pages and users who may not edit."""
    if not isinstance(page.specific, EventSeriesPage) or not page.permissions_for_user(user).can_edit():
        return None
    address = reverse("event_proposals", args=[page.pk])
    return Button(_("Termine vorschlagen"), url=address, icon_name="calendar-alt", priority=34)


def proposals(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the proposals; chosen ones go into the draft, which then opens for review and publishing."""
    page = get_object_or_404(EventSeriesPage, pk=page_id)
    permissions = page.permissions_for_user(request.user)
    if not permissions.can_edit() or permissions.page_locked():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    rows = sorted(draft.dates.all(), key=lambda row: row.start)
    form = ProposalForm(request.POST or None, initial=_initial(draft, rows))
    spans: list[Span] = []
    if form.is_valid():
        spans = form.proposals(timezone.now(), {row.start for row in rows})
        if "take" in request.POST:
            chosen = [span for span in spans if _name(span) in request.POST.getlist("chosen")]
            if chosen:
                return _take(request, draft, rows, chosen)
            messages.error(request, _t("Bitte kreuzen Sie mindestens einen Vorschlag an."))
    shown = [(_name(span), _words(span)) for span in spans]
    context = {"page": page, "form": form, "spans": shown, "none": form.is_valid() and not spans}
    return render(request, "events/admin/proposals.html", context)


def _initial(draft: EventSeriesPage, rows: list[EventDate]) -> dict[str, Any]:
    initial: dict[str, Any] = {"cadence": draft.cadence if draft.cadence in STEPS else Cadence.HALF_YEARLY}
    dates = [row for row in rows if row.takes_place] or rows
    if dates:
        initial |= {"start": timezone.localtime(dates[-1].start), "end": timezone.localtime(dates[-1].end)}
    return initial


def _take(request: HttpRequest, draft: EventSeriesPage, rows: list[EventDate], chosen: list[Span]) -> HttpResponse:
    """Add the chosen dates to the draft."""
    last = rows[-1] if rows else None
    kept = {name: getattr(last, name) for name in KEPT} if last is not None else {}
    added = [EventDate(start=start, end=end, state=State.PLANNED, **kept) for start, end in chosen]
    draft.dates = [*rows, *added]
    # Anything else the draft lacks does not matter here; publishing asks for it.
    draft.save_revision(user=request.user, log_action=True, clean=False)
    messages.success(
        request, _t("Die Termine stehen im Entwurf. Bitte Ort und Thema durchsehen und dann veröffentlichen.")
    )
    return redirect("wagtailadmin_pages:edit", draft.pk)


def _name(span: Span) -> str:
    return span[0].isoformat()


def _words(span: Span) -> str:
    start, end = span
    first = formats.date_format(start, "l, j. F Y, H:i")
    last = formats.date_format(end, "H:i" if start.date() == end.date() else "l, j. F Y, H:i")
    return _t("%(start)s bis %(end)s Uhr") % {"start": first, "end": last}
