"""present(Answer, Labels, path) -> ResultsPage: what people see of a search, with the address of every link on it.

Lists of entries and suggestions are presented by the same door.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from search.analysis.analysers import NOTHING
from search.answer.suggestions import Suggestion
from search.answer.values import Answer
from search.engines.base import EngineHit
from search.facets.labels import Labels
from search.page import counts, links
from search.page.addresses import address
from search.page.hits import hits_of
from search.page.results import Hit, ResultsPage, ShownSuggestion
from search.page.suggested import shown


def present(answer: Answer, labels: Labels, path: str) -> ResultsPage:
    """Return the page of an answer; `path` is the address of the search page, for the links of filters and pages."""
    started = time.perf_counter()
    request, mended, found = answer.request, answer.mended, answer.found
    total = found.result.total
    hits = hits_of(found.result.hits, labels, answer.marker, found.passages)
    facets = counts.facets(found.result.facets, request, labels)
    return ResultsPage(
        query=request.query,
        total=total,
        page=request.page,
        page_size=request.page_size,
        hits=hits,
        facets=facets,
        chips=links.chips(found.help.without, labels, path),
        clear_url=address(path, request.cleared()),
        sorts=links.sorts(request, path),
        pages=links.pages(request, total, path),
        previous_url=links.step(request, request.page - 1, total, path),
        next_url=links.step(request, request.page + 1, total, path),
        did_you_mean=mended.suggestion,
        did_you_mean_url=links.meant(mended.suggestion, request, path),
        corrected=mended.corrected,
        ignored_words=mended.ignored,
        relaxed=found.relaxed,
        clear_count=found.help.cleared,
        near_words=links.other_words(found.help.alike, request, path),
        timing={**answer.timing, "hits": time.perf_counter() - started},
    )


def present_entries(found: Iterable[EngineHit], labels: Labels) -> tuple[Hit, ...]:
    """Return entries that no words led to: nothing in them is marked."""
    return hits_of(found, labels, NOTHING, {})


def present_suggestions(found: Iterable[Suggestion]) -> tuple[ShownSuggestion, ...]:
    """Return suggestions with a word on what each is, in the active language, and the address that it leads to."""
    return tuple(shown(found))
