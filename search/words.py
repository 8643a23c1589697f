"""The analysers with the editors' words as the database has them now: for whoever reads documents or questions.

An analyser never changes; editors' words make another one. So who takes one at the beginning of his work and hands it
on works with the same words to its end.
"""

from __future__ import annotations

from django.conf import settings

from core.versions import Versioned
from search.analysis.analysers import Analyser, analyser
from search.models import LexiconWord


def current(locale: str) -> Analyser:
    """Return the analyser of a locale with the editors' words."""
    return _kept.get(locale)


def analysis_name() -> str:
    """Return the name of what analyses now: an index built with another misses hits.

    All locales share one index, so it is made of the names of their analysers.
    """
    return " ".join(dict.fromkeys(current(locale).name for locale, _ in settings.LANGUAGES))


def _read(locale: str) -> Analyser:
    return analyser(locale, tuple(LexiconWord.objects.order_by("word").values_list("word", flat=True)))


_kept: Versioned[Analyser] = Versioned((LexiconWord,), _read)
