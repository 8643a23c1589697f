"""Conditions for hits and counts alike, whatever the words: locale, expiry, years, dates."""

from __future__ import annotations

from django.utils import timezone

from search.question.request import SearchRequest
from search.question.tree import AnyOf, Node, Range


def visible(locale: str) -> tuple[Node, ...]:
    """Return the conditions for everything that readers of a locale may see now."""
    return (AnyOf("locale", (locale,)), Range("expires", int(timezone.now().timestamp()) + 1, None))


def conditions(request: SearchRequest) -> tuple[Node, ...]:
    """Return the conditions for everything a request asks for."""
    ranges: list[Node] = []
    if request.year_from is not None or request.year_to is not None:
        ranges.append(Range("year_number", request.year_from, request.year_to))
    if request.dated:
        ranges.append(Range("date", 1, None))
    return (*visible(request.locale), *ranges)
