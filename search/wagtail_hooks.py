"""What the search adds to Wagtail's admin."""

from functools import partial

from django.urls import URLPattern, reverse
from wagtail import hooks

from search.reports import REPORTS, SearchReport, SearchReportMenuItem
from search.viewsets import SearchViewSetGroup


@hooks.register("register_admin_viewset")
def register_search_viewsets() -> SearchViewSetGroup:
    """Register the menu with pins, synonyms and words."""
    return SearchViewSetGroup()


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Register the addresses of the reports."""
    return [url for report in REPORTS for url in report.urls()]


def _menu_item(report: type[SearchReport], order: int) -> SearchReportMenuItem:
    return SearchReportMenuItem(
        report.page_title, reverse(report.name), name=report.name, icon_name=report.header_icon, order=order
    )


for number, report in enumerate(REPORTS):
    hooks.register("register_reports_menu_item", partial(_menu_item, report, 600 + number))
