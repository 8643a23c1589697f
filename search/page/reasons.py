"""Why a page is a hit where none of its shown texts says so: a name, a concept, a hidden word, its meaning.

Hidden words stay hidden: a reason names only the one that matched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.analysis.analysers import Marker
from search.engines.base import EngineHit
from search.facets.facets import FACETS, Facet
from search.facets.labels import Labels, ValueLabel
from search.page.results import NO_REASON

MARKED = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)

WORDS_NAMED = 3
"""Matching words named in one reason."""

_NOT_SEARCHED = frozenset({"area", "type"})
"""Facets whose names are not among the words of a page."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything besides its texts that a page of this search may have been found by."""

    marker: Marker
    labels: Labels
    identifiers: tuple[str, ...] = ()
    pinned: frozenset[int] = frozenset()
    by_meaning: frozenset[int] = frozenset()
    only_near: frozenset[int] = field(default_factory=frozenset)

    def of(self, hit: EngineHit) -> SafeString:
        """Return the reason for a hit whose texts show no match, as HTML."""
        if hit.id in self.only_near:
            return mark_safe(escape(_("nur verwandt")))  # noqa: S308 - escaped
        return next((mark_safe(text) for text in self._all(hit)), NO_REASON)  # noqa: S308 - each is escaped

    def _all(self, hit: EngineHit) -> Iterator[str]:
        payload = hit.payload
        yield from self._concepts(hit)
        yield from self._named(_("Name"), (*payload["authors"], payload["publisher"]))
        if words := self._words(payload.get("keywords", "")):
            yield _said(_("Schlagwort"), ", ".join(words))
        if self.identifiers and (isbn := payload.get("reference", {}).get("isbn")):
            yield _said("ISBN", escape(isbn))
        if hit.id in self.pinned:
            yield escape(_("Empfehlung der Redaktion"))
        if hit.id in self.by_meaning:
            yield escape(_("passt vom Sinn her"))
        else:
            yield escape(_("im Text gefunden"))

    def _named(self, what: str, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            marked = self.marker.highlight(name)
            if "<mark>" in marked:
                yield _said(what, marked)

    def _words(self, text: str) -> list[str]:
        return list(dict.fromkeys(MARKED.findall(self.marker.highlight(text))))[:WORDS_NAMED] if text else []

    def _concepts(self, hit: EngineHit) -> Iterator[str]:
        stored = hit.payload["facets"]
        for facet in FACETS:
            if facet.name in _NOT_SEARCHED:
                continue
            for slug in stored.get(facet.name, ()):
                if self.labels.shows(facet.name, slug):
                    yield from self._concept(facet, self.labels.get(facet.name, slug))

    def _concept(self, facet: Facet, value: ValueLabel) -> Iterator[str]:
        """Yield the name of a concept by which it was found: its own, another one, or its own for a hidden one."""
        own = self.marker.highlight(value.label)
        if "<mark>" in own:
            yield _said(str(facet.label), own)
            return
        for other in value.others:
            marked = self.marker.highlight(other)
            if "<mark>" in marked:
                yield _said(str(facet.label), f"{own} ({marked})")
                return
        if any("<mark>" in self.marker.highlight(name) for name in value.hidden):
            yield _said(str(facet.label), own)


def _said(what: str, marked: str) -> str:
    return f"{escape(what)}: {marked}"
