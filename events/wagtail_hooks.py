"""What events add to the editors' admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from events import proposals
from events.reports import SeriesWithoutDateReport

_REPORT = "reports/reihen-ohne-termin/"


class EditorsMenuItem(MenuItem):
    """The way to the report, for those who may change pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the editor has any right on pages."""
        return bool(page_permission_policy.user_has_any_permission(request.user, ["add", "change", "publish"]))


@hooks.register("register_admin_urls")
def register_event_urls() -> list[URLPattern]:
    """Register the report and the proposals of dates."""
    view = SeriesWithoutDateReport
    return [
        path(_REPORT, view.as_view(), name=view.index_url_name),
        path(f"{_REPORT}results/", view.as_view(results_only=True), name=view.index_results_url_name),
        path("events/<int:page_id>/proposals/", proposals.proposals, name="event_proposals"),
    ]


@hooks.register("register_reports_menu_item")
def register_report() -> EditorsMenuItem:
    """Show the report in the menu."""
    view = SeriesWithoutDateReport
    address = reverse(view.index_url_name)
    return EditorsMenuItem(view.page_title, address, name=view.index_url_name, icon_name=view.header_icon, order=590)


@hooks.register("register_page_header_buttons")
def offer_proposals(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Lead from the form of a series to the proposals of dates."""
    if view_name == "edit" and (found := proposals.button(page, user)):
        yield found
