"""What events add to the editors' admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from events import proposals
from events.reports import SeriesWithoutDateReport

SeriesWithoutDateReport.register(order=590)


@hooks.register("register_admin_urls")
def register_proposals() -> list[URLPattern]:
    """Register the address of the proposed dates."""
    return [path("events/<int:page_id>/proposals/", proposals.proposals, name="event_proposals")]


@hooks.register("register_page_header_buttons")
def offer_proposals(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Add a button from the form of a series to its proposed dates."""
    if view_name == "edit" and (found := proposals.button(page, user)):
        yield found
