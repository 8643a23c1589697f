"""Editors' views that apps derive from: reports, with addresses and a menu item for those who may open them; records to read."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import InspectView
from wagtail.admin.views.reports import ReportView


class Report(ReportView):
    """A list under "Berichte", registered in the app's `wagtail_hooks`; `name` is its path and address name."""

    name: ClassVar[str]
    is_searchable = False

    @property
    def index_url_name(self) -> str:
        """Name of the report's address."""
        return self.name

    @property
    def index_results_url_name(self) -> str:
        """Name of the address that returns only its list."""
        return f"{self.name}_results"

    @classmethod
    def register(cls, order: int) -> None:
        """Add the report to the admin, in its place among the others."""
        hooks.register("register_admin_urls", cls._addresses)
        hooks.register("register_reports_menu_item", lambda: ReportMenuItem(cls, order))

    @classmethod
    def _addresses(cls) -> list[URLPattern]:
        return [
            path(f"reports/{cls.name}/", cls.as_view(), name=cls.name),
            path(f"reports/{cls.name}/results/", cls.as_view(results_only=True), name=f"{cls.name}_results"),
        ]


class DayColumn(Column):
    """A day or moment that may lie in the future: Wagtail's DateColumn says how long ago, and calls every later one "just now"."""

    def get_value(self, instance: Any) -> str:
        """Return the day in words."""
        value = super().get_value(instance)
        if isinstance(value, datetime.datetime):
            return str(date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT"))
        return str(date_format(value, "SHORT_DATE_FORMAT")) if value else ""


class LocalInspectView(InspectView):
    """Wagtail's view of one record, with moments in local time: its template would show them in UTC."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return what is shown of a field."""
        value = super().get_field_display_value(field_name, field)
        return timezone.localtime(value) if isinstance(value, datetime.datetime) and timezone.is_aware(value) else value


def retry_view(
    report: type[Report], again: Callable[[], int], sentence: Callable[[int], str]
) -> Callable[..., HttpResponse]:
    """Return the view behind the button of a report of what failed: `again` makes it due and returns how much that was."""

    @require_POST
    def retry(request: HttpRequest) -> HttpResponse:
        """Make everything that failed due now; the worker picks it up within seconds."""
        if not report.permission_policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        count = again()
        messages.success(request, sentence(count) % {"count": count})
        return redirect(report.name)

    return retry


class Waiting(Protocol):
    """A row that is tried again from a moment on."""

    available_at: datetime.datetime


def next_attempt(row: Waiting) -> str:
    """Return when a row is tried again."""
    # Not a DateColumn: that shows how long ago something was, and this lies in the future.
    if row.available_at <= timezone.now():
        return _t("gleich")
    return date_format(timezone.localtime(row.available_at), "SHORT_DATETIME_FORMAT")


class ReportMenuItem(MenuItem):
    """A menu item that opens a report."""

    def __init__(self, report: type[Report], order: int) -> None:
        name = report.name
        super().__init__(report.page_title, reverse(name), name=name, icon_name=report.header_icon, order=order)
        self.report = report

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the editor may open the report."""
        actions = self.report.any_permission_required or [self.report.permission_required]
        return bool(self.report.permission_policy.user_has_any_permission(request.user, actions))
