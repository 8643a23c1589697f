"""Awaited: what a question means and which pages lie nearest to it, found out while its words are looked up."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass

from search.document import Vector
from search.engines.base import PASSAGE_DISCOUNT, Engine, Near, NearQuery
from search.meaning.current import get_embedder, question_vector
from search.question.tree import Node
from search.threads import Threads

WORTH_A_LOOK = 0.8
"""Nearness from which a page is weighed at all: what has nothing in common lies at 0.78 to 0.86."""

NEAREST = 100
"""Maximum of pages that meaning finds: as many as their order may change among; twice as many answer no better."""

beside = Threads("nearest", each=2)
"""Compares and reads vectors while words are looked up."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means: its vector and the model that made it."""

    vector: Vector
    model: str


class Awaited:
    """What a text means, and the pages nearest to it; nothing for an empty one.

    `seconds` is how long whoever asked for the meaning has waited.
    """

    def __init__(self, text: str) -> None:
        """Begin to find out what it means."""
        self.seconds = 0.0
        self._wait = question_vector(text) if text else None
        self._lock = threading.Lock()
        self._found: tuple[Meaning | None] | None = None
        self._ahead: tuple[Node | None, Future[list[Near]]] | None = None

    @property
    def meaning(self) -> Meaning | None:
        """What the text means, waited for once; None where that cannot be had in time."""
        started = time.perf_counter()
        found = self._waited_for()
        self.seconds += time.perf_counter() - started
        return found

    def look_ahead(self, engine: Engine, conditions: tuple[Node, ...], narrowing: Node | None) -> None:
        """Begin to look for the nearest pages as soon as the meaning is there, before the words are read to the end."""
        if self._wait is not None:
            self._ahead = narrowing, beside.begin(self._nearest, engine, conditions, narrowing)

    def ahead(self, narrowing: Node | None) -> Future[list[Near]] | None:
        """Return the nearest pages as they were looked for ahead; None where they were not, or among other pages."""
        if self._ahead is None:
            return None
        among, found = self._ahead
        return found if among == narrowing else None

    def _nearest(self, engine: Engine, conditions: tuple[Node, ...], narrowing: Node | None) -> list[Near]:
        meaning = self._waited_for()
        return [] if meaning is None else engine.nearest(near_query(meaning, conditions, narrowing))

    def _waited_for(self) -> Meaning | None:
        with self._lock:
            if self._found is None:
                self._found = (self._find(),)
            return self._found[0]

    def _find(self) -> Meaning | None:
        vector = self._wait() if self._wait is not None else None
        # Asked for second: a vector proves that the model is open, and opening it would take too long here.
        embedder = get_embedder() if vector is not None else None
        return Meaning(vector, embedder.name) if vector is not None and embedder is not None else None


def near_query(
    meaning: Meaning,
    conditions: tuple[Node, ...],
    narrowing: Node | None,
    *,
    minimum: float = WORTH_A_LOOK,
    limit: int = NEAREST,
) -> NearQuery:
    """Return the query for the pages nearest to what a question means, as near as it may find them by default."""
    return NearQuery(
        meaning.vector,
        conditions,
        query=narrowing,
        minimum=minimum,
        limit=limit,
        model=meaning.model,
        discount=PASSAGE_DISCOUNT,
    )
