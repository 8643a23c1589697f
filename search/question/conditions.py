"""Conditions for hits and counts alike, whatever the words: locale, expiry, years."""

from __future__ import annotations

from django.utils import timezone

from search.question.request import SearchRequest
from search.question.tree import AnyOf, Node, Range


def visible(locale: str) -> tuple[Node, ...]:
    """Return the conditions for everything that readers of a locale may see now."""
    return (AnyOf("locale", (locale,)), Range("expires", int(timezone.now().timestamp()) + 1, None))


def conditions(request: SearchRequest) -> tuple[Node, ...]:
    """Return the conditions for everything a request asks for."""
    if request.year_from is None and request.year_to is None:
        return visible(request.locale)
    return (*visible(request.locale), Range("year_number", request.year_from, request.year_to))
