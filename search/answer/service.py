"""search(SearchRequest) -> Answer: the one door for page, API and feed."""

from __future__ import annotations

import time
from dataclasses import replace

from search.answer.asking import ask
from search.answer.values import Answer
from search.engines.current import get_engine
from search.question.editorial import editorial
from search.question.request import SearchRequest
from search.question.understood import understood
from search.usage.tally import remembered
from search.words import current


def search(request: SearchRequest, *, to_last_page: bool = False) -> Answer:
    """Answer a request: no query to the database for any hit, and no address, label or template.

    With `to_last_page` a number beyond the last page means the last one. Raises SearchUnavailable when the engine
    cannot answer.
    """
    started = time.perf_counter()
    engine, analyser = get_engine(), current(request.locale)
    question = understood(request, editorial(analyser), analyser, engine.frequencies)
    prepared = time.perf_counter()
    mended, found = ask(question, engine)
    total = found.result.total
    last_page = request.last_page(total)
    if to_last_page and total and request.page > last_page:
        return search(replace(request, page=last_page))
    timing = {"parse": prepared - started, "engine": time.perf_counter() - prepared}
    # Entries that lack some of the words are no hits for these words.
    counted = remembered(question.parsed, mended.parsed, mended.absent, 0 if found.relaxed else total)
    return Answer(request, mended, found, analyser, last_page, counted, timing)
