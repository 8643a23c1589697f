"""measure(...) -> Lines: ask what strangers would ask, as a search would, and see how certain the answers are."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from core.running.jobs import stopping
from search.answer.asking import certainty, is_foreign
from search.answer.meant.awaited import Meaning
from search.answer.meant.confidence import (
    BY_CHANCE,
    BY_CHANCE_ABROAD,
    Lines,
    is_due,
    keep,
    line_of,
    strangers,
    strangers_abroad,
)
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


def measure(engine: Engine, embedder: Embedder) -> Lines | None:
    """Return the lines between answered and far, None if the worker stops meanwhile.

    May raise SearchUnavailable and EmbeddingUnavailable.
    """
    locale = settings.LANGUAGE_CODE
    analyser = current(locale)
    found: dict[bool, list[float]] = {False: [], True: []}
    for text in (*strangers(), *strangers_abroad()):
        if stopping.is_set():
            return None
        question = understood(
            SearchRequest(query=text, locale=locale), editorial(analyser), analyser, engine.frequencies
        )
        meaning = Meaning(embedder.question(question.parsed.plain or text), embedder.name)
        reached = certainty(question, engine, meaning)
        if reached is not None:
            found[is_foreign(question)].append(reached)
    return Lines(line_of(found[False], BY_CHANCE), line_of(found[True], BY_CHANCE_ABROAD))


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
    if measured is None:
        return 0
    keep(source.key, measured)
    return 1
