"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from search.editors import embedding_report, outbox_report, verdicts
from search.editors.usage_reports import (
    FrequentSearchesReport,
    FruitlessSearchesReport,
    MissingReport,
    UnknownWordsReport,
)
from search.editors.viewsets import SearchViewSetGroup

FrequentSearchesReport.register(order=600)
FruitlessSearchesReport.register(order=601)
UnknownWordsReport.register(order=602)
MissingReport.register(order=603)
verdicts.BlockedReport.register(order=604)
outbox_report.OutboxReport.register(order=650)
embedding_report.EmbeddingReport.register(order=651)


@hooks.register("register_admin_viewset")
def register_search_viewsets() -> SearchViewSetGroup:
    """Register the menu with pins, synonyms and words."""
    return SearchViewSetGroup()


@hooks.register("register_admin_urls")
def register_buttons() -> list[URLPattern]:
    """Register the buttons that try again what failed, and those that decide about searches."""
    changes, vectors = outbox_report.OutboxReport.name, embedding_report.EmbeddingReport.name
    return [
        path("reports/suchen/urteil/", verdicts.decide, name=verdicts.ADDRESS),
        path(f"reports/{changes}/retry/", outbox_report.retry, name=f"{changes}_retry"),
        path(f"reports/{vectors}/retry/", embedding_report.retry, name=f"{vectors}_retry"),
    ]
