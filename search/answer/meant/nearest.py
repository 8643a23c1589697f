"""nearest_hits(...): the pages shown apart when nothing answers a question."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from core.declared.page_types import areas
from search.answer.grouping import AREA
from search.answer.meant.awaited import Meaning, near_query
from search.engines.base import Engine, EngineHit, Near
from search.question.asked import Asked
from search.question.conditions import visible
from search.question.ranking import led_by
from search.question.request import SearchRequest
from search.question.tree import AnyOf, Bool, Constant, EngineQuery, Everything, Node

NEAREST_SHOWN = 5
"""Pages shown."""

OF_FIRST_AREA = 3
"""So many of them are the nearest of the first area, the library: profiles of partners, all alike, were nearest to "Kind
kann sich nicht konzentrieren" and left no room for what helps with it."""


def nearest_hits(
    request: SearchRequest, asked: Asked, meaning: Meaning | None, engine: Engine
) -> tuple[EngineHit, ...]:
    """Return the pages nearest to a question that nothing answers, by meaning or else by any of its words."""
    conditions = visible(request.locale)
    query: Node = asked.any_words or Everything()
    # What was excluded is not offered after all; a phrase that no page holds may be missing.
    allowed = Bool(must=(Everything(),), must_not=asked.excluded) if asked.excluded else None
    if allowed is not None:
        query = Bool(must=(query, Constant(allowed, 0.0)))
    if meaning is not None and asked.may_mean:
        query = led_by([one.id for one in _nearest(meaning, conditions, allowed, engine)], query)
    elif asked.any_words is None:
        return ()
    return engine.search(EngineQuery(query, conditions, limit=NEAREST_SHOWN)).hits


def _nearest(meaning: Meaning, conditions: tuple[Node, ...], allowed: Node | None, engine: Engine) -> list[Near]:
    """Return the nearest pages, nearest first: some of the first area and some of all others, as far as there are any."""
    first = AnyOf(AREA, tuple(islice(areas(), 1)))
    of_first, of_others = (
        # However far: nothing answers, and these are said to be near only.
        engine.nearest(near_query(meaning, (*conditions, within), allowed, minimum=-1.0, limit=NEAREST_SHOWN))
        for within in (first, Bool(must=(Everything(),), must_not=(first,)))
    )
    chosen = [*of_first[:OF_FIRST_AREA], *of_others[: NEAREST_SHOWN - OF_FIRST_AREA]]
    rest = _by_nearness([*of_first[OF_FIRST_AREA:], *of_others[NEAREST_SHOWN - OF_FIRST_AREA :]])
    return _by_nearness([*chosen, *rest[: NEAREST_SHOWN - len(chosen)]])


def _by_nearness(pages: Sequence[Near]) -> list[Near]:
    return sorted(pages, key=lambda one: (-one.nearness, one.id))
