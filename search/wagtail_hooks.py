"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from search import document_admin, outbox_report
from search.reports import REPORTS, SearchReport, SearchReportMenuItem
from search.viewsets import SearchViewSetGroup


@hooks.register("register_admin_viewset")
def register_search_viewsets() -> SearchViewSetGroup:
    """Register the menu with pins, synonyms and words."""
    return SearchViewSetGroup()


@hooks.register("register_admin_urls", order=-1)
def register_document_urls() -> list[URLPattern]:
    """Put our list and form of documents before Wagtail's at the same addresses, and the two actions beside them."""
    return [
        path("documents/", document_admin.DocumentIndexView.as_view()),
        path("documents/results/", document_admin.DocumentIndexView.as_view(results_only=True)),
        path("documents/edit/<int:document_id>/", document_admin.DocumentEditView.as_view()),
        path("documents/<int:document_id>/read-again/", document_admin.read_again, name="document_read_again"),
        path(
            "documents/<int:document_id>/first-page/<int:page_id>/",
            document_admin.take_first_page,
            name="document_first_page",
        ),
    ]


@hooks.register("register_page_header_buttons")
def offer_first_page(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Lead from a page without cover to the PDF whose first page could be it."""
    if view_name == "edit" and (button := document_admin.cover_button(page)):
        yield button


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
