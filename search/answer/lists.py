"""Lists of entries without a query: the newest, chosen ones, and counts for each concept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from core.output.languages import NAMES
from search.engines.base import EngineHit, IndexLost
from search.engines.current import engine_of
from search.facets.facets import Facet
from search.question.conditions import visible
from search.question.tree import AnyOf, EngineQuery, Everything, Ids, Sort


def newest(limit: int, locale: str, areas: tuple[str, ...] = ()) -> tuple[EngineHit, ...]:
    """Return the latest entries, of certain areas if given.

    No facets are counted: a list without a query has no filters.
    """
    narrowed = (*visible(locale), *((AnyOf("area", areas),) if areas else ()))
    return engine_of(locale).search(EngineQuery(Everything(), narrowed, sort=Sort.NEWEST, limit=limit)).hits


def chosen(ids: Sequence[int], locale: str) -> tuple[EngineHit, ...]:
    """Return those entries with these ids that readers may see, in the given order; those in other languages name theirs."""
    hits: dict[int, EngineHit] = {}
    for language in (locale, *(other for other in NAMES if other != locale)):
        wanted = tuple(id for id in ids if id not in hits)
        if not wanted:
            break
        with suppress(*(() if language == locale else (IndexLost,))):
            query = EngineQuery(Ids(wanted), visible(language), limit=len(wanted))
            for hit in engine_of(language).search(query).hits:
                is_own = language == locale
                hits[hit.id] = hit if is_own else replace(hit, payload={**hit.payload, "locale": language})
    return tuple(hits[id] for id in ids if id in hits)


def counted(facets: Iterable[Facet], locale: str) -> Mapping[str, Mapping[str, int]]:
    """Return how many entries readers see for each facet value, by facet and slug."""
    sizes = {facet.name: facet.size for facet in facets}
    return engine_of(locale).search(EngineQuery(Everything(), visible(locale), facets=sizes, limit=0)).facets
