"""grouped(…) -> the first hits of each area, where the hits of several mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.declared.page_types import areas
from search.answer.values import HitGroup
from search.engines.base import Engine, EngineHit
from search.question.request import SearchRequest
from search.question.tree import AnyOf, Bool, EngineQuery, Sort

GROUP_SIZE = 10
"""Hits shown of each group, on the page and in the API; the rest is one filter away."""

LEADING = 3
"""If the best hits, this many, all lie in other areas than the library, those areas come first: somebody looks for a
place, a person or a date."""

AREA = "area"

ELSEWHERE = ""
"""The group of hits that belong to no area."""


def is_grouped(request: SearchRequest) -> bool:
    """Return whether a request's hits are grouped: in order of relevance, on the first page, of no chosen area."""
    return request.grouped and request.sort is Sort.RELEVANCE and request.page == 1 and AREA not in request.filters


def grouped(
    first: Sequence[EngineHit], total: int, counts: Mapping[str, int], query: EngineQuery, engine: Engine
) -> tuple[HitGroup, ...]:
    """Return the groups of a search with hits of several areas, else none.

    `first` are the best of all hits in their order, `counts` the hits of each area out of `total`. What `first` lacks of
    a group is asked of the engine, for all groups in one round trip, in the order of `query`.
    """
    sizes = {slug: count for slug, count in counts.items() if count}
    if rest := total - sum(sizes.values()):
        sizes[ELSEWHERE] = rest
    if len(sizes) < 2:
        return ()
    known = {slug: [hit for hit in first if area_of(hit) == slug] for slug in sizes}
    lacking = [slug for slug, size in sizes.items() if len(known[slug]) < min(size, GROUP_SIZE)]
    found = engine.hits([_within(query, slug, len(known[slug])) for slug in lacking]) if lacking else []
    for slug, hits in zip(lacking, found, strict=True):
        seen = {hit.id for hit in known[slug]}
        known[slug] += [hit for hit in hits if hit.id not in seen]
    order = _order(first if query.sort is Sort.RELEVANCE else ())
    groups = [HitGroup(slug, size, tuple(known[slug][:GROUP_SIZE])) for slug, size in sizes.items()]
    return tuple(sorted(groups, key=lambda group: order.index(group.area) if group.area in order else len(order)))


def shown(hits: Sequence[EngineHit], groups: Sequence[HitGroup]) -> list[EngineHit]:
    """Return every hit of a list and of groups, each once."""
    return list({hit.id: hit for hit in (*hits, *(hit for group in groups for hit in group.hits))}.values())


def area_of(hit: EngineHit) -> str:
    """Return the area of a hit."""
    return next(iter(hit.payload["facets"].get(AREA, ())), ELSEWHERE)


def _within(query: EngineQuery, slug: str, known: int) -> EngineQuery:
    """Return the query for the first hits of one area, of which `known` are known already."""
    narrowed = replace(query, facets={}, offset=0, limit=GROUP_SIZE + known)
    if slug != ELSEWHERE:
        return replace(narrowed, filters={**query.filters, AREA: (slug,)})
    return replace(narrowed, conditions=(*query.conditions, Bool(must_not=(AnyOf(AREA, tuple(areas())),))))


def _order(first: Sequence[EngineHit]) -> list[str]:
    """Return the areas in the order of their groups; the areas of the best hits lead if the first area has none."""
    declared = list(areas())
    leading = dict.fromkeys(area_of(hit) for hit in first[:LEADING])
    if not leading or declared[0] in leading:
        return declared
    return [*leading, *(slug for slug in declared if slug not in leading)]
