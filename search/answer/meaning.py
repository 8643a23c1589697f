"""by_meaning(...) -> Meant: which pages meaning adds to those of the words, and the order of both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from search.answer.fusion import fused
from search.document import Vector
from search.engines.base import PASSAGE_DISCOUNT, Engine, EngineHit, Near, NearQuery
from search.meaning.current import get_embedder, question_vector
from search.meaning.vectors import sample
from search.question.asked import Asked
from search.question.conditions import visible
from search.question.ranking import led_by
from search.question.request import SearchRequest
from search.question.tree import Bool, Constant, EngineQuery, Everything, Ids, Node, Sort

NEAR_ENOUGH = 0.835
"""Nearness from which a page is a hit though too few words found it."""

CONFIDENT = 0.838
"""Nearness that the nearest page needs, less what its words prove, if no page holds all words: otherwise nothing answers
the question. Texts are never far apart: what has nothing in common lies at 0.78 to 0.86, an answer at 0.81 to 0.93."""

PROOF = 0.03
"""What the words of a full answer are worth beside nearness."""

NEAREST = 200
"""Maximum of pages that meaning finds."""

DEPTH = 200
"""Pages of the words whose order meaning may change; the rest follows in the order of the words."""

NEAREST_SHOWN = 5
"""Pages shown apart when nothing answers a question."""

FLOOR = 5
"""Percentile of the nearness of a fixed sample of pages that counts as nothing in common."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means: its vector and the model that made it."""

    vector: Vector
    model: str


def meaning_of(text: str) -> Meaning | None:
    """Return what a text means, None where that cannot be had in time."""
    vector = question_vector(text) if text else None
    # Asked for second: a vector proves that the model is open, and opening it would take too long here.
    embedder = get_embedder() if vector is not None else None
    return Meaning(vector, embedder.name) if vector is not None and embedder is not None else None


@dataclass(frozen=True, slots=True)
class Meant:
    """What meaning found: the ids of the pages whose order it knows, best first.

    `added` are pages that no word found, `passages` the number of the nearest passage of each near page, `scores` the
    scores of the fusion. `nearness` is that of the nearest page, None where nothing was compared, `matched` how much the
    words of the best page are of a full answer, from 0 to 1.
    """

    scores: Mapping[int, float] = field(default_factory=dict)
    nearness: float | None = None
    matched: float = 0.0
    added: frozenset[int] = frozenset()
    passages: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_doubtful(self) -> bool:
        """Whether nothing answers the question, unless a page holds all its words."""
        return self.nearness is not None and self.nearness + PROOF * self.matched < CONFIDENT

    @property
    def ids(self) -> Sequence[int]:
        """The pages, best first."""
        return tuple(self.scores)


@dataclass(frozen=True, slots=True)
class Compared:
    """The scores of pages by words, their nearness where they have vectors, and which pages no word found."""

    words: Mapping[int, float]
    near: Mapping[int, Near]
    added: frozenset[int]

    @property
    def nearness(self) -> dict[int, float]:
        """The nearness of each page that has vectors."""
        return {id: near.nearness for id, near in self.near.items()}


def compared(words: EngineQuery, any_words: Node | None, near: NearQuery, engine: Engine) -> Compared:
    """Return what `words` and `near` find together. May raise SearchUnavailable.

    `any_words` scores pages that `words` does not find, if there is such a query: no page counts as zero because only the
    other side found it.
    """
    found = engine.scores(words)
    places = {one.id: one for one in engine.nearest(near)}
    others = tuple(id for id in places if id not in found)
    scores = dict(found)
    if others and any_words is not None:
        scores |= engine.scores(EngineQuery(any_words, (Ids(others),), limit=len(others)))
    lacking = [id for id in found if id not in places]
    if lacking:
        places |= engine.nearness(near.vector, lacking, model=near.model, discount=near.discount)
    return Compared(scores, places, frozenset(id for id in others if not scores.get(id)))


def by_meaning(asked: Asked, meaning: Meaning, engine: Engine) -> Meant:
    """Return what a question finds by meaning, fused with what it finds by words. May raise SearchUnavailable."""
    found = compared(
        replace(asked.words, facets={}, sort=Sort.RELEVANCE, offset=0, limit=DEPTH),
        asked.any_words,
        NearQuery(
            meaning.vector,
            asked.words.conditions,
            asked.words.filters,
            asked.narrowing,
            minimum=NEAR_ENOUGH,
            limit=NEAREST,
            model=meaning.model,
            discount=PASSAGE_DISCOUNT,
        ),
        engine,
    )
    nearness = found.nearness
    return Meant(
        fused(found.words, nearness, floor=floor(meaning.vector, meaning.model, nearness)),
        max(nearness.values(), default=None),
        min(1.0, max(found.words.values(), default=0.0) / asked.full) if asked.full else 0.0,
        found.added,
        {id: one.passage for id, one in found.near.items() if one.passage is not None},
    )


def nearest_hits(
    request: SearchRequest, asked: Asked, meaning: Meaning | None, engine: Engine
) -> tuple[EngineHit, ...]:
    """Return the pages nearest to a question that nothing answers, by meaning or else by any of its words."""
    conditions = visible(request.locale)
    query: Node = asked.any_words or Everything()
    if asked.narrowing is not None:
        # What was excluded is not offered after all.
        query = Bool(must=(query, Constant(asked.narrowing, 0.0)))
    if meaning is not None and asked.may_mean:
        near = engine.nearest(
            NearQuery(
                meaning.vector,
                conditions,
                query=asked.narrowing,
                limit=NEAREST_SHOWN,
                model=meaning.model,
                discount=PASSAGE_DISCOUNT,
            )
        )
        query = led_by([one.id for one in near], query)
    elif asked.any_words is None:
        return ()
    return engine.search(EngineQuery(query, conditions, limit=NEAREST_SHOWN)).hits


def floor(vector: Vector, model: str, nearness: Mapping[int, float]) -> float:
    """Return how near pages are that have nothing to do with a vector: it is compared with a sample of all texts."""
    vectors = sample(model)
    if vectors is None:
        return min(nearness.values(), default=0.0)
    return float(np.percentile(vectors @ vector, FLOOR))
