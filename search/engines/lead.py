"""Pages that lead: which queries have some, and in_places(Led) -> Node for an engine that orders by scores alone."""

from __future__ import annotations

from search.question.tree import Best, Bool, Constant, EngineQuery, Ids, Led, Node, Sort

LEAD = 65536.0
"""Above any score that words can reach, so that pages whose order is decided already lead in that order: pins, and what
words and meaning found together."""


def leading(query: EngineQuery) -> Led | None:
    """Return the pages that lead the hits of a query, None where none do."""
    return query.query if isinstance(query.query, Led) and query.sort is Sort.RELEVANCE else None


def in_places(led: Led) -> Node:
    """Return the node whose scores order pages as `led` says.

    A page's place is written in binary, one node for each digit: nine nodes order five hundred pages.
    """
    places = dict(zip(reversed(led.ids), range(1, len(led.ids) + 1), strict=True))
    digits = (
        (tuple(id for id, place in places.items() if place >> digit & 1), float(1 << digit))
        for digit in range(len(led.ids).bit_length())
    )
    lead = tuple(Constant(Ids(found), LEAD * value) for found, value in digits)
    return Best((Bool(should=lead, minimum=1), led.others))
