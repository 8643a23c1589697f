"""Hits, totals, facets and passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from elasticsearch.dsl import Search
from elasticsearch.dsl import query as dsl

from core.declared.searchable import Passage
from search.engines.base import EngineHit, EngineResult, PassageHit
from search.engines.elasticsearch.cluster import COUNTED, Cluster, asked, number_of, numbered
from search.engines.elasticsearch.counting import counting, counts
from search.engines.elasticsearch.documents import place_of
from search.engines.elasticsearch.translate import NOT_DELETED, narrowed, narrowing, translate
from search.engines.lead import LEAD, leading
from search.question.tree import Constant, EngineQuery, Node, Sort

WINDOW = 10_000
"""Elasticsearch's limit of offset plus size; beyond it, read page by page."""

MOST_INNER = 20
"""Maximum passages of one page in one answer: two are shown, but a long file has hundreds."""

_ORDERS: dict[Sort, list[Any]] = {
    # Finally by number, so that result pages neither overlap nor leave gaps.
    Sort.RELEVANCE: ["_score", "number"],
    Sort.NEWEST: [{"date": "desc"}, "number"],
    Sort.TITLE: ["title_sort", "number"],
}


def search(cluster: Cluster, query: EngineQuery) -> EngineResult:
    """Return hits, total and facet counts."""
    led = leading(query)
    if led is not None and query.offset + query.limit <= len(led.ids):
        # Nobody need be scored whose place is known, unless filters leave so few of these that others are shown, too.
        result = _counted(cluster, replace(query, query=replace(led, others=Constant(led.others, 0.0))))
        if all(hit.score >= LEAD for hit in result.hits):
            return result
    return _counted(cluster, query)


def _counted(cluster: Cluster, query: EngineQuery) -> EngineResult:
    filters = {name: dsl.Terms(name, list(values)) for name, values in query.filters.items()}
    # The counts of a filtered facet ignore its filter, so such filters narrow the hits after counting.
    after = {name: filters[name] for name in filters if name in query.facets}
    always = [narrowing(condition) for condition in query.conditions]
    always += [clause for name, clause in filters.items() if name not in after]
    search = Search().sort(*_ORDERS[query.sort]).extra(track_total_hits=True).source(["payload"])
    if after:
        search = search.post_filter(dsl.Bool(filter=list(after.values())))
    body = asked(search, dsl.Bool(must=[translate(query.query)], filter=[*always, NOT_DELETED]))
    is_deep = query.offset + query.limit > WINDOW
    page = {"from": 0, "size": 0} if is_deep else {"from": query.offset, "size": query.limit}
    aggregations = counting(query.facets, after)
    answer = cluster.search("pages", {**body, **page, **({"aggs": aggregations} if aggregations else {})})
    found = answer["hits"]["hits"]
    if is_deep:
        found = list(islice(cluster.scan(body), query.offset, query.offset + query.limit))
    return EngineResult(
        total=int(answer["hits"]["total"]["value"]),
        hits=_read(found),
        facets=counts(answer.get("aggregations", {}), query.facets, after),
    )


def totals(cluster: Cluster, queries: Sequence[EngineQuery]) -> list[int]:
    """Return the exact number of hits for each query, in one request."""
    bodies = [asked(COUNTED, _unscored(query)) for query in queries]
    return [int(answer["hits"]["total"]["value"]) for answer in cluster.searches("pages", bodies)]


def hits(cluster: Cluster, queries: Sequence[EngineQuery]) -> list[tuple[EngineHit, ...]]:
    """Return the hits of each query, without counts, in one request."""
    bodies = [_ordered(query, Search().source(["payload"])) for query in queries]
    return [_read(answer["hits"]["hits"]) for answer in cluster.searches("pages", bodies)]


def scores(cluster: Cluster, query: EngineQuery) -> dict[int, float]:
    """Return id and score of each hit, best first."""
    found = cluster.search("pages", _ordered(query, numbered()))
    return {number_of(hit): float(hit["_score"]) for hit in found["hits"]["hits"]}


def _ordered(query: EngineQuery, search: Search) -> dict[str, Any]:
    """Return what is sent for the hits of a query, in its order and as a search says."""
    clauses = narrowed(query.conditions, query.filters)
    ordered = search.sort(*_ORDERS[query.sort]).extra(track_total_hits=False)
    page = {"from": query.offset, "size": query.limit}
    return asked(ordered, dsl.Bool(must=[translate(query.query)], filter=[*clauses, NOT_DELETED]), **page)


def _read(hits: Sequence[Any]) -> tuple[EngineHit, ...]:
    return tuple(EngineHit(int(hit["_id"]), float(hit["_score"] or 0.0), hit["_source"]["payload"]) for hit in hits)


def _unscored(query: EngineQuery) -> dsl.Query:
    """Return the query for the hits of a query, unordered."""
    clauses = narrowed((query.query, *query.conditions), query.filters)
    return dsl.Bool(filter=[*clauses, NOT_DELETED])


def passages(cluster: Cluster, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
    """Return the best matching passages of the documents `ids`."""
    if not ids:
        return []
    inner = {"size": min(limit, MOST_INNER), "_source": ["passages.payload"]}
    nested = dsl.Nested(path="passages", query=translate(query, "passages."), inner_hits=inner, score_mode="max")
    pages = dsl.Ids(values=[str(id) for id in ids])
    body = asked(Search().source(False).extra(size=len(ids)), dsl.Bool(must=[nested], filter=[pages]))
    found = [
        PassageHit(int(page["_id"]), Passage(**hit["_source"]["payload"]), float(hit["_score"]))
        for page in cluster.search("passages", body)["hits"]["hits"]
        for hit in page["inner_hits"]["passages"]["hits"]["hits"]
    ]
    return sorted(found, key=lambda hit: -hit.score)[:limit]


def passages_at(cluster: Cluster, places: Mapping[int, int]) -> dict[int, Passage]:
    """Return one passage of each page: page's id to the number of the passage."""
    if not places:
        return {}
    keys = [place_of(page, number) for page, number in places.items()]
    inner = {"size": 1, "_source": ["passages.payload"]}
    nested = dsl.Nested(path="passages", query=dsl.Terms("passages.place", keys), inner_hits=inner)
    pages = dsl.Ids(values=[str(page) for page in places])
    body = asked(Search().source(False).extra(size=len(places)), dsl.Bool(filter=[pages, nested]))
    return {
        int(page["_id"]): Passage(**page["inner_hits"]["passages"]["hits"]["hits"][0]["_source"]["payload"])
        for page in cluster.search("passages", body)["hits"]["hits"]
    }
