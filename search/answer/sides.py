"""compared(...) -> Compared: pages found by words and pages near in meaning, each with its true score of both.

None counts as zero because only the other side found it: at most four questions to the engine, however many pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.engines.base import Engine, Near, NearQuery
from search.question.tree import EngineQuery, Ids, Node


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

    `any_words` scores pages that `words` does not find; None: they have no score.
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
