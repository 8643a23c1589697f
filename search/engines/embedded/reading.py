"""Hits, totals, facets and passages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import tantivy

from core.declared.searchable import Passage
from search.engines.base import EngineHit, EngineResult, PassageHit, SearchUnavailable
from search.engines.embedded.documents import place_of
from search.engines.embedded.folder import Folder
from search.engines.embedded.schema import PASSAGES_SCHEMA
from search.engines.embedded.translate import NOT_DELETED, PAGES, PASSAGES
from search.engines.lead import LEAD, leading
from search.question.tree import AnyOf, Bool, EngineQuery, Ids, Led, Node, Sort

_ORDERS = {Sort.NEWEST: ("date", tantivy.Order.Desc), Sort.TITLE: ("title_sort", tantivy.Order.Asc)}

Clause = tuple[tantivy.Occur, tantivy.Query]

Scored = tuple[Any, tantivy.DocAddress]
"""What a hit is ordered by, and where it lies."""

TOTAL = "total"
"""The count of all hits beside those of facets, none of which is called so."""


def search(folder: Folder, query: EngineQuery) -> EngineResult:
    """Return hits, total and facet counts."""
    searcher = folder.searcher()
    led = leading(query)
    # For counting, who leads does not matter; for hits, nobody need be scored whose place is known.
    matching: Node = query.query if led is None else Bool(should=(led.others, Ids(led.ids)), minimum=1)
    always = [(tantivy.Occur.Must, PAGES.translate(matching)), *_narrowing(query)]
    filters = {name: PAGES.filter(AnyOf(name, values)) for name, values in query.filters.items()}
    full = tantivy.Query.boolean_query([*always, *filters.values()])
    try:
        if led is None:
            total, hits = _hits(searcher, full, query)
            facets, _ = _facets(searcher, query.facets, always, filters, full)
        else:
            hits = _led_hits(searcher, led, query)
            facets, counted = _facets(searcher, query.facets, always, filters, full)
            total = int(searcher.search(full, 1).count or 0) if counted is None else counted
        return EngineResult(total=total, hits=_read(searcher, hits), facets=facets)
    except ValueError as error:
        raise SearchUnavailable(f"the index refused a query: {error}") from error


def hits(folder: Folder, queries: Sequence[EngineQuery]) -> list[tuple[EngineHit, ...]]:
    """Return the hits of each query, without counts, all from one snapshot."""
    if not queries:
        return []
    searcher = folder.searcher()
    try:
        return [_read(searcher, _ordered(searcher, query)) for query in queries]
    except ValueError as error:
        raise SearchUnavailable(f"the index refused a query: {error}") from error


def _ordered(searcher: tantivy.Searcher, query: EngineQuery) -> list[Scored]:
    """Return the hits of a query, in its order."""
    if (led := leading(query)) is not None:
        return _led_hits(searcher, led, query)
    filters = [PAGES.filter(AnyOf(name, values)) for name, values in query.filters.items()]
    asked = [(tantivy.Occur.Must, PAGES.translate(query.query)), *_narrowing(query), *filters]
    return _hits(searcher, tantivy.Query.boolean_query(asked), query, count=False)[1]


def _led_hits(searcher: tantivy.Searcher, led: Led, query: EngineQuery) -> list[Scored]:
    """Return the hits of a query: those that lead in their order, which is known, then the others by their scores."""
    leading = tantivy.Query.boolean_query(unscored(replace(query, query=Ids(led.ids))))
    addresses = [address for _, address in searcher.search(leading, len(led.ids), count=False).hits]
    places = dict(zip(searcher.fast_field_values("number", addresses), addresses, strict=True))
    scores = {id: LEAD * place for place, id in enumerate(reversed(led.ids), 1)}
    first = [(scores[id], places[id]) for id in led.ids if id in places]
    found: list[Scored] = [*first[query.offset : query.offset + query.limit]]
    if len(found) == query.limit:
        return found
    others = Bool(must=(led.others,), must_not=(Ids(led.ids),))
    offset = max(0, query.offset - len(first))
    return found + _ordered(searcher, replace(query, query=others, offset=offset, limit=query.limit - len(found)))


def _narrowing(query: EngineQuery) -> list[Clause]:
    """Return the clauses that hits and counts of a query fulfil, whatever its words and filters."""
    return [NOT_DELETED, *(PAGES.filter(condition) for condition in query.conditions)]


def _read(searcher: tantivy.Searcher, found: Sequence[Scored]) -> tuple[EngineHit, ...]:
    numbers = searcher.fast_field_values("number", [address for _, address in found])
    return tuple(
        EngineHit(number, key if isinstance(key, float) else 0.0, _payload(searcher, address))
        for (key, address), number in zip(found, numbers, strict=True)
    )


def _payload(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    """Return the stored payload."""
    payload: dict[str, Any] = json.loads(searcher.doc(address).to_dict()["payload"][0])
    return payload


def _hits(
    searcher: tantivy.Searcher, full: tantivy.Query, query: EngineQuery, *, count: bool = True
) -> tuple[int, list[Scored]]:
    order: dict[str, Any] = {}
    if query.sort in _ORDERS:
        order = dict(zip(("order_by_field", "order"), _ORDERS[query.sort], strict=True))
    # tantivy refuses a limit of 0; a counting search requests one hit and drops it.
    found = searcher.search(full, max(query.limit, 1), offset=query.offset, count=count, **order)
    return int(found.count or 0), list(found.hits)[: query.limit]


def _facets(
    searcher: tantivy.Searcher,
    facets: Mapping[str, int],
    always: Sequence[Clause],
    filters: Mapping[str, Clause],
    full: tantivy.Query,
) -> tuple[dict[str, dict[str, int]], int | None]:
    """Count each facet with all other filters applied: one pass for all facets without their own filter.

    That pass also counts all hits; without it their number is None.
    """
    counts: dict[str, dict[str, int]] = {}
    total = None
    open_facets = [name for name in facets if name not in filters]
    passes = [(full, open_facets)] if open_facets else []
    for name in facets:
        if name in filters:
            others = [clause for other, clause in filters.items() if other != name]
            passes.append((tantivy.Query.boolean_query([*always, *others]), [name]))
    for narrowed, names in passes:
        request = {name: {"terms": _counted(name, facets[name])} for name in names}
        if narrowed is full:
            request[TOTAL] = {"value_count": {"field": "number"}}
        for name, found in searcher.aggregate(narrowed, request).items():
            if name == TOTAL:
                total = int(found["value"])
            else:
                counts[name] = {bucket["key"]: int(bucket["doc_count"]) for bucket in found["buckets"]}
    return counts, total


def _counted(name: str, size: int) -> dict[str, Any]:
    # Each segment must report as many values as requested overall, or counts would be too low.
    return {"field": name, "size": size, "segment_size": max(size, 1000)}


def totals(folder: Folder, queries: Sequence[EngineQuery]) -> list[int]:
    """Return the exact number of hits for each query, all from one snapshot."""
    if not queries:
        return []
    searcher = folder.searcher()
    try:
        return [int(searcher.search(tantivy.Query.boolean_query(unscored(query)), 1).count or 0) for query in queries]
    except ValueError as error:
        raise SearchUnavailable(f"the index refused a query: {error}") from error


def scores(folder: Folder, query: EngineQuery) -> dict[int, float]:
    """Return id and score of each hit, best first."""
    searcher = folder.searcher()
    try:
        found = _ordered(searcher, query)
    except ValueError as error:
        raise SearchUnavailable(f"the index refused a query: {error}") from error
    numbers = searcher.fast_field_values("number", [address for _, address in found])
    return {number: float(score) for (score, _), number in zip(found, numbers, strict=True)}


def count(folder: Folder, without: Node | None = None) -> int:
    """Return the number of pages, `without` those that match."""
    clauses = [(tantivy.Occur.Must, tantivy.Query.all_query()), NOT_DELETED]
    clauses += [] if without is None else [(tantivy.Occur.MustNot, PAGES.translate(without))]
    return int(folder.searcher().search(tantivy.Query.boolean_query(clauses), 1).count or 0)


def unscored(query: EngineQuery) -> list[Clause]:
    """Return the clauses that hits of a query fulfil, without scores or order."""
    filters = [AnyOf(name, values) for name, values in query.filters.items()]
    return [NOT_DELETED, *(PAGES.filter(node) for node in (query.query, *query.conditions, *filters))]


def passages(folder: Folder, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
    """Return the best matching passages of the documents `ids`."""
    if not ids:
        return []
    searcher = folder.passage_searcher()
    narrowed = tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, PASSAGES.translate(query)), PASSAGES.filter(Ids(tuple(ids)))]
    )
    hits = searcher.search(narrowed, limit, count=False).hits
    numbers = searcher.fast_field_values("page", [address for _, address in hits])
    return [
        PassageHit(number, Passage(**_payload(searcher, address)), score)
        for (score, address), number in zip(hits, numbers, strict=True)
    ]


def passages_at(folder: Folder, places: Mapping[int, int]) -> dict[int, Passage]:
    """Return one passage of each page: page's id to the number of the passage."""
    if not places:
        return {}
    searcher = folder.passage_searcher()
    keys = [place_of(page, number) for page, number in places.items()]
    found = searcher.search(tantivy.Query.term_set_query(PASSAGES_SCHEMA, "place", keys), len(keys), count=False).hits
    numbers = searcher.fast_field_values("page", [address for _, address in found])
    return {number: Passage(**_payload(searcher, address)) for (_, address), number in zip(found, numbers, strict=True)}
