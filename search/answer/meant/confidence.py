"""line(model, is_foreign) -> float: from what certainty on a question counts as answered, as measured on this library.

Texts are never far apart, and how far depends on the model and on the library: what has nothing in common lies at 0.78 to
0.86, an answer at 0.81 to 0.93. So the line is not a constant: it is what everyday questions that have nothing to do with
the library reach by chance. The worker measures it anew every day and as soon as all pages have vectors.

A question in another language than the pages' lies less near to all of them, to those that answer it and to those that do
not, and its words prove nothing. So it has a line of its own.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
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

UNMEASURED = 0.84
"""The line until it is measured: between those of the two collections that it was fitted on."""

UNMEASURED_ABROAD = 0.8
"""The same for questions in another language."""

BY_CHANCE = 85
"""Percentile of the certainties of strangers that is the line: a few of them are answered by any library."""

BY_CHANCE_ABROAD = 95
"""The same for questions in another language, where half of what answers nothing lies near to nothing at all."""

STRANGERS_NEEDED = 20
"""Fewer say nothing: words of the others all stand together in some page."""

MEASURED_HOURS = 24


@dataclass(frozen=True, slots=True)
class Lines:
    """The line for questions in the language of the pages, and `abroad` for those in another; None: too few tell."""

    home: float | None
    abroad: float | None


def line(model: str, is_foreign: bool) -> float:
    """Return the line for a model and a question."""
    lines = _kept.get(model)
    if is_foreign:
        return UNMEASURED_ABROAD if lines.abroad is None else lines.abroad
    return UNMEASURED if lines.home is None else lines.home


def _read(model: str) -> Lines:
    rows = EmbeddingSource.objects.filter(model=model).order_by("-chosen_at").values_list("line", "line_abroad")
    home, abroad = zip(*rows, strict=True) if rows else ((), ())
    return Lines(*(next((one for one in known if one is not None), None) for known in (home, abroad)))


_kept: Versioned[Lines] = Versioned((EmbeddingSource,), _read)


@cache
def strangers() -> tuple[str, ...]:
    """Return the questions that have nothing to do with the library."""
    return _lines_of("strangers.txt")


@cache
def strangers_abroad() -> tuple[str, ...]:
    """Return such questions in other languages."""
    return _lines_of("strangers_abroad.txt")


def _lines_of(name: str) -> tuple[str, ...]:
    lines = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def line_of(certainties: list[float], percentile: int) -> float | None:
    """Return the line above most of what strangers reach, None if there are too few."""
    if len(certainties) < STRANGERS_NEEDED:
        return None
    return float(np.percentile(certainties, percentile))


def is_due(key: int, now: datetime.datetime) -> bool:
    """Return whether the line of a source is to be measured."""
    before = now - datetime.timedelta(hours=MEASURED_HOURS)
    due = Q(line_at=None) | Q(line_at__lt=before)
    return EmbeddingSource.objects.filter(due, pk=key).exists()


def keep(key: int, measured: Lines) -> None:
    """Store the lines of a source; without a new one the last one holds."""
    found = {"line": measured.home, "line_abroad": measured.abroad}
    values = {"line_at": timezone.now()} | {name: value for name, value in found.items() if value is not None}
    with transaction.atomic():
        EmbeddingSource.objects.filter(pk=key).update(**values)
        versions.changed(EmbeddingSource)
    logger.info("the lines between answered and far are now %s", measured)
