"""Report a barrier: the form, its outcome, and the answers to bad input."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from visitors.barriers import is_flooded, keep
from visitors.forms import BarrierReportForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_barrier(request: HttpRequest) -> HttpResponse:
    """Show the form, or store what was sent: 303 to the thanks, 400 with the form when something is missing.

    429 when too many reports have arrived; the form keeps what was written, so that nothing is lost.
    """
    if request.method != "POST":
        return _form(request, BarrierReportForm(initial={"address": _came_from(request)}))
    form = BarrierReportForm(request.POST)
    if form.is_by_a_program:
        return _thanks()
    if not form.is_valid():
        return _form(request, form, status=400)
    if is_flooded(timezone.now()):
        return _form(request, form, status=429)
    keep(form.save(commit=False))
    return _thanks()


@require_safe
def barrier_reported(request: HttpRequest) -> HttpResponse:
    """Thank the reader for a report."""
    return render(request, "visitors/barrier_reported.html")


def _thanks() -> HttpResponse:
    response = redirect("visitors:barrier_reported")
    response.status_code = 303
    return response


def _form(request: HttpRequest, form: BarrierReportForm, status: int = 200) -> HttpResponse:
    response = render(request, "visitors/report_barrier.html", {"form": form, "flooded": status == 429}, status=status)
    if status == 429:
        response["Retry-After"] = "3600"
    return response


def _came_from(request: HttpRequest) -> str:
    """Return our page on which the reader followed the link; empty when the browser does not say."""
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if came_from.netloc != request.get_host():
        return ""
    return f"{came_from.path}?{came_from.query}"[:500] if came_from.query else came_from.path[:500]
