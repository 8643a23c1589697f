"""From what the engine found to the cards that people see: labels, marks, passages, the next date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.safestring import mark_safe

from core.declared.reference import Reference
from core.declared.searchable import CoverImage, CoverSource
from search.analysis.analysers import Marker
from search.engines.base import EngineHit, PassageHit
from search.facets.facets import BY_NAME
from search.facets.labels import Labels
from search.page.results import Dates, FileHighlight, Hit, Label


def hits_of(
    found: Iterable[EngineHit], labels: Labels, marker: Marker, passages: Mapping[int, Sequence[PassageHit]]
) -> tuple[Hit, ...]:
    """Return hits, each with its passages by id; what was looked for is marked in them."""
    return tuple(_with_passages(_hit(hit, labels, marker), passages.get(hit.id, ()), marker) for hit in found)


def _hit(hit: EngineHit, labels: Labels, marker: Marker) -> Hit:
    payload = hit.payload
    stored = payload["facets"]
    named = {name: _labelled(name, stored[name], labels) if stored.get(name) else () for name in BY_NAME}
    occurrences = payload.get("occurrences")
    return Hit(
        id=hit.id,
        type=payload["type"],
        type_label=labels.get("type", payload["type"]).label,
        title=payload["title"],
        url=payload["url"],
        summary=payload["summary"],
        score=hit.score,
        year=payload["year"],
        authors=tuple(payload["authors"]),
        publisher=payload["publisher"],
        date=payload["date"],
        cover=_cover(payload.get("cover")),
        files_count=payload["files_count"],
        labels=named,
        shown={name: _narrowest(name, values, labels) if len(values) > 1 else values for name, values in named.items()},
        title_marked=mark_safe(marker.highlight(payload["title"])),  # noqa: S308 - escaped by highlight
        summary_marked=mark_safe(marker.highlight(payload["summary"])),  # noqa: S308
        facts=tuple(payload.get("facts", ())),
        dates=None if occurrences is None else Dates.seen_at(timezone.now(), occurrences),
        reference=Reference.from_dict({"title": payload["title"], **payload.get("reference", {})}),
    )


def _cover(stored: Mapping[str, Any] | None) -> CoverImage | None:
    if stored is None:
        return None
    return CoverImage(**{**stored, "sources": tuple(CoverSource(**source) for source in stored.get("sources", ()))})


def _labelled(facet: str, slugs: Iterable[str], labels: Labels) -> tuple[Label, ...]:
    return tuple(Label(slug, labels.get(facet, slug).label) for slug in slugs if labels.shows(facet, slug))


def _narrowest(facet: str, values: Sequence[Label], labels: Labels) -> tuple[Label, ...]:
    """Drop values that a narrower one of the same page implies: LSE need not say Lernen as well."""
    implied = {slug for value in values for slug in labels.get(facet, value.slug).broader}
    return tuple(value for value in values if value.slug not in implied)


def _with_passages(hit: Hit, passages: Sequence[PassageHit], marker: Marker) -> Hit:
    """Return a hit with its passages, of the page itself and of its files, as far as something in them is marked."""
    texts = []
    files = []
    for found in passages:
        marked = marker.best_passage(found.passage.text)
        if marked is None:
            continue
        if found.passage.source == "body":
            texts.append(mark_safe(marked))  # noqa: S308 - best_passage escapes everything but its own marks
        else:
            files.append(
                FileHighlight(
                    found.passage.title,
                    found.passage.url,
                    found.passage.page_number,
                    mark_safe(marked),  # noqa: S308 - escaped likewise
                    found.passage.heading,
                )
            )
    return replace(hit, passages=tuple(texts), files=tuple(files)) if texts or files else hit
