"""search(SearchRequest) -> Answer: the one door for page, API and feed."""

from __future__ import annotations

import time

from search.answer.asking import ask
from search.answer.stock import Stock
from search.answer.values import Answer, Found, Mended
from search.engines.current import get_engine
from search.question.parsing import ParsedQuery
from search.question.request import SearchRequest
from search.question.understood import understood
from search.usage.tally import Remembered


def search(request: SearchRequest) -> Answer:
    """Answer a request: no query to the database for any hit, and no address, label or template.

    Raises SearchUnavailable when the engine cannot answer.
    """
    started = time.perf_counter()
    question = understood(request)
    prepared = time.perf_counter()
    mended, found = ask(question, Stock(get_engine(), request.locale))
    timing = {"parse": prepared - started, "engine": time.perf_counter() - prepared}
    sought = [*mended.parsed.phrases, *(clause.typed for clause in mended.parsed.clauses)]
    marker = question.analyser.marker([token for entry in sought for token in entry], mended.parsed.others)
    return Answer(request, mended, found, marker, _remembered(question.parsed, mended, found), timing)


def _remembered(typed: ParsedQuery, mended: Mended, found: Found) -> Remembered:
    """Return what may be counted of a query; a typing error counts as the word that was meant."""
    # Entries that lack some of the words are no hits for these words.
    total = 0 if found.relaxed else found.result.total
    if mended.absent:
        return Remembered(unknown=tuple(dict.fromkeys(token.text.lower() for token in mended.absent)), total=total)
    if typed.phrases or typed.excluded or typed.identifiers or not typed.words:
        return Remembered(total=total)
    words = mended.parsed.words
    shown = words if mended.corrected else typed.typed
    text = " ".join(token.shown for token in shown)
    return Remembered(mended.parsed.key, text, total=total)
