"""How many pages in other languages answer a question: a number for each, so that a reader knows where else to look.

Each language is asked by its own analysis and its own index. Its pages count where one holds all the words, or where meaning says
that they answer; the second is asked only when the language that was searched in has no page with all the words, so that
a question that is answered costs one query more a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from search.answer.asking import is_foreign
from search.answer.meant.awaited import Meaning
from search.answer.meant.confidence import line
from search.answer.meant.meaning import by_meaning
from search.engines.base import SearchUnavailable
from search.engines.current import engine_of
from search.question.asked import asked
from search.question.conditions import conditions
from search.question.coverage import all_of, may_hold
from search.question.editorial import editorial
from search.question.parsing import parse
from search.question.request import SearchRequest
from search.question.tree import EngineQuery, Everything
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
    editors = editorial(analyser)
    try:
        parsed = parse(request.query, editors.synonyms, analyser)
        if may_hold(parsed, engine.frequencies):
            held = EngineQuery(all_of(parsed) or Everything(), conditions(request), request.filters)
            if total := engine.totals([held])[0]:
                return total
        return 0 if meaning is None else _by_meaning(request, meaning)
    except SearchUnavailable:
        # A language without an index has no pages; the question is answered in its own all the same.
        return 0


def _by_meaning(request: SearchRequest, meaning: Meaning) -> int:
    """Return how many pages the search in that language shows for a question none of them holds the words of."""
    engine, analyser = engine_of(request.locale), current(request.locale)
    question = understood(request, editorial(analyser), analyser, engine.frequencies)
    queries = asked(request, question.parsed)
    if not queries.may_mean:
        return 0
    meant = by_meaning(queries, meaning, engine, line(meaning.model, is_foreign(question)))
    return 0 if meant.is_doubtful or not meant.ids else engine.totals([queries.led_by(meant.ids)])[0]
