"""Pages by meaning: a `dense_vector` on the page, those of its passages nested in it.

In the index of pages, because there alone a search by vectors can be narrowed by everything that narrows words. One
search for pages' own vectors and one for those of passages: the best of both are among the best of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from elasticsearch.dsl import Search
from elasticsearch.dsl import query as dsl

from search.document import Vector, packed
from search.engines.base import Near, NearQuery
from search.engines.elasticsearch.cluster import Cluster
from search.engines.elasticsearch.documents import vector_field
from search.engines.elasticsearch.translate import NOT_DELETED, translate

MORE = 50
"""So many more pages are asked for: of equally near ones the ids decide which stay, not Elasticsearch."""

CANDIDATES = 400
"""Pages that a search through a graph weighs before it chooses the nearest; the more, the fewer it misses."""

MOST_CANDIDATES = 10_000
"""Elasticsearch's limit; a search among fewer vectors compares each of them."""


def nearest(cluster: Cluster, query: NearQuery) -> list[Near]:
    """Return the nearest matching pages, nearest first, then by id."""
    if query.limit < 1:
        return []
    clauses = [translate(node) for node in query.conditions]
    clauses += [dsl.Terms(name, list(values)) for name, values in query.filters.items()]
    clauses += [translate(query.query)] if query.query is not None else []
    found = _compared(cluster, query.vector, query.model, query.discount, clauses, query.limit + MORE, query.minimum)
    near = [
        each for each in sorted(found, key=lambda each: (-each.nearness, each.id)) if each.nearness >= query.minimum
    ]
    return _with_passages(cluster, query, near[: query.limit])


def _with_passages(cluster: Cluster, query: NearQuery, near: list[Near]) -> list[Near]:
    """Return pages with the numbers of their nearest passages, also where a passage is not among the nearest of all."""
    unknown = [each.id for each in near if each.passage is None]
    known = nearness(cluster, query.vector, unknown, query.model, query.discount)
    return [Near(each.id, each.nearness, known[each.id].passage) if each.id in known else each for each in near]


def nearness(cluster: Cluster, vector: Vector, ids: Sequence[int], model: str, discount: float) -> dict[int, Near]:
    """Return how near these pages are; one that has no vector of the model is left out."""
    if not ids:
        return {}
    chosen = [dsl.Ids(values=[str(id) for id in ids])]
    return {each.id: each for each in _compared(cluster, vector, model, discount, chosen, MOST_CANDIDATES, -1.0)}


def _compared(
    cluster: Cluster,
    vector: Vector,
    model: str,
    discount: float,
    clauses: Sequence[dsl.Query],
    limit: int,
    minimum: float,
) -> Iterator[Near]:
    """Yield the pages that are among the nearest by their own vector or by a passage's."""
    question = packed(vector)
    narrowed = [*clauses, NOT_DELETED, *([dsl.Term("model", {"value": model})] if model else [])]
    least = {"own": minimum, "passage": minimum / discount if discount > 0 else -1.0}
    searches = [_search(place, question, narrowed, limit, least[place]) for place in ("own", "passage")]
    own, passages = (answer["hits"]["hits"] for answer in cluster.searches("pages", searches))
    cosines = {int(hit["_id"]): _cosine(hit) for hit in own}
    nearest = {int(hit["_id"]): (_cosine(hit), _number(hit)) for hit in passages}
    for id in {**cosines, **nearest}:
        cosine, number = nearest.get(id, (-1.0, None))
        yield Near(id, max(cosines.get(id, -1.0), cosine * discount), number)


def _search(place: str, question: bytes, clauses: Sequence[dsl.Query], limit: int, minimum: float) -> Search:
    """Return the search for the pages nearest by their own vector or by a passage's."""
    options: dict[str, Any] = {}
    if place == "passage":
        options["inner_hits"] = {"size": 1, "_source": False, "docvalue_fields": ["meanings.number"]}
    if minimum > -1.0:
        # A little less, because Elasticsearch rounds; whoever asked compares exactly.
        options["similarity"] = max(minimum - 1e-5, -1.0)
    return (
        Search()
        .knn(
            field=("meanings." if place == "passage" else "") + vector_field(len(question)),
            k=limit,
            num_candidates=min(max(limit, CANDIDATES), MOST_CANDIDATES),
            query_vector=question.hex(),
            filter=dsl.Bool(filter=list(clauses)).to_dict(),
            **options,
        )
        .source(False)
        .extra(size=limit, track_total_hits=False)
    )


def _cosine(hit: dict[str, Any]) -> float:
    return 2 * float(hit["_score"]) - 1


def _number(hit: dict[str, Any]) -> int:
    """Return the number of the nearest passage."""
    nearest = hit["inner_hits"]["meanings"]["hits"]["hits"][0]
    return int(nearest["fields"]["meanings.number"][0])


def vectors(cluster: Cluster, model: str) -> tuple[int, int]:
    """Return how many pages have vectors, and how many pages there are."""
    having = dsl.Term("model", {"value": model}) if model else dsl.Exists(field="model")
    searches = [
        Search().query(dsl.Bool(filter=[NOT_DELETED, *clauses])).extra(size=0, track_total_hits=True)
        for clauses in ([having], [])
    ]
    some, every = (int(answer["hits"]["total"]["value"]) for answer in cluster.searches("pages", searches))
    return some, every
