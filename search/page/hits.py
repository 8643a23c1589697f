"""Turn the engine's hits into cards for people: labels, marks, passages, the next date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core.declared.reference import Reference
from core.declared.searchable import CoverImage, CoverSource, Dates
from search.analysis.analysers import Marker
from search.engines.base import EngineHit, PassageHit
from search.facets.facets import BY_NAME
from search.facets.labels import Labels
from search.page.results import FileHighlight, Hit, Label


def hits_of(
    found: Iterable[EngineHit], labels: Labels, marker: Marker, passages: Mapping[int, Sequence[PassageHit]]
) -> tuple[Hit, ...]:
    """Return the hits with matches marked; `passages` holds each hit's passages by id."""
    marked = [(hit, _marked(hit, passages.get(hit.id, ()), marker)) for hit in found]
    return tuple(_hit(hit, texts, labels) for hit, texts in marked)


@dataclass(frozen=True, slots=True)
class _Marked:
    """The texts of a hit, from the page and its files, with matches marked where there are any."""

    title: SafeString
    summary: SafeString
    passages: tuple[SafeString, ...]
    files: tuple[FileHighlight, ...]


def _marked(hit: EngineHit, passages: Sequence[PassageHit], marker: Marker) -> _Marked:
    title, summary = marker.highlight(hit.payload["title"]), marker.highlight(hit.payload["summary"])
    marked = ((found.passage, marker.best_passage(found.passage.text)) for found in passages)
    texts = [(passage, mark_safe(text)) for passage, text in marked if text is not None]  # noqa: S308 - it escapes all but the marks
    return _Marked(
        mark_safe(title),  # noqa: S308 - escaped likewise
        mark_safe(summary),  # noqa: S308 - escaped likewise
        tuple(text for passage, text in texts if passage.source == "body"),
        tuple(
            FileHighlight(passage.title, passage.url, passage.page_number, text, passage.heading)
            for passage, text in texts
            if passage.source != "body"
        ),
    )


def _hit(hit: EngineHit, marked: _Marked, labels: Labels) -> Hit:
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
        title_marked=marked.title,
        summary_marked=marked.summary,
        passages=marked.passages,
        files=marked.files,
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
    """Drop values that a narrower value of the same page implies: LSE makes Lernen redundant."""
    implied = {slug for value in values for slug in labels.get(facet, value.slug).broader}
    return tuple(value for value in values if value.slug not in implied)
