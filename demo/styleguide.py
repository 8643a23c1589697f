"""A page for developers that shows every component once; 404 unless DEBUG is on.

The components are the real templates with invented values, so the page cannot go stale.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from vocabularies.models import Concept

COLOURS = ("paper", "card", "ink", "ink-quiet", "line", "control", "accent", "accent-strong", "wash", "mark", "warn")
ICONS = (
    *("logo", "search", "filter", "close", "keep", "feed", "play", "external", "arrow-up", "arrow-left", "arrow-right"),
    *(
        "type-material",
        "type-book",
        "type-case-study",
        "type-collection",
        "file",
        "file-pdf",
        "file-text",
        "file-slides",
    ),
)


def _value(slug: str, count: int, selected: bool = False) -> SimpleNamespace:
    return SimpleNamespace(slug=slug, label=f"Wert {slug}", count=count, selected=selected)


def _results() -> dict[str, Any]:
    """Return the values of a result page that shows every variant."""
    labels = [SimpleNamespace(slug="lernen", label="Lernen"), SimpleNamespace(slug="sprache", label="Sprache")]
    file = {"title": "Arbeitsblatt", "url": "#treffer", "place": "Seite 3", "text": "Eine Fundstelle auf Seite drei."}
    hit: dict[str, Any] = {
        "id": 1,
        "type": "material",
        "type_label": "Material",
        "title": "Titel eines Treffers",
        "url": "#treffer",
        "summary": "Eine Zusammenfassung in ein bis zwei ehrlichen Sätzen.",
        "edge": "lernen",
        "authors": ["A. Muster", "B. Beispiel"],
        "year": 2024,
        "files_count": 2,
        "passages": ["Eine Fundstelle aus dem Text."],
        "files": [SimpleNamespace(**file)],
        "excerpt": SimpleNamespace(**file),
        "reason": "Schlagwort: Muster",
        "shown": {"focus": labels, "level": labels[:1], "audience": labels[:1]},
        "labels": {},
        "facts": (),
        "dates": None,
    }
    other = {**hit, "type": "book", "type_label": "Buch", "edge": "sprache", "id": 2}
    chip = {"facet": "focus", "facet_label": "Förderschwerpunkt", "label": "Lernen", "remove_url": "#treffer"}
    facet = SimpleNamespace(
        name="focus", label="Förderschwerpunkt", values=[_value(str(one), 12 - one, one == 1) for one in range(9)]
    )
    pages = [{"number": one, "url": "#treffer", "current": one == 2} for one in (1, 2, 3)]
    return {
        "hits": [SimpleNamespace(**hit), SimpleNamespace(**other)],
        "facets": [facet],
        "chips": [chip],
        "clear_url": "#treffer",
        "total": 42,
        "page": 2,
        "page_count": 3,
        "first_number": 21,
        "last_number": 40,
        "sorts": [
            {"label": "Beste Treffer", "url": "#treffer", "current": True},
            {"label": "Titel A–Z", "url": "#treffer", "current": False},
        ],
        "pages": [*pages, {"number": None}],
        "previous_url": "#treffer",
        "next_url": "#treffer",
        "corrected": [("lesn", "lesen")],
        "relaxed": True,
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components, or 404 on a real site."""
    if not settings.DEBUG:
        raise Http404("only while DEBUG is on")
    context = {
        "colours": COLOURS,
        "icons": ICONS,
        "focus": Concept.objects.filter(vocabulary__slug="focus"),
        "form": {"query": "lesn", "max_length": 300},
        "results": _results(),
        "fold_after": 7,
        "facet_form_action": request.path,
        "file": SimpleNamespace(
            label="Arbeitsblatt", address="#datei", role="für Lehrkräfte", external=False, icon="file-pdf", format="PDF",
            page_count=3, size=459_000,
        ),
    }  # fmt: skip
    return render(request, "demo/styleguide.html", context)
