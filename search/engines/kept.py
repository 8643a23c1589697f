"""Kept: what engines make of nodes of the query tree, for as long as the same nodes are asked about."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from search.question.tree import Node

MOST = 1_000
"""Nodes of which something is kept: a question sends the same trees several times, and translating takes longer than finding."""

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """What was made of a node, told by its identity: comparing trees takes as long as translating them."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, Hashable], tuple[Node, Made]] = {}

    def of(self, node: Node, manner: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returns, made once for the same object in the same manner."""
        key = (id(node), manner)
        kept = self._kept.get(key)
        # An id may be another node's by now, unless the node itself was kept.
        if kept is not None and kept[0] is node:
            return kept[1]
        made = make()
        if len(self._kept) >= MOST:
            self._kept = {}
        self._kept[key] = (node, made)
        return made
