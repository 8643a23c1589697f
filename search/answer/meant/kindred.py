"""What pages that lie near to one another say about each other: pure, after words and meaning are one order.

A question names a subject in a few words, and a page that was found names it in many. So the vector of the best page
completes that of the question (feedback, after J. Rocchio, 1971), and each page shares its score with the pages that
are most like it (F. Diaz, Regularizing Ad Hoc Retrieval Scores, 2005): what answers a question stands in company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from search.document import Vector

FEEDBACK = 0.4
"""How much the best page adds to the vector of a question."""

KINDRED = 2
"""Pages that a page shares its score with."""

SHARED = 0.3
"""How much of a page's score comes from them."""

CANDIDATES = 100
"""Pages whose order this may change, best first."""


def completed(question: Vector, best: Vector) -> Vector:
    """Return the vector of a question with that of its best page, of length 1 like both."""
    found: Vector = question + FEEDBACK * best
    return found / np.float32(np.linalg.norm(found))


def completed_nearness(
    question: Vector, best: Vector, nearness: Mapping[int, float], vectors: Mapping[int, Vector]
) -> dict[int, float]:
    """Return how near pages are to the completed question: their nearness to it, and their own vector's to the best page.

    A page without a vector in `vectors` is left out.
    """
    length = float(np.linalg.norm(question + FEEDBACK * best))
    return {id: (nearness[id] + FEEDBACK * float(vectors[id] @ best)) / length for id in nearness if id in vectors}


def shared(scores: Mapping[int, float], vectors: Mapping[int, Vector]) -> dict[int, float]:
    """Return the scores after each page has shared with its KINDRED nearest among them, best first, then by id.

    A page without a vector keeps its score.
    """
    ids = [id for id in scores if id in vectors]
    found = dict(scores)
    if len(ids) > KINDRED:
        own = np.array([scores[id] for id in ids])
        means = own[_nearest(np.stack([vectors[id] for id in ids]))].mean(axis=1)
        found |= zip(ids, ((1 - SHARED) * own + SHARED * means).tolist(), strict=True)
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _nearest(vectors: Vector) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return for each row the numbers of its KINDRED nearest others."""
    # Rounded: equal vectors must not be ordered by the last bit, which differs between processors.
    nearness = np.round(vectors @ vectors.T, 5)
    np.fill_diagonal(nearness, -np.inf)
    return np.argsort(-nearness, axis=1, kind="stable")[:, :KINDRED]


def candidates(scores: Mapping[int, float]) -> Sequence[int]:
    """Return the ids of the pages whose order may change, best first."""
    return list(scores)[:CANDIDATES]
