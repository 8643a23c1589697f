"""The analysers with the editors' current words, for reading documents and questions.

An analyser is immutable; changed editors' words make another one. So code that takes one at the start and passes it on
works with the same words throughout.
"""

from __future__ import annotations

from django.conf import settings

from core.versions import Versioned
from search.analysis.analysers import Analyser, analyser
from search.models import LexiconWord


def current(locale: str) -> Analyser:
    """Return the analyser of a locale with the editors' words."""
    return _kept.get(locale)


def analysis_name(locale: str = settings.LANGUAGE_CODE) -> str:
    """Return the name of a locale's current analysis: an index built with another one misses hits."""
    return current(locale).name


def _read(locale: str) -> Analyser:
    return analyser(locale, tuple(LexiconWord.objects.order_by("word").values_list("word", flat=True)))


_kept: Versioned[Analyser] = Versioned((LexiconWord,), _read)
