"""What a reader asks for, as values: nothing behind them reads the web request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings

from search.question.tree import Sort

PAGE_SIZE = 20

REACH = 10_000
"""`page × page_size` at most: engines refuse to look further, and nobody reads that far."""

SUGGESTIONS, SIMILAR_ENTRIES, LIMIT_MOST = 8, 4, 20
"""Suggestions and similar entries of one answer unless asked otherwise, and of either at most."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a reader asks for; nothing behind it reads the web request."""

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = PAGE_SIZE
    locale: str = settings.LANGUAGE_CODE

    @property
    def is_narrowed(self) -> bool:
        """Return whether a filter is set."""
        return bool(self.filters) or self.year_from is not None or self.year_to is not None

    def last_page(self, total: int) -> int:
        """Return the number of the last page of `total` hits that can be shown, at least 1."""
        return max(1, min(-(-total // self.page_size), REACH // self.page_size))

    def toggled(self, facet: str, slug: str) -> SearchRequest:
        """Return the request with one value set, or dropped if it was set; from the first page on."""
        chosen = self.filters.get(facet, ())
        values = tuple(value for value in chosen if value != slug) if slug in chosen else (*chosen, slug)
        filters = {name: others for name, others in self.filters.items() if name != facet}
        if values:
            filters[facet] = values
        return replace(self, filters=filters, page=1)

    def cleared(self) -> SearchRequest:
        """Return the request without any filter, from the first page on."""
        return replace(self, filters={}, year_from=None, year_to=None, page=1)


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """The beginning of what a reader types."""

    text: str
    limit: int = SUGGESTIONS
    locale: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """The entry to which others are wanted."""

    id: int
    limit: int = SIMILAR_ENTRIES
    locale: str = settings.LANGUAGE_CODE
