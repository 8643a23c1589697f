"""measure(...) -> line: ask what strangers would ask, as a search would, and see how certain the answers are."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from core.running.jobs import stopping
from search.answer.asking import certainty
from search.answer.meant.confidence import is_due, keep, line_of, strangers
from search.answer.meant.meaning import Meaning
from search.engines.base import Engine, SearchUnavailable
from search.engines.current import get_engine
from search.meaning.current import get_embedder
from search.meaning.embedder import Embedder, EmbeddingUnavailable
from search.meaning.vectors import current_source
from search.models import PageToEmbed
from search.question.editorial import editorial
from search.question.request import SearchRequest
from search.question.understood import understood
from search.words import current


def measure(engine: Engine, embedder: Embedder) -> float | None:
    """Return the line between answered and far, None if too few questions tell.

    May raise SearchUnavailable and EmbeddingUnavailable.
    """
    locale = settings.LANGUAGE_CODE
    analyser = current(locale)
    found = []
    for text in strangers():
        if stopping.is_set():
            return None
        question = understood(
            SearchRequest(query=text, locale=locale), editorial(analyser), analyser, engine.frequencies
        )
        meaning = Meaning(embedder.question(question.parsed.plain or text), embedder.name)
        found.append(certainty(question, engine, meaning))
    return line_of([one for one in found if one is not None])


def measure_due() -> int:
    """Measure the line once a day, and as soon as all pages have vectors; return 1 if it was. The worker's job."""
    source = current_source()
    if not source or PageToEmbed.objects.exists() or not is_due(source.key, timezone.now()):
        return 0
    embedder = get_embedder()
    if embedder is None or embedder.name != source.model:
        return 0
    try:
        measured = measure(get_engine(), embedder)
    except (SearchUnavailable, EmbeddingUnavailable):
        return 0
    if stopping.is_set():
        return 0
    keep(source.key, measured)
    return 1
