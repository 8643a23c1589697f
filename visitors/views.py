"""Report a barrier: the form, its outcome, and the answers to bad input."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.running.room import is_out_of_room
from visitors.barriers import keep
from visitors.form_pages import form_page, sent_on
from visitors.forms import BarrierReportForm
from visitors.sending.guarded import Guard, guarded

logger = logging.getLogger(__name__)


@guarded("barrier")
def report_barrier(request: HttpRequest, guard: Guard) -> HttpResponse:
    """Show the form, or store what was sent: 303 to the thanks, 400 with the form when something is missing.

    503 when the disk takes nothing; the form keeps what was written, so that nothing is lost.
    """
    if request.method != "POST":
        return _form(request, guard, BarrierReportForm(initial={"address": _came_from(request)}))
    form = BarrierReportForm(request.POST)
    if not form.is_valid() or guard.problem:
        return _form(request, guard, form, status=400)
    try:
        with transaction.atomic():
            keep(form.save(commit=False))
    except (DatabaseError, OSError) as error:
        if not is_out_of_room(error):
            raise
        logger.error("a report of a barrier cannot be stored: %s", error)
        return _form(request, guard, form, status=503)
    return sent_on("visitors:barrier_reported")


@never_cache
@require_safe
def barrier_reported(request: HttpRequest) -> HttpResponse:
    """Thank the reader for a report."""
    return render(request, "visitors/barrier_reported.html")


def _form(request: HttpRequest, guard: Guard, form: BarrierReportForm, status: int = 200) -> HttpResponse:
    return form_page(request, "visitors/report_barrier.html", {"form": form, "guard": guard}, status)


def _came_from(request: HttpRequest) -> str:
    """Return our page on which the reader followed the link; empty when the browser does not say."""
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if came_from.netloc != request.get_host():
        return ""
    return f"{came_from.path}?{came_from.query}"[:500] if came_from.query else came_from.path[:500]
