"""The Merkliste: entries that a reader collected, stored in the address alone.

The site stores none of it. The browser holds the ids and requests `?id=12&id=7`; the same address is the link to
share. What is shown comes from the index, so nothing appears that the search would not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.citations import bibtex, citation_line, csv_file, ris
from core.declared.reference import Reference
from search.answer.lists import chosen
from search.engines.base import SearchUnavailable
from search.facets.labels import load_labels
from search.page.present import present_entries
from search.page.results import Hit
from search.web.views import unavailable

MOST = 100
"""Most entries of a list: nobody reads more, and the address stays short enough for servers and mail programs."""

ID_DIGITS = 18
"""Most digits of an id to look up; database keys have no more."""


@dataclass(frozen=True, slots=True)
class ChosenIds:
    """The ids in an address, in order and without duplicates, and what was wrong with it."""

    ids: tuple[int, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list with its citation line."""

    hit: Hit
    citation: str


@dataclass(frozen=True, slots=True)
class Export:
    """An export format of the list."""

    name: str
    label: str
    content_type: str
    write: Callable[[Iterable[Reference]], str]


EXPORTS = {
    "ris": Export("merkliste.ris", "RIS", "application/x-research-info-systems; charset=utf-8", ris),
    "bibtex": Export("merkliste.bib", "BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    "csv": Export("merkliste.csv", "CSV", "text/csv; charset=utf-8", csv_file),
}


def read_ids(parameters: QueryDict) -> ChosenIds:
    """Return the ids from `id=12&id=7` or `ids=12,7`."""
    texts = [text.strip() for value in parameters.getlist("ids") for text in value.split(",")]
    texts = [text for text in (*parameters.getlist("id"), *texts) if text]
    good = [text for text in texts if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS]
    ids = tuple(dict.fromkeys(int(text) for text in good))
    notices = []
    if bad := len(texts) - len(good):
        notices.append(
            ngettext(
                "%(count)d Angabe in der Adresse ist keine Nummer eines Eintrags und wurde übergangen.",
                "%(count)d Angaben in der Adresse sind keine Nummern von Einträgen und wurden übergangen.",
                bad,
            )
            % {"count": bad}
        )
    if len(ids) > MOST:
        notices.append(_("Eine Merkliste fasst %(most)d Einträge; gezeigt werden die ersten.") % {"most": MOST})
    return ChosenIds(ids[:MOST], tuple(notices))


def merkliste_page(request: HttpRequest) -> HttpResponse:
    """Show the list in the address; without one, explain how to make one."""
    wanted = read_ids(request.GET)
    try:
        hits = present_entries(chosen(wanted.ids, request.LANGUAGE_CODE), load_labels())
    except SearchUnavailable:
        return unavailable(request, {"form": None})
    references = _references(request, hits)
    query = urlencode([("id", hit.id) for hit in hits])
    export = reverse("visitors:merkliste_export")
    return render(
        request,
        "visitors/merkliste.html",
        {
            "asked": bool(wanted.ids),
            "entries": [Entry(hit, citation_line(one)) for hit, one in zip(hits, references, strict=True)],
            "missing": len(wanted.ids) - len(hits),
            "notices": wanted.notices,
            "share_url": request.build_absolute_uri(f"{reverse('visitors:merkliste')}?{query}"),
            "exports": [(one.label, f"{export}?format={format}&{query}") for format, one in EXPORTS.items()],
            "most": MOST,
        },
    )


def merkliste_export(request: HttpRequest) -> HttpResponse:
    """Return the list in the address as a file: 400 with the reason for a bad address, 404 when no entry is left."""
    export = EXPORTS.get(request.GET.get("format", ""))
    if export is None:
        return _refused("format", _("Mögliche Werte: %(formats)s") % {"formats": ", ".join(EXPORTS)}, 400)
    wanted = read_ids(request.GET)
    if not wanted.ids:
        return _refused("id", _("Die Adresse nennt keinen Eintrag."), 400)
    try:
        hits = present_entries(chosen(wanted.ids, request.LANGUAGE_CODE), load_labels())
    except SearchUnavailable:
        response = _refused("", _("Die Suche ist gerade nicht erreichbar."), 503)
        response["Retry-After"] = "60"
        return response
    if not hits:
        return _refused("id", _("Keiner dieser Einträge ist verfügbar."), 404)
    response = HttpResponse(export.write(_references(request, hits)), content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _references(request: HttpRequest, hits: Sequence[Hit]) -> list[Reference]:
    """Return the citation data from the index, with full addresses: the list is read elsewhere."""
    return [
        replace(
            hit.reference or Reference(hit.title),
            id=hit.id,
            type=hit.type,
            type_label=str(hit.type_label),
            url=request.build_absolute_uri(hit.url),
        )
        for hit in hits
    ]


def _refused(field: str, reason: str, status: int) -> HttpResponse:
    text = f"{field}: {reason}\n" if field else f"{reason}\n"
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response
