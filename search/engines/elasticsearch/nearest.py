"""Pages by meaning: a `dense_vector` on the page, those of its passages nested in it.

In the index of pages, because there alone a search by vectors can be narrowed by everything that narrows words. One
search for pages' own vectors and one for those of passages: the best of both are among the best of each.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from elasticsearch.dsl import query as dsl
from numpy.typing import NDArray

from core.declared.searchable import Passage
from search.document import Vector, Vectors, packed
from search.engines.base import Near, NearQuery
from search.engines.elasticsearch.cluster import COUNTED, Cluster, asked, number_of, numbered
from search.engines.elasticsearch.documents import vector_field
from search.engines.elasticsearch.reading import passages_at
from search.engines.elasticsearch.translate import NOT_DELETED, narrowed
from search.engines.fields import UNMEANT

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
    narrow = query.conditions if query.query is None else (*query.conditions, query.query)
    clauses = narrowed(narrow, query.filters)
    found = _compared(cluster, replace(query, limit=query.limit + MORE), clauses)
    near = [Near(id, value) for id, value in found.items() if value >= query.minimum]
    return sorted(near, key=lambda each: (-each.nearness, each.id))[: query.limit]


def nearness(cluster: Cluster, vector: Vector, ids: Sequence[int], model: str, discount: float) -> dict[int, float]:
    """Return how near these pages are; one that has no vector of the model is left out."""
    if not ids:
        return {}
    everything = NearQuery(vector, limit=MOST_CANDIDATES, model=model, discount=discount)
    return _compared(cluster, everything, [_chosen(ids)])


def _compared(cluster: Cluster, query: NearQuery, clauses: Sequence[dsl.Query]) -> dict[int, float]:
    """Return how near the pages are that are among the nearest by their own vector or by a passage's."""
    question = packed(query.vector)
    field = vector_field(len(question))
    by_own = {**_knn(query, clauses, field), **_at_least(query.minimum)}
    by_passage = _knn(query, clauses, f"meanings.{field}")
    if query.discount > 0:
        by_passage |= _at_least(query.minimum / query.discount)
    search = numbered(size=query.limit, track_total_hits=False).to_dict()
    searches = [{**search, "knn": each} for each in (by_own, by_passage)]
    own, passages = (
        {number_of(hit): _cosine(hit) for hit in answer["hits"]["hits"]}
        for answer in cluster.searches("pages", searches)
    )
    found = {id: cosine * query.discount for id, cosine in passages.items()}
    return found | {id: max(cosine, found.get(id, cosine)) for id, cosine in own.items()}


def _knn(query: NearQuery, clauses: Sequence[dsl.Query], field: str) -> dict[str, Any]:
    model = [dsl.Term("model", {"value": query.model})] if query.model else []
    return {
        "field": field,
        "query_vector": packed(query.vector).hex(),
        "k": query.limit,
        "num_candidates": min(max(query.limit, CANDIDATES), MOST_CANDIDATES),
        "filter": dsl.Bool(filter=[*clauses, NOT_DELETED, *model]).to_dict(),
    }


def _chosen(ids: Sequence[int]) -> dsl.Query:
    return dsl.Ids(values=[str(id) for id in ids])


def _at_least(minimum: float) -> dict[str, float]:
    """Return the option that leaves out what is less near, with room for rounding: whoever asked compares exactly."""
    return {"similarity": max(minimum - 1e-5, -1.0)} if minimum > -1.0 else {}


def _cosine(hit: Mapping[str, Any]) -> float:
    return 2 * float(hit["_score"]) - 1


def nearest_passages(cluster: Cluster, vector: Vector, ids: Sequence[int], model: str) -> dict[int, Passage]:
    """Return the nearest passage of each of these pages; one without passages that have vectors is left out."""
    if not ids:
        return {}
    near = _knn(
        NearQuery(vector, limit=len(ids), model=model), [_chosen(ids)], f"meanings.{vector_field(len(packed(vector)))}"
    )
    near["inner_hits"] = {"size": 1, "_source": False, "docvalue_fields": ["meanings.number"]}
    body = {"_source": False, "knn": near, "size": len(ids), "track_total_hits": False}
    (answer,) = cluster.searches("pages", [body])
    return passages_at(cluster, {int(hit["_id"]): _number(hit) for hit in answer["hits"]["hits"]})


def _number(hit: Mapping[str, Any]) -> int:
    """Return the number of the nearest passage."""
    nearest = hit["inner_hits"]["meanings"]["hits"]["hits"][0]
    return int(nearest["fields"]["meanings.number"][0])


def page_vectors(cluster: Cluster, ids: Sequence[int], model: str) -> dict[int, Vector]:
    """Return these pages' own vectors, of length 1; a page that has none of the model is left out."""
    found = _own(cluster, ids, dsl.Term("model", {"value": model})) if ids else {}
    return {id: _unit(np.frombuffer(own.page, np.int8)) for id, own in found.items()}


def vector_of(cluster: Cluster, id: int) -> Vectors | None:
    """Return a page's own vector, without those of its passages; None where it has none."""
    return _own(cluster, [id], dsl.Exists(field="model")).get(id)


def _own(cluster: Cluster, ids: Sequence[int], having: dsl.Query) -> dict[int, Vectors]:
    """Return the pages' own vectors: not from the source, which holds what hits show and nothing else."""
    chosen = dsl.Bool(filter=[_chosen(ids), having, NOT_DELETED])
    search = numbered("model", "own", size=len(ids), track_total_hits=False)
    found = {}
    for hit in cluster.search("pages", asked(search, chosen))["hits"]["hits"]:
        (own,), (model,) = hit["fields"]["own"], hit["fields"]["model"]
        found[number_of(hit)] = Vectors(base64.b64decode(own), model=model)
    return found


def _unit(vector: NDArray[np.int8]) -> Vector:
    numbers = vector.astype(np.float32)
    found: Vector = numbers / (np.linalg.norm(numbers) or 1.0)
    return found


def vectors(cluster: Cluster, model: str) -> tuple[int, int]:
    """Return how many pages have vectors, and how many pages may have some."""
    unmeant = dsl.Bool(must_not=[dsl.Term("state", {"value": UNMEANT})])
    having = dsl.Term("model", {"value": model}) if model else dsl.Exists(field="model")
    searches = [asked(COUNTED, dsl.Bool(filter=[NOT_DELETED, *clauses])) for clauses in ([having], [unmeant])]
    some, every = (int(answer["hits"]["total"]["value"]) for answer in cluster.searches("pages", searches))
    return some, every
