"""The links of a page of results: filters to drop, orders, pages, other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from search.answer.values import Without
from search.facets.facets import BY_NAME
from search.facets.labels import Labels
from search.page.addresses import address
from search.page.results import Chip, NearWord, PageLink, SortLink
from search.question.request import SearchRequest
from search.question.tree import Sort

_SORT_LABELS = {Sort.RELEVANCE: _("Beste Treffer"), Sort.NEWEST: _("Neueste zuerst"), Sort.TITLE: _("Titel A–Z")}
_YEAR_LABELS = {"year_from": _("Jahr von"), "year_to": _("Jahr bis")}


def chips(dropped: Sequence[Without], labels: Labels, path: str) -> tuple[Chip, ...]:
    """Return the active filters, each with the address without it."""
    return tuple(
        Chip(
            one.name,
            BY_NAME[one.name].label if one.name in BY_NAME else _YEAR_LABELS[one.name],
            labels.get(one.name, one.value).label,
            address(path, one.request),
            one.count,
        )
        for one in dropped
    )


def sorts(request: SearchRequest, path: str) -> tuple[SortLink, ...]:
    """Return the orders to choose from."""
    return tuple(
        SortLink(sort, _SORT_LABELS[sort], address(path, replace(request, sort=sort, page=1)), sort is request.sort)
        for sort in Sort
    )


def step(request: SearchRequest, number: int, total: int, path: str) -> str:
    """Return the address of a page of the results, or nothing when there is no such page."""
    if number < 1 or number > request.last_page(total):
        return ""
    return address(path, replace(request, page=number))


def pages(request: SearchRequest, total: int, path: str) -> tuple[PageLink, ...]:
    """Return the first, the last and the pages around the present one, with gaps between."""
    last = request.last_page(total)
    if last == 1:
        return ()
    wanted = sorted({1, last, *range(request.page - 2, request.page + 3)} & set(range(1, last + 1)))
    links: list[PageLink] = []
    before = 0
    for number in wanted:
        if number - before == 2:
            links.append(PageLink(number - 1, address(path, replace(request, page=number - 1))))
        elif number - before > 2:
            links.append(PageLink(None, ""))
        links.append(PageLink(number, address(path, replace(request, page=number)), number == request.page))
        before = number
    return tuple(links)


def other_words(alike: Mapping[str, str], request: SearchRequest, path: str) -> tuple[NearWord, ...]:
    """Return words of the stock that look like one that stands nowhere, each with the search that has it instead."""
    return tuple(NearWord(word, _with_query(request, query, path)) for word, query in alike.items())


def meant(suggestion: str | None, request: SearchRequest, path: str) -> str:
    """Return the address of the search as it was probably meant, or nothing."""
    return _with_query(request, suggestion, path) if suggestion else ""


def _with_query(request: SearchRequest, query: str, path: str) -> str:
    return address(path, replace(request, query=query, page=1))
