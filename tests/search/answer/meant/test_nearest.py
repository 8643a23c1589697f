"""What is shown where nothing answers: the nearest of the library, and the nearest of all else."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.declared.page_types import areas
from library.models import LibraryIndexPage
from search.answer.meant.awaited import Meaning
from search.answer.meant.nearest import NEAREST_SHOWN, nearest_hits
from search.engines.current import engine_of
from search.question.asked import asked
from search.question.editorial import editorial
from search.question.request import SearchRequest
from search.question.understood import understood
from search.words import current
from tests.published import index_entries

MEANING = Meaning(np.array([1.0, 0.0], np.float32), "some model")


def filled(of_library: int, of_others: int) -> None:
    """Index entries of the library from 1 and of another area from 101, each a little further away; the others are nearer."""
    library, other, *_ = areas()
    degrees = {id: 40 + id for id in range(1, of_library + 1)} | {100 + id: id for id in range(1, of_others + 1)}
    index_entries(
        {id: {"title": f"Seite {id}", "area": library if id <= 100 else other} for id in degrees},
        {id: np.array([math.cos(math.radians(d)), math.sin(math.radians(d))]) for id, d in degrees.items()},
    )


def shown(query: str = "Zappelphilipp") -> list[int]:
    engine, analyser = engine_of("de"), current("de")
    request = SearchRequest(query=query)
    question = understood(request, editorial(analyser), analyser, engine.frequencies)
    return [hit.id for hit in nearest_hits(request, asked(request, question.parsed), MEANING, engine)]


@pytest.mark.parametrize(
    ("of_library", "of_others", "expected"),
    [
        (9, 9, [101, 102, 1, 2, 3]),
        (2, 9, [101, 102, 103, 1, 2]),
        (9, 1, [101, 1, 2, 3, 4]),
        (0, 9, [101, 102, 103, 104, 105]),
        (9, 0, [1, 2, 3, 4, 5]),
        (1, 1, [101, 1]),
    ],
)
def test_the_library_has_most_places_whatever_else_is_nearer(
    library: LibraryIndexPage, of_library: int, of_others: int, expected: list[int]
) -> None:
    filled(of_library, of_others)
    assert shown() == expected
    assert len(expected) <= NEAREST_SHOWN


def test_what_is_excluded_is_not_near(library: LibraryIndexPage) -> None:
    filled(3, 3)
    assert shown("Zappelphilipp -Seite") == []
