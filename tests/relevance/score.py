"""How good a list of answers is, against graded judgements: plain arithmetic, no search and no files.

The usual measures of ranking, each between 0 and 1. A grade of 1 or more is relevant; what nobody judged counts as 0.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10
"""How many answers are looked at: about what a reader sees before scrolling away."""


@dataclass(frozen=True, slots=True)
class Score:
    """One question: nDCG@10, Recall@10, success@1, whether nothing was found, and how long it took in seconds.

    `is_far`: nothing was found, but what is nearest was shown.
    """

    ndcg: float
    recall: float
    success: float
    is_empty: bool
    seconds: float = 0.0
    is_far: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """Many questions: their number, the means of the measures, how many found nothing, the median time in ms.

    `far` of those that found nothing were shown what is nearest.
    """

    questions: int
    ndcg: float
    recall: float
    success: float
    empty: int
    far: int
    milliseconds: float


def score(grades: Mapping[str, int], found: Sequence[str], seconds: float = 0.0) -> Score:
    """Return the score of the answers `found`, best first, to a question with these grades, of which one is relevant.

    nDCG: the gain of an answer is 2^grade − 1, halved and less with its place, beside the best possible order.
    Recall: the share of all relevant answers that is among the first ten. Success: whether the first one is relevant.
    """
    first = list(dict.fromkeys(found))[:DEPTH]
    relevant = {answer for answer, grade in grades.items() if grade >= 1}
    ideal = _gain(sorted(grades.values(), reverse=True)[:DEPTH])
    return Score(
        ndcg=_gain([grades.get(answer, 0) for answer in first]) / ideal,
        recall=len(relevant & set(first)) / len(relevant),
        success=float(bool(first) and first[0] in relevant),
        is_empty=not first,
        seconds=seconds,
    )


def _gain(grades: Iterable[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def summary(scores: Sequence[Score]) -> Summary:
    """Return the means of at least one score."""
    return Summary(
        questions=len(scores),
        ndcg=statistics.fmean(one.ndcg for one in scores),
        recall=statistics.fmean(one.recall for one in scores),
        success=statistics.fmean(one.success for one in scores),
        empty=sum(one.is_empty for one in scores),
        far=sum(one.is_far for one in scores),
        milliseconds=statistics.median(one.seconds for one in scores) * 1000,
    )


DRAWS, SEED = 2000, 1
"""How often questions are drawn anew for an interval, and from where chance begins: always the same."""


def interval(before: Sequence[Score], after: Sequence[Score]) -> tuple[float, float]:
    """Return where the difference of nDCG@10 would lie in 95 of 100 sets of questions like these.

    Both lists are of the same questions in the same order (paired bootstrap). An interval that holds 0 shows nothing.
    """
    differences = [new.ndcg - old.ndcg for old, new in zip(before, after, strict=True)]
    chance = random.Random(SEED)
    means = sorted(statistics.fmean(chance.choices(differences, k=len(differences))) for _ in range(DRAWS))
    return means[int(DRAWS * 0.025)], means[int(DRAWS * 0.975)]
