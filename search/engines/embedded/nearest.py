"""Pages by meaning: the matrix says which are nearest, and the index which of them match.

The index decides about every page, so one that is deleted, expired or filtered out is never found, whatever the matrix
still holds of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tantivy
from numpy.typing import NDArray

from core.declared.searchable import Passage
from search.document import Vector, Vectors, packed
from search.engines.base import Near, NearQuery, SearchUnavailable
from search.engines.embedded.folder import Folder
from search.engines.embedded.reading import count, passages_at, unscored
from search.engines.embedded.translate import PAGES
from search.engines.fields import UNMEANT
from search.question.tree import EngineQuery, Everything, Ids, Term

MORE = 100
"""So many more pages than asked for are tried first; only when too few match are all that match collected."""


def nearest(folder: Folder, query: NearQuery) -> list[Near]:
    """Return the nearest matching pages, nearest first, then by id."""
    question = np.frombuffer(packed(query.vector), np.int8)
    matrices = folder.vectors().of(len(question), query.model)
    if not matrices or query.limit < 1:
        return []
    ids = np.concatenate([matrix.ids for matrix in matrices])
    nearness = np.concatenate([matrix.nearness(question, query.discount) for matrix in matrices])
    near = np.flatnonzero(nearness >= query.minimum)
    asked = EngineQuery(query.query or Everything(), query.conditions, query.filters)
    try:
        chosen = near[_chosen(folder.searcher(), asked, ids[near], nearness[near], query.limit)]
    except ValueError as error:
        raise SearchUnavailable(f"the index refused a query: {error}") from error
    return [Near(*each) for each in zip(ids[chosen].tolist(), nearness[chosen].tolist(), strict=True)]


def _chosen(
    searcher: tantivy.Searcher, asked: EngineQuery, ids: NDArray[np.int64], nearness: NDArray[np.float32], limit: int
) -> NDArray[np.intp]:
    """Return the places of the nearest pages that match, in order."""
    first = _best(ids, nearness, limit + MORE)
    narrowed = tantivy.Query.boolean_query([*unscored(asked), PAGES.filter(Ids(tuple(ids[first].tolist())))])
    found = first[np.isin(ids[first], _numbers(searcher, narrowed, len(first)))]
    if len(found) < limit and len(first) < len(ids):
        everything = tantivy.Query.boolean_query(unscored(asked))
        matching = np.flatnonzero(np.isin(ids, _numbers(searcher, everything, int(searcher.num_docs))))
        found = matching[_best(ids[matching], nearness[matching], limit)]
    return found[:limit]


def _best(ids: NDArray[np.int64], nearness: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    """Return the places of the nearest pages, nearest first, then by id."""
    places = np.arange(len(ids))
    if len(ids) > limit:
        # All that are as near as the last: which of them stay is decided by their ids.
        least = np.partition(nearness, -limit)[-limit]
        places = np.flatnonzero(nearness >= least)
    return places[np.lexsort((ids[places], -nearness[places]))][:limit]


def _numbers(searcher: tantivy.Searcher, query: tantivy.Query, limit: int) -> list[int]:
    """Return the ids of at most `limit` pages that match."""
    found = searcher.search(query, max(limit, 1), count=False)
    return list(searcher.fast_field_values("number", [address for _, address in found.hits]))


def nearness(folder: Folder, vector: Vector, ids: Sequence[int], model: str, discount: float) -> dict[int, float]:
    """Return how near these pages are; one that has no vector of the model is left out."""
    question = np.frombuffer(packed(vector), np.int8)
    found: dict[int, float] = {}
    for matrix in folder.vectors().of(len(question), model):
        found |= matrix.nearness_at(question, discount, matrix.places_of(ids))
    return found


def nearest_passages(folder: Folder, vector: Vector, ids: Sequence[int], model: str) -> dict[int, Passage]:
    """Return the nearest passage of each of these pages; one without passages that have vectors is left out."""
    question = np.frombuffer(packed(vector), np.int8)
    numbers = {
        int(matrix.ids[place]): matrix.nearest_passage(question, place)
        for matrix in folder.vectors().of(len(question), model)
        for place in matrix.places_of(ids)
    }
    return passages_at(folder, {id: number for id, number in numbers.items() if number is not None})


def page_vectors(folder: Folder, ids: Sequence[int], model: str) -> dict[int, Vector]:
    """Return these pages' own vectors, of length 1; a page that has none of the model is left out."""
    return {id: vector for matrix in folder.vectors().of_model(model) for id, vector in matrix.own(ids)}


def vector_of(folder: Folder, id: int) -> Vectors | None:
    """Return a page's own vector, without those of its passages; None where it has none."""
    for matrix in folder.vectors().matrices:
        for place in matrix.places_of([id]):
            own, *_ = matrix.vectors_at(place)
            return Vectors(own, model=matrix.part.model)
    return None


def vectors(folder: Folder, model: str) -> tuple[int, int]:
    """Return how many pages have vectors, and how many pages may have some."""
    return folder.vectors().count(model), count(folder, Term("state", UNMEANT))
