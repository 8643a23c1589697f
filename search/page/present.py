"""present(Answer, Labels, path) -> ResultsPage: what people see of a search, with the address of every link.

Lists of entries and suggestions are presented here too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from search.analysis.analysers import NOTHING
from search.answer.suggestions import Suggestion
from search.answer.values import Answer
from search.engines.base import EngineHit
from search.facets.labels import Labels
from search.page import counts, links
from search.page.hits import hits_of
from search.page.ready import ready_filters
from search.page.results import Hit, ResultsPage, ShownSuggestion
from search.page.suggested import shown


def present(answer: Answer, labels: Labels, path: str) -> ResultsPage:
    """Return the results page for an answer; `path` is the search page's address, for links to filters and pages."""
    started = time.perf_counter()
    request, correction, found, last = answer.request, answer.correction, answer.found, answer.last_page
    page = ResultsPage(
        query=request.query,
        total=found.result.total,
        page=request.page,
        page_size=request.page_size,
        chips=links.chips(found.help.without, labels, path),
        clear_url=links.address(path, found.help.cleared),
        sorts=links.sorts(request, path),
        pages=links.pages(request, last, path),
        previous_url=links.step(request, request.page - 1, last, path),
        next_url=links.step(request, request.page + 1, last, path),
        did_you_mean=correction.suggestion,
        did_you_mean_url=links.meant(correction.suggestion, request, path),
        corrected=correction.corrected,
        ignored_words=correction.ignored,
        relaxed=found.relaxed,
        clear_count=found.help.count,
        near_words=links.other_words(found.help.alike, request, path),
        facets=counts.facets(found.result.facets, request, labels),
        hits=hits_of(found.result.hits, labels, answer.marker, found.passages),
        answers=answer.answers,
        ready_filters=ready_filters(answer, labels, path),
    )
    return replace(page, timing={**answer.timing, "hits": time.perf_counter() - started})


def present_entries(found: Iterable[EngineHit], labels: Labels) -> tuple[Hit, ...]:
    """Return hits for entries listed without a query: nothing in them is marked."""
    return hits_of(found, labels, NOTHING, {})


def present_suggestions(found: Iterable[Suggestion]) -> tuple[ShownSuggestion, ...]:
    """Return suggestions, each with its kind in the active language and the address it leads to."""
    return tuple(shown(found))
