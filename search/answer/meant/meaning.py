"""by_meaning(...) -> Meant: which pages meaning adds to those of the words, and the order of both together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np

from search.answer.meant.awaited import Meaning, beside, near_query
from search.answer.meant.fusion import fused
from search.answer.meant.kindred import candidates, completed, completed_nearness, shared
from search.document import Vector
from search.engines.base import Engine, Near, NearQuery
from search.meaning.vectors import sample
from search.question.asked import Asked
from search.question.tree import Bool, Constant, EngineQuery, Ids, Node, Sort

NEAR_ENOUGH = 0.85
"""Nearness from which a page is a hit though too few words found it."""

BEST = 10
"""So many pages, the best of words and meaning together, are hits though they are less near: a first page to look at."""

PROOF = 0.05
"""What a page's words of a full answer are worth beside its nearness."""

ABSENCE = 0.02
"""What it takes from the nearness of all pages if none of a question's words occurs anywhere: "Bundesliga Tabelle"."""

DEPTH = 100
"""Pages of the words whose order meaning may change; the rest follows in the order of the words."""

FLOOR = 5
"""Percentile of the nearness of a fixed sample of pages that counts as nothing in common."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What meaning found: the ids of the pages whose order it knows, best first.

    `added` are pages that no word found, `scores` the scores of the fusion. `is_doubtful` tells that nothing answers the
    question, unless a page holds all its words; then nothing else is known.
    """

    scores: Mapping[int, float] = field(default_factory=dict)
    added: frozenset[int] = frozenset()
    is_doubtful: bool = False

    @property
    def ids(self) -> Sequence[int]:
        """The pages, best first."""
        return tuple(self.scores)


@dataclass(frozen=True, slots=True)
class Compared:
    """The scores of pages by words, their nearness where they have vectors, which the words found, and which hold none.

    `vectors` are the pages' own, where they were asked for.
    """

    words: Mapping[int, float]
    nearness: Mapping[int, float]
    by_words: frozenset[int]
    added: frozenset[int]
    vectors: Mapping[int, Vector]


def compared(
    words: EngineQuery,
    any_words: Node | None,
    near: NearQuery,
    engine: Engine,
    *,
    ahead: Future[list[Near]] | None = None,
    with_vectors: bool = False,
) -> Compared:
    """Return what `words` and `near` find together. May raise SearchUnavailable.

    `any_words` scores pages that `words` does not find, if there is such a query: no page counts as zero because only the
    other side found it. `ahead` is what `near` finds, if that was already asked for.
    """
    nearest = ahead or beside.begin(engine.nearest, near)
    found = engine.scores(words)
    nearness = {one.id: one.nearness for one in nearest.result()}
    others = tuple(id for id in nearness if id not in found)
    lacking = [id for id in found if id not in nearness]
    lacked = beside.begin(engine.nearness, near.vector, lacking, model=near.model, discount=near.discount)
    own = beside.begin(engine.page_vectors, [*found, *others], model=near.model) if with_vectors else None
    scores = dict(found)
    if others and any_words is not None:
        # Optional, so that the few pages are looked up among those of each word, not all of these among them.
        scored = Bool(must=(Constant(Ids(others), 0.0),), should=(any_words,))
        scores |= engine.scores(EngineQuery(scored, limit=len(others)))
    nearness |= lacked.result()
    added = frozenset(id for id in others if not scores.get(id))
    return Compared(scores, nearness, frozenset(found), added, own.result() if own else {})


def by_meaning(
    asked: Asked,
    meaning: Meaning,
    engine: Engine,
    line: float | None = None,
    ahead: Future[list[Near]] | None = None,
) -> Meant:
    """Return what a question finds by meaning, fused with what it finds by words. May raise SearchUnavailable.

    Below `line`, if there is one, a question counts as not answered. `ahead` are the nearest pages, if they were
    already asked for.
    """
    found = _asked_of(asked, meaning, engine, ahead=ahead, with_vectors=True)
    nearness = found.nearness
    if line is not None and nearness and _certainty(found.words, nearness, asked) < line:
        return Meant(is_doubtful=True)
    ordered = _ordered(meaning, found)
    near_enough = {id for id, value in nearness.items() if value >= NEAR_ENOUGH}
    hits = found.by_words | near_enough | set(list(ordered)[:BEST])
    return Meant({id: score for id, score in ordered.items() if id in hits}, found.added & hits)


def certainty(asked: Asked, meaning: Meaning, engine: Engine) -> float:
    """Return how sure it is that a page answers a question; 0: none is near at all. May raise SearchUnavailable."""
    found = _asked_of(asked, meaning, engine)
    return _certainty(found.words, found.nearness, asked) if found.nearness else 0.0


def _asked_of(
    asked: Asked,
    meaning: Meaning,
    engine: Engine,
    *,
    ahead: Future[list[Near]] | None = None,
    with_vectors: bool = False,
) -> Compared:
    """Return what the words of a question and its meaning find.

    Filters of facets play no part: they choose among the pages of one set, or their counts would not be those of the
    pages they leave.
    """
    return compared(
        replace(asked.words, facets={}, filters={}, sort=Sort.RELEVANCE, offset=0, limit=DEPTH),
        asked.any_words,
        near_query(meaning, asked.words.conditions, asked.narrowing),
        engine,
        ahead=ahead,
        with_vectors=with_vectors,
    )


def _ordered(meaning: Meaning, found: Compared) -> Mapping[int, float]:
    """Return the ids with their scores, best first: words and meaning fused, then what near pages say of each other."""
    words, nearness, vectors = found.words, found.nearness, found.vectors
    scores = fused(words, nearness, floor=floor(meaning.vector, meaning.model, nearness))
    first = candidates(scores)
    if not first or first[0] not in vectors:
        return scores
    best = vectors[first[0]]
    of_first = {id: nearness[id] for id in first if id in nearness}
    completing = completed_nearness(meaning.vector, best, of_first, vectors)
    again = fused(
        {id: words.get(id, 0.0) for id in first},
        completing,
        floor=floor(completed(meaning.vector, best), meaning.model, completing),
    )
    changed = shared(again, vectors)
    # The rest follows, whatever its score was: it was compared with another question.
    least = min(changed.values())
    return {**changed, **{id: min(score, least) for id, score in scores.items() if id not in changed}}


def _certainty(words: Mapping[int, float], nearness: Mapping[int, float], asked: Asked) -> float:
    """Return how sure it is that a page answers a question: the best of its nearness and what its words prove.

    Words that occur nowhere speak against all pages.

    A page without a vector is taken to be as near as the least near.
    """
    least = min(nearness.values())
    pages = words.keys() | nearness.keys()
    full = asked.full or math.inf
    best = max(nearness.get(id, least) + PROOF * min(1.0, words.get(id, 0.0) / full) for id in pages)
    return best - ABSENCE * asked.absent


def floor(vector: Vector, model: str, nearness: Mapping[int, float]) -> float:
    """Return how near pages are that have nothing to do with a vector: it is compared with a sample of all texts."""
    vectors = sample(model)
    if vectors is None:
        return min(nearness.values(), default=0.0)
    return float(np.percentile(vectors @ vector, FLOOR))
