"""Conditions for hits and counts alike, whatever the words: locale, expiry, years, dates."""

from __future__ import annotations

from django.utils import timezone

from search.question.request import SearchRequest
from search.question.stale import stale_documents
from search.question.tree import AnyOf, Bool, Everything, Ids, Node, Range


def visible(locale: str) -> tuple[Node, ...]:
    """Return the conditions for everything that readers of a locale may see now."""
    now = timezone.now()
    shown = (AnyOf("locale", (locale,)), Range("expires", int(now.timestamp()) + 1, None))
    stale = stale_documents(now)
    return (*shown, Bool(must=(Everything(),), must_not=(Ids(stale),))) if stale else shown


def conditions(request: SearchRequest) -> tuple[Node, ...]:
    """Return the conditions for everything a request asks for."""
    ranges: list[Node] = []
    if request.year_from is not None or request.year_to is not None:
        ranges.append(Range("year_number", request.year_from, request.year_to))
    if request.since is not None:
        # What has no date has the date 0.
        ranges.append(Range("date", max(1, request.since), None))
    return (*visible(request.locale), *ranges)
