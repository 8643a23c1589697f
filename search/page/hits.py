"""Turn the engine's hits into cards for people: labels, marks, passages, the next date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core.declared.reference import Reference
from core.declared.searchable import CoverImage, Dates, Passage
from search.analysis.analysers import NOTHING, Marker
from search.engines.base import EngineHit, PassageHit
from search.facets.facets import BY_NAME
from search.facets.labels import Labels
from search.page.reasons import MARKED, Reasons
from search.page.results import NO_REASON, Excerpt, FileHighlight, Hit, Label

EXCERPT = 160
"""Characters of the one text that a hit shows in a list: two lines on a wide screen, four on a phone."""

SHORTEST = 60
"""Characters that a text beside a long title still has."""

BESIDE = 100
"""The same where a reason or the name of a file stands before it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What hits are shown with: labels, marks, each hit's passages by id, and how those without a mark were found.

    `nearest` holds the passage nearest in meaning of hits that no word found. Without `reasons` nothing was asked.
    """

    labels: Labels
    marker: Marker = NOTHING
    passages: Mapping[int, Sequence[PassageHit]] = field(default_factory=dict)
    nearest: Mapping[int, Passage] = field(default_factory=dict)
    reasons: Reasons | None = None


def hits_of(found: Iterable[EngineHit], shown: Shown) -> tuple[Hit, ...]:
    """Return the hits with matches marked."""
    marked = [(hit, _marked(hit, shown)) for hit in found]
    return tuple(_hit(hit, texts, shown.labels) for hit, texts in marked)


@dataclass(frozen=True, slots=True)
class _Marked:
    """The texts of a hit, from the page and its files, with matches marked where there are any."""

    title: SafeString
    summary: SafeString
    passages: tuple[SafeString, ...]
    files: tuple[FileHighlight, ...]
    excerpt: Excerpt | None
    reason: SafeString


def _marked(hit: EngineHit, shown: Shown) -> _Marked:
    title, summary = shown.marker.highlight(hit.payload["title"]), shown.marker.highlight(hit.payload["summary"])
    marked = ((hit.passage, shown.marker.best_passage(hit.passage.text)) for hit in shown.passages.get(hit.id, ()))
    texts = [(passage, text) for passage, text in marked if text is not None]
    has_marks = bool(texts) or "<mark>" in title or "<mark>" in summary
    nearest = None if has_marks else shown.nearest.get(hit.id)
    if nearest is not None:
        texts = [(nearest, escape(_short(nearest.text, BESIDE)))]
    reason = NO_REASON if has_marks or shown.reasons is None else shown.reasons.of(hit)
    return _Marked(
        _safe(title),
        _safe(summary),
        tuple(_safe(text) for passage, text in texts if passage.source == "body"),
        tuple(
            FileHighlight(passage.title, passage.url, passage.page_number, _safe(text), passage.heading)
            for passage, text in texts
            if passage.source != "body"
        ),
        _excerpt(hit.payload["summary"], summary, texts, shown.marker, BESIDE if reason else EXCERPT),
        reason,
    )


def _excerpt(
    plain: str, summary: str, texts: Sequence[tuple[Passage, str]], marker: Marker, length: int
) -> Excerpt | None:
    """Return what shows most of the words sought: the summary or a passage, in doubt the summary."""
    passage, text = max(texts, key=lambda one: _words_marked(one[1]), default=(None, ""))
    if passage is None or ("<mark>" in text and _words_marked(text) <= _words_marked(summary)):
        found = marker.best_passage(plain, length) or escape(_short(plain, length))
        return Excerpt(_safe(found)) if found else None
    is_body = passage.source == "body"
    # The file's title stands beside it.
    found = marker.best_passage(passage.text, length if is_body else max(SHORTEST, BESIDE - len(passage.title))) or text
    if is_body:
        return Excerpt(_safe(found))
    file = FileHighlight(passage.title, passage.url, passage.page_number, _safe(found), passage.heading)
    return Excerpt(file.text, file.title, file.url, file.place)


def _short(text: str, length: int) -> str:
    """Return the beginning of a text, cut between two words."""
    if len(text) <= length:
        return text
    return f"{text[: max(text.rfind(' ', 0, length), 0) or length].rstrip(' ,;:–-')} …"


def _words_marked(text: str) -> int:
    """Return how many different words are marked."""
    return len({word.casefold() for word in MARKED.findall(text)})


def _safe(text: str) -> SafeString:
    """Declare what the marker returns safe: it escapes all but its marks."""
    return mark_safe(text)  # noqa: S308 - see above


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
        excerpt=marked.excerpt,
        reason=marked.reason,
        facts=tuple(payload.get("facts", ())),
        dates=None if occurrences is None else Dates.seen_at(timezone.now(), occurrences),
        locale=payload.get("locale", ""),
        reference=Reference.from_dict({"title": payload["title"], **payload.get("reference", {})}),
    )


def _cover(stored: Mapping[str, Any] | None) -> CoverImage | None:
    return None if stored is None else CoverImage(**stored)


def _labelled(facet: str, slugs: Iterable[str], labels: Labels) -> tuple[Label, ...]:
    return tuple(Label(slug, labels.get(facet, slug).label) for slug in slugs if labels.shows(facet, slug))


def _narrowest(facet: str, values: Sequence[Label], labels: Labels) -> tuple[Label, ...]:
    """Drop values that a narrower value of the same page implies: LSE makes Lernen redundant."""
    implied = {slug for value in values for slug in labels.get(facet, value.slug).broader}
    return tuple(value for value in values if value.slug not in implied)
