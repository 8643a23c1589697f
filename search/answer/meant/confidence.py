"""line(model) -> float: from what certainty on a question counts as answered, as measured on this library.

Texts are never far apart, and how far depends on the model and on the library: what has nothing in common lies at 0.78 to
0.86, an answer at 0.81 to 0.93. So the line is not a constant: it is what everyday questions that have nothing to do with
the library reach by chance. The worker measures it anew every day and as soon as all pages have vectors.
"""

from __future__ import annotations

import datetime
import logging
from functools import cache
from pathlib import Path

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import versions
from core.versions import Versioned
from search.models import EmbeddingSource

logger = logging.getLogger(__name__)

UNMEASURED = 0.85
"""The line until it is measured: between those of the two collections that it was fitted on."""

BY_CHANCE = 85
"""Percentile of the certainties of strangers that is the line: a few of them are answered by any library."""

STRANGERS_NEEDED = 20
"""Fewer say nothing: words of the others all stand together in some page."""

MEASURED_HOURS = 24


def line(model: str) -> float:
    """Return the line for a model."""
    return _kept.get(model)


def _read(model: str) -> float:
    found = EmbeddingSource.objects.filter(model=model, line__isnull=False).order_by("-chosen_at").first()
    return UNMEASURED if found is None or found.line is None else found.line


_kept: Versioned[float] = Versioned((EmbeddingSource,), _read)


@cache
def strangers() -> tuple[str, ...]:
    """Return the questions that have nothing to do with the library."""
    lines = (Path(__file__).parent / "data" / "strangers.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def line_of(certainties: list[float]) -> float | None:
    """Return the line above most of what strangers reach, None if there are too few."""
    if len(certainties) < STRANGERS_NEEDED:
        return None
    return float(np.percentile(certainties, BY_CHANCE))


def is_due(key: int, now: datetime.datetime) -> bool:
    """Return whether the line of a source is to be measured."""
    before = now - datetime.timedelta(hours=MEASURED_HOURS)
    due = Q(line_at=None) | Q(line_at__lt=before)
    return EmbeddingSource.objects.filter(due, pk=key).exists()


def keep(key: int, measured: float | None) -> None:
    """Store the line of a source; without a new one the last one holds."""
    values = {"line_at": timezone.now()} | ({"line": measured} if measured is not None else {})
    with transaction.atomic():
        EmbeddingSource.objects.filter(pk=key).update(**values)
        versions.changed(EmbeddingSource)
    logger.info("the line between answered and far is now %s", measured)
