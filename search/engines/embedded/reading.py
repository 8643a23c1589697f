"""Hits, totals, facets and passages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import tantivy

from core.declared.searchable import Passage
from search.engines.base import EngineHit, EngineResult, PassageHit, SearchUnavailable
from search.engines.embedded.documents import place_of
from search.engines.embedded.folder import Folder
from search.engines.embedded.schema import PASSAGES_SCHEMA
from search.engines.embedded.translate import NOT_DELETED, PAGES, PASSAGES
from search.question.tree import AnyOf, EngineQuery, Ids, Node, Sort

_ORDERS = {Sort.NEWEST: ("date", tantivy.Order.Desc), Sort.TITLE: ("title_sort", tantivy.Order.Asc)}

Clause = tuple[tantivy.Occur, tantivy.Query]


def search(folder: Folder, query: EngineQuery) -> EngineResult:
    """Return hits, total and facet counts."""
    searcher = folder.searcher()
    always = [(tantivy.Occur.Must, PAGES.translate(query.query)), NOT_DELETED]
    always += [PAGES.filter(condition) for condition in query.conditions]
    filters = {name: PAGES.filter(AnyOf(name, values)) for name, values in query.filters.items()}
    full = tantivy.Query.boolean_query([*always, *filters.values()])
    try:
        total, addresses = _hits(searcher, full, query)
        facets = _facets(searcher, query.facets, always, filters, full)
    except ValueError as error:
        raise SearchUnavailable(f"the index refused a query: {error}") from error
    numbers = searcher.fast_field_values("number", [address for _, address in addresses])
    hits = tuple(
        EngineHit(number, key if isinstance(key, float) else 0.0, _payload(searcher, address))
        for (key, address), number in zip(addresses, numbers, strict=True)
    )
    return EngineResult(total=total, hits=hits, facets=facets)


def _payload(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    """Return the stored payload."""
    payload: dict[str, Any] = json.loads(searcher.doc(address).to_dict()["payload"][0])
    return payload


def _hits(
    searcher: tantivy.Searcher, full: tantivy.Query, query: EngineQuery
) -> tuple[int, list[tuple[Any, tantivy.DocAddress]]]:
    order: dict[str, Any] = {}
    if query.sort in _ORDERS:
        order = dict(zip(("order_by_field", "order"), _ORDERS[query.sort], strict=True))
    # tantivy refuses a limit of 0; a counting search requests one hit and drops it.
    found = searcher.search(full, max(query.limit, 1), offset=query.offset, **order)
    return int(found.count or 0), list(found.hits)[: query.limit]


def _facets(
    searcher: tantivy.Searcher,
    facets: Mapping[str, int],
    always: Sequence[Clause],
    filters: Mapping[str, Clause],
    full: tantivy.Query,
) -> dict[str, dict[str, int]]:
    """Count each facet with all other filters applied: one pass for all facets without their own filter."""
    counts: dict[str, dict[str, int]] = {}
    open_facets = [name for name in facets if name not in filters]
    passes = [(full, open_facets)] if open_facets else []
    for name in facets:
        if name in filters:
            others = [clause for other, clause in filters.items() if other != name]
            passes.append((tantivy.Query.boolean_query([*always, *others]), [name]))
    for narrowed, names in passes:
        request = {name: {"terms": _counted(name, facets[name])} for name in names}
        for name, found in searcher.aggregate(narrowed, request).items():
            counts[name] = {bucket["key"]: int(bucket["doc_count"]) for bucket in found["buckets"]}
    return counts


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
    filters = [PAGES.filter(AnyOf(name, values)) for name, values in query.filters.items()]
    narrowing = [NOT_DELETED, *(PAGES.filter(condition) for condition in query.conditions), *filters]
    asked = tantivy.Query.boolean_query([(tantivy.Occur.Must, PAGES.translate(query.query)), *narrowing])
    try:
        found = searcher.search(asked, max(query.limit, 1), count=False, offset=query.offset).hits
    except ValueError as error:
        raise SearchUnavailable(f"the index refused a query: {error}") from error
    numbers = searcher.fast_field_values("number", [address for _, address in found])
    return {number: float(score) for (score, _), number in zip(found, numbers, strict=True)}


def count(folder: Folder) -> int:
    """Return the number of pages."""
    query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), NOT_DELETED])
    return int(folder.searcher().search(query, 1).count or 0)


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
