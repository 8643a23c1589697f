"""Pages whose order is decided lead in it, for engines that order by scores alone."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

import pytest

from search.engines.lead import LEAD, in_places
from search.question.tree import Best, Bool, Constant, Everything, Ids, Led, Node


def scored(tree: Node, others: Mapping[int, float]) -> dict[int, float]:
    """Return the score that a tree of `in_places` gives each page, exactly; `others` are the scores of all others."""
    assert isinstance(tree, Best)
    lead, _ = tree.children
    assert isinstance(lead, Bool)
    assert (tree.tie, lead.minimum) == (0.0, 1)
    sums: dict[int, float] = {}
    for node in lead.should:
        assert isinstance(node, Constant)
        assert isinstance(node.child, Ids)
        for id in node.child.ids:
            sums[id] = sums.get(id, 0.0) + node.score
    return {id: max(sums.get(id, -math.inf), others.get(id, -math.inf)) for id in sums.keys() | others.keys()}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 255, 256, 500])
def test_pages_lead_in_exactly_their_order_and_above_all_others(count: int) -> None:
    ids = random.Random(count).sample(range(1, 10_000), count)
    others = dict.fromkeys((*ids[::2], *range(10_000, 10_005)), LEAD - 1)
    tree = in_places(Led(tuple(ids), Everything()))
    scores = scored(tree, others)
    assert sorted(scores, key=lambda id: -scores[id])[:count] == ids
    assert len({scores[id] for id in ids}) == count
    assert min(scores[id] for id in ids) >= LEAD


def test_five_hundred_leading_pages_take_nine_nodes() -> None:
    tree = in_places(Led(tuple(range(1, 501)), Everything()))
    assert isinstance(tree, Best)
    assert isinstance(tree.children[0], Bool)
    assert len(tree.children[0].should) == 9
