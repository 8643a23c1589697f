"""search(SearchRequest) -> Answer: the one entry point for page, API and feed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from search.answer.asking import ask
from search.answer.elsewhere import elsewhere
from search.answer.meant.awaited import Awaited
from search.answer.recognised import cards
from search.answer.values import Answer
from search.engines.current import engine_of
from search.question.asked import may_mean
from search.question.editorial import editorial
from search.question.request import REACH, SearchRequest
from search.question.understood import understood
from search.usage.tally import remembered
from search.words import current


def search(
    request: SearchRequest, *, to_last_page: bool = False, with_cards: bool = True, languages: Iterable[str] = ()
) -> Answer:
    """Answer a request without querying the database for any hit, and without addresses, labels or templates.

    With `to_last_page`, a number past the last page means the last one; without `with_cards` nobody is asked for a card
    above the hits. `languages` are those to look into as well, for a number. Raises SearchUnavailable when the engine cannot answer.
    """
    started = time.perf_counter()
    engine, analyser = engine_of(request.locale), current(request.locale)
    question = understood(request, editorial(analyser), analyser, engine.frequencies)
    parsed = time.perf_counter()
    awaited = Awaited(question.parsed.plain if may_mean(request, question.parsed) else "")
    # Meanwhile: what stands above the hits does not depend on them.
    above = cards(request, analyser) if with_cards else ()
    prepared = time.perf_counter()
    correction, found = ask(question, engine, awaited)
    total = found.result.total
    last = last_page(request, total)
    if to_last_page and total and request.page > last:
        return search(replace(request, page=last), with_cards=with_cards, languages=languages)
    answered = time.perf_counter()
    abroad = elsewhere(
        request, languages, awaited.meaning, is_answered=bool(total) and not (found.relaxed or found.far)
    )
    timing = {
        "parse": parsed - started,
        "meaning": awaited.seconds,
        "engine": answered - prepared - awaited.seconds,
        **({"elsewhere": time.perf_counter() - answered} if languages else {}),
    }
    sought = [*correction.parsed.phrases, *(clause.typed for clause in correction.parsed.clauses)]
    others = [token for clause in correction.parsed.clauses for entry in clause.others for token in entry]
    marker = analyser.marker([token for entry in sought for token in entry], others)
    # Entries that lack some of the words do not count as hits for these words.
    counted = remembered(
        request.query,
        question.parsed,
        correction.parsed,
        correction.absent,
        0 if found.relaxed or found.far else total,
    )
    return Answer(request, correction, found, marker, last, counted, timing, above, question.recognised, abroad)


def last_page(request: SearchRequest, total: int) -> int:
    """Return the number of the last page that can be shown for `total` hits, at least 1."""
    return max(1, min(-(-total // request.page_size), REACH // request.page_size))
