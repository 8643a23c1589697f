"""What editors decide about words and hits, kept in memory until they change it.

Synonyms are expanded in the query, so a change works at once without touching the index.
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
    """Everything editors decided, as of one state of the database."""

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
    """Return synonyms and pins as the database has them now, read with an analyser."""
    # Pins begin and end with a day.
    return _kept.get(analyser, timezone.localdate())
