"""What a reader asks for, as values: no later stage reads the web request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from search.question.tree import Sort

PAGE_SIZE = 20

REACH = 10_000
"""Maximum of `page × page_size`: engines refuse to go further, and nobody reads that far."""

SUGGESTIONS, SIMILAR_ENTRIES, LIMIT_MOST = 8, 4, 20
"""Default number of suggestions and of similar entries in one answer, and the maximum for both."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a reader asks for; no later stage reads the web request."""

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = PAGE_SIZE
    locale: str = settings.LANGUAGE_CODE
    grouped: bool = False
    """Whether the first hits of each area are wanted too, where several areas have hits."""
    since: int | None = None
    """The second (since 1970) from which on wanted entries appeared: what has no date is never new."""

    @property
    def is_narrowed(self) -> bool:
        """Return whether a filter is set."""
        return bool(self.filters) or self.year_from is not None or self.year_to is not None


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """The beginning of what a reader types."""

    text: str
    limit: int = SUGGESTIONS
    locale: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """The entry for which similar ones are wanted."""

    id: int
    limit: int = SIMILAR_ENTRIES
    locale: str = settings.LANGUAGE_CODE
