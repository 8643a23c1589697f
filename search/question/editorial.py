"""Editors' decisions about words and hits, kept in memory until they change.

Synonyms are expanded in the query, so a change takes effect immediately without touching the index.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from core.versions import Versioned
from search.analysis.analysers import KEPT, Analyser
from search.models import LexiconWord, Pin, SynonymSet
from search.question.synonyms import Synonyms, content_tokens, key_of


@dataclass(frozen=True, slots=True)
class Editorial:
    """All editors' decisions, as of one state of the database."""

    synonyms: Synonyms
    pins: dict[str, tuple[int, ...]]


def _read(analyser: Analyser, today: datetime.date) -> Editorial:
    sets = [row.entries() for row in SynonymSet.objects.all()]
    pins: dict[str, list[int]] = {}
    for pin in Pin.objects.active(today).order_by("order", "pk"):
        pins.setdefault(key_of(content_tokens(pin.query, analyser)), []).append(pin.page_id)
    return Editorial(Synonyms(sets, analyser), {key: tuple(dict.fromkeys(ids)) for key, ids in pins.items()})


_kept: Versioned[Editorial] = Versioned((SynonymSet, Pin, LexiconWord), _read, at_most=KEPT)


def editorial(analyser: Analyser) -> Editorial:
    """Return the current synonyms and pins, analysed with an analyser."""
    # Pins begin and end with a day.
    return _kept.get(analyser, timezone.localdate())
