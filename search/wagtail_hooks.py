"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from functools import partial

from django.urls import URLPattern, reverse
from wagtail import hooks

from search.editors import outbox_report
from search.editors.usage_reports import REPORTS, SearchReport, SearchReportMenuItem
from search.editors.viewsets import SearchViewSetGroup


@hooks.register("register_admin_viewset")
def register_search_viewsets() -> SearchViewSetGroup:
    """Register the menu with pins, synonyms and words."""
    return SearchViewSetGroup()


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Register the addresses of the reports."""
    return [*(url for report in REPORTS for url in report.urls()), *outbox_report.urls()]


@hooks.register("register_reports_menu_item")
def offer_outbox_report() -> outbox_report.OutboxReportMenuItem:
    """Register the report on failed index changes."""
    report = outbox_report.OutboxReport
    return outbox_report.OutboxReportMenuItem(
        report.page_title, reverse(outbox_report.NAME), name=outbox_report.NAME, icon_name=report.header_icon, order=650
    )


def _menu_item(report: type[SearchReport], order: int) -> SearchReportMenuItem:
    return SearchReportMenuItem(
        report.page_title, reverse(report.name), name=report.name, icon_name=report.header_icon, order=order
    )


for number, report in enumerate(REPORTS):
    hooks.register("register_reports_menu_item", partial(_menu_item, report, 600 + number))
