"""present(Answer, Labels, path) -> ResultsPage: what people see of a search, with the address of every link.

Lists of entries and suggestions are presented here too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from core.declared.page_types import areas
from search.answer.suggestions import Suggestion
from search.answer.values import Answer
from search.engines.base import EngineHit
from search.facets.labels import Labels
from search.page import counts, links
from search.page.hits import Shown, hits_of
from search.page.neighbours import neighbours
from search.page.ready import ready_filters
from search.page.reasons import Reasons
from search.page.results import Hit, HitGroup, ResultsPage, ShownSuggestion
from search.page.suggested import shown


def present(answer: Answer, labels: Labels, path: str) -> ResultsPage:
    """Return the results page for an answer; `path` is the search page's address, for links to filters and pages."""
    started = time.perf_counter()
    request, correction, found, last = answer.request, answer.correction, answer.found, answer.last_page
    total = 0 if found.far else found.result.total
    hits = _hits(answer, labels)
    near = tuple(hits[hit.id] for hit in found.near)
    page = ResultsPage(
        query=request.query,
        total=total,
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
        hits=() if found.far else tuple(hits[hit.id] for hit in found.result.hits),
        groups=_groups(answer, hits, path),
        far=found.far,
        near=near,
        neighbours=neighbours(near),
        answers=answer.answers,
        ready_filters=ready_filters(answer, labels, path),
        elsewhere=tuple(links.elsewhere(answer.elsewhere, request)),
    )
    return replace(page, timing={**answer.timing, "hits": time.perf_counter() - started})


def _hits(answer: Answer, labels: Labels) -> Mapping[int, Hit]:
    """Return everything that is shown of an answer by id, each page once."""
    found, parsed = answer.found, answer.correction.parsed
    asks = bool(parsed.clauses or parsed.phrases or parsed.identifiers)
    near = frozenset(hit.id for hit in found.near)
    reasons = Reasons(answer.marker, labels, parsed.identifiers, found.pinned, found.by_meaning, near)
    shown = Shown(labels, answer.marker, found.passages, found.nearest_passages, reasons if asks or near else None)
    grouped = (hit for group in found.groups for hit in group.hits)
    entries = {hit.id: hit for hit in (*found.result.hits, *grouped, *found.near)}
    return dict(zip(entries, hits_of(entries.values(), shown), strict=True))


def _groups(answer: Answer, hits: Mapping[int, Hit], path: str) -> tuple[HitGroup, ...]:
    known = areas()
    return tuple(
        HitGroup(
            group.area,
            known[group.area].group_label if group.area in known else _("Weiteres"),
            group.total,
            tuple(hits[hit.id] for hit in group.hits),
            links.within_area(group.area, answer.request, path) if group.area in known else "",
        )
        for group in answer.found.groups
    )


def present_entries(found: Iterable[EngineHit], labels: Labels) -> tuple[Hit, ...]:
    """Return hits for entries listed without a query: nothing in them is marked."""
    return hits_of(found, Shown(labels))


def present_suggestions(found: Iterable[Suggestion]) -> tuple[ShownSuggestion, ...]:
    """Return suggestions, each with its kind in the active language and the address it leads to."""
    return tuple(shown(found))
