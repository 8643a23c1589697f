"""Links of the search: the whole state of a request as an address, and the links on a results page.

Those are filters to drop, orders, pages and other words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.output.languages import NAMES
from search.answer.values import Without
from search.facets.facets import BY_NAME, FACETS
from search.facets.labels import Labels
from search.page.results import Chip, Elsewhere, NearWord, PageLink, SortLink
from search.question.request import SearchRequest
from search.question.tree import Sort

_SORT_LABELS = {Sort.RELEVANCE: _("Beste Treffer"), Sort.NEWEST: _("Neueste zuerst"), Sort.TITLE: _("Titel A–Z")}
_YEAR_LABELS = {"year_from": _("Jahr von"), "year_to": _("Jahr bis")}


def parameters_of(request: SearchRequest) -> list[tuple[str, str]]:
    """Return the parameters of a request in a fixed order, without defaults."""
    pairs = [("q", request.query)] if request.query else []
    for facet in FACETS:
        pairs += [(facet.name, value) for value in request.filters.get(facet.name, ())]
    if request.year_from:
        pairs.append(("year_from", str(request.year_from)))
    if request.year_to:
        pairs.append(("year_to", str(request.year_to)))
    if request.sort is not Sort.RELEVANCE:
        pairs.append(("sort", request.sort.value))
    if request.page > 1:
        pairs.append(("page", str(request.page)))
    return pairs


def address(path: str, request: SearchRequest) -> str:
    """Return the address of a request below `path`."""
    query = urlencode(parameters_of(request))
    return f"{path}?{query}" if query else path


def elsewhere(totals: Mapping[str, int], request: SearchRequest) -> Iterator[Elsewhere]:
    """Yield the same search in other languages, each with its number of hits."""
    for language, total in totals.items():
        with override(language):
            path = reverse("search:search")
        yield Elsewhere(language, NAMES[language], total, address(path, replace(request, sort=Sort.RELEVANCE)))


def concept_address(facet: str, slug: str) -> str:
    """Return the address of a concept's browse page, or of the search filtered by it."""
    if BY_NAME[facet].browsed_at:
        return reverse(f"search:browse_{facet}", args=[slug])
    return address(reverse("search:search"), SearchRequest(filters={facet: (slug,)}))


def chips(dropped: Sequence[Without], labels: Labels, path: str) -> tuple[Chip, ...]:
    """Return the active filters, each with the address that drops it."""
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
    """Return the orders to choose from.

    Without words nothing is relevant: the areas come one after the other, or in a single one the newest first.
    """
    labels = dict(_SORT_LABELS)
    current = request.sort
    if not request.query and "area" in request.filters:
        del labels[Sort.RELEVANCE]
        current = Sort.NEWEST if current is Sort.RELEVANCE else current
    elif not request.query:
        labels[Sort.RELEVANCE] = _("Nach Bereichen")
    return tuple(
        SortLink(sort, label, address(path, replace(request, sort=sort, page=1)), sort is current)
        for sort, label in labels.items()
    )


def within_area(area: str, request: SearchRequest, path: str) -> str:
    """Return the address of all hits of one area."""
    return address(path, replace(request, filters={**request.filters, "area": (area,)}, page=1))


def step(request: SearchRequest, number: int, last: int, path: str) -> str:
    """Return the address of a results page up to the last one, or nothing when there is no such page."""
    if number < 1 or number > last:
        return ""
    return address(path, replace(request, page=number))


def pages(request: SearchRequest, last: int, path: str) -> tuple[PageLink, ...]:
    """Return links to the first, the last and the pages around the current one, with gaps between."""
    if last == 1:
        return ()
    numbers = sorted({1, last, *range(request.page - 2, request.page + 3)} & set(range(1, last + 1)))
    links: list[PageLink] = []
    before = 0
    for number in numbers:
        if number - before == 2:
            links.append(PageLink(number - 1, address(path, replace(request, page=number - 1))))
        elif number - before > 2:
            links.append(PageLink(None, ""))
        links.append(PageLink(number, address(path, replace(request, page=number)), number == request.page))
        before = number
    return tuple(links)


def other_words(alike: Mapping[str, str], request: SearchRequest, path: str) -> tuple[NearWord, ...]:
    """Return indexed words similar to one that occurs in no document, each with the search that uses it instead."""
    return tuple(NearWord(word, _with_query(request, query, path)) for word, query in alike.items())


def meant(suggestion: str | None, request: SearchRequest, path: str) -> str:
    """Return the address of the search as probably meant, or nothing."""
    return _with_query(request, suggestion, path) if suggestion else ""


def _with_query(request: SearchRequest, query: str, path: str) -> str:
    return address(path, replace(request, query=query, page=1))
