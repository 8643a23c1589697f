"""How many pages in other languages answer a question: a number for each, so that a reader knows where else to look.

Each language is asked by its own analysis and its own index. Its pages count where one holds all the words, or where meaning says
that they answer; the second is asked only when the language that was searched in has no page with all the words, so that
a question that is answered costs one query more a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from search.answer.asking import is_complete, is_foreign
from search.answer.indexed_words import IndexedWords
from search.answer.meant.confidence import line
from search.answer.meant.meaning import Meaning, by_meaning
from search.engines.base import SearchUnavailable
from search.engines.current import engine_of
from search.question.asked import asked
from search.question.editorial import editorial
from search.question.request import SearchRequest
from search.question.understood import understood
from search.words import current


def elsewhere(
    request: SearchRequest, locales: Iterable[str], meaning: Meaning | None, *, is_answered: bool
) -> Mapping[str, int]:
    """Return the number of pages in each of the other languages that has some; nothing for a request without words."""
    if not request.query or request.page > 1:
        return {}
    found = {
        locale: _total(replace(request, locale=locale, grouped=False), None if is_answered else meaning)
        for locale in locales
        if locale != request.locale
    }
    return {locale: total for locale, total in found.items() if total}


def _total(request: SearchRequest, meaning: Meaning | None) -> int:
    engine, analyser = engine_of(request.locale), current(request.locale)
    try:
        question = understood(request, editorial(analyser), analyser, engine.frequencies)
        queries = asked(request, question.parsed)
        query = queries.words
        if not is_complete(question.parsed, IndexedWords(engine, request.locale)):
            if meaning is None or not queries.may_mean:
                return 0
            meant = by_meaning(queries, meaning, engine, line(meaning.model, is_foreign(question)))
            if meant.is_doubtful or not meant.ids:
                return 0
            query = queries.led_by(meant.ids)
        return engine.totals([query])[0]
    except SearchUnavailable:
        # A language without an index has no pages; the question is answered in its own all the same.
        return 0
