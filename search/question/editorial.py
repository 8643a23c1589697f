"""What editors decide about words and hits, kept in memory until they change it.

Synonyms are expanded in the query, so a change works at once without touching the index.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.versions import Versioned
from search.analysis import german
from search.models import LexiconWord, Pin, SynonymSet
from search.question.synonyms import Synonyms, content_tokens, key_of


@dataclass(frozen=True, slots=True)
class Editorial:
    """Everything editors decided, as of one state of the database."""

    synonyms: Synonyms
    pins: dict[str, tuple[int, ...]]


_words_state: tuple[Any, ...] | None = None


def _read(today: datetime.date) -> Editorial:
    use_editor_words()
    sets = [row.entries() for row in SynonymSet.objects.all()]
    pins: dict[str, list[int]] = {}
    for pin in Pin.objects.active(today).order_by("order", "pk"):
        pins.setdefault(key_of(content_tokens(pin.query)), []).append(pin.page_id)
    return Editorial(Synonyms(sets), {key: tuple(dict.fromkeys(ids)) for key, ids in pins.items()})


_kept: Versioned[Editorial] = Versioned((SynonymSet, Pin, LexiconWord), _read, at_most=1)


def editorial() -> Editorial:
    """Return synonyms and pins as the database has them now."""
    # Pins begin and end with a day.
    return _kept.get(timezone.localdate())


def use_editor_words() -> None:
    """Give the editors' word list to the analysis when it has changed since the last call."""
    global _words_state
    words = tuple(LexiconWord.objects.order_by("word").values_list("word", flat=True))
    if words != _words_state:
        german.set_editor_words(words)
        _words_state = words
