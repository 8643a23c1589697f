"""The facets, declared once: index, form, counts, template, API and OpenAPI read this list.

A new facet is one line here, provided pages return its concepts in their search content.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.declared.searchable import SearchContent
from search.facets.sources import Areas, Concepts, Filed, Pages, Source, Topics, Types, Years


class ValueOrder(Enum):
    """Order of a facet's values."""

    VOCABULARY = "vocabulary"
    COUNT = "count"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with counts, and everything there is to know about it.

    `name` is the request parameter and the index field, `source` supplies its values and their labels; `size` is the
    maximum number of values counted, `listed` of those passed to page and API; `shown` is false for a parameter that
    has a single value so far and would only be noise on the page.
    """

    name: str
    label: str | Promise
    source: Source
    order: ValueOrder = ValueOrder.VOCABULARY
    size: int = 100
    listed: int = 100
    shown: bool = True
    named_with_values: bool = False
    """Whether people put its name before the value: Förderschwerpunkt Sprache, Fach Mathematik, Zielgruppe Eltern."""
    owner: bool = False
    """Whether it names the owner of a page, not its subject: its names count like words of the page's text."""
    browsed_at: str = ""
    """Path below which each value has a browse page, if any."""
    kinship: float = 0.0
    """Weight of a shared value for similarity, relative to an equally rare word; most entries share an audience."""
    is_meaning: bool = False
    """Whether the names of its values are part of what a page means; see `search.meaning.recipe`."""
    in_items: bool = True
    """Whether an API item lists its values under its name; type and year have fields of their own there."""

    @property
    def has_vocabulary(self) -> bool:
        """Whether its values are concepts."""
        return isinstance(self.source, Concepts)


FACETS: tuple[Facet, ...] = (
    Facet("area", _("Bereich"), Areas()),
    Facet("type", _("Typ"), Types(), is_meaning=True, in_items=False),
    Facet(
        "focus",
        _("Förderschwerpunkt"),
        Concepts("focus"),
        named_with_values=True,
        browsed_at="foerderschwerpunkt",
        kinship=0.5,
        is_meaning=True,
    ),
    Facet(
        "audience",
        _("Zielgruppe"),
        Concepts("audience"),
        named_with_values=True,
        browsed_at="zielgruppe",
        kinship=0.1,
        is_meaning=True,
    ),
    Facet("level", _("Bildungsbereich"), Concepts("level"), kinship=0.2, is_meaning=True),
    Facet("koopv", _("Kooperationsverbund"), Pages("koopv"), order=ValueOrder.COUNT, owner=True),
    Facet("school_type", _("Schulart"), Concepts("school_type"), named_with_values=True),
    Facet(
        "subject",
        _("Fach"),
        Concepts("subject"),
        order=ValueOrder.COUNT,
        named_with_values=True,
        kinship=0.5,
        is_meaning=True,
    ),
    Facet("kind", _("Materialart"), Concepts("kind"), order=ValueOrder.COUNT, named_with_values=True, kinship=0.2),
    Facet("year", _("Jahr"), Years(), order=ValueOrder.NEWEST, size=300, in_items=False),
    Facet("license", _("Lizenz"), Concepts("license")),
    Facet("language", _("Sprache"), Concepts("language"), order=ValueOrder.COUNT),
    Facet("accessibility", _("Barrierefreiheit"), Concepts("accessibility"), order=ValueOrder.COUNT),
    Facet("topic", _("Thema"), Topics(), order=ValueOrder.COUNT, size=1000, listed=50, kinship=1.0),
)

BY_NAME: dict[str, Facet] = {facet.name: facet for facet in FACETS}
SHOWN: tuple[Facet, ...] = tuple(facet for facet in FACETS if facet.shown)
BROWSED: tuple[Facet, ...] = tuple(facet for facet in FACETS if facet.browsed_at)

FOLD_AFTER = 7
"""Values shown before the rest of a long facet is folded away."""


def values_of(content: SearchContent, type: str, area: str) -> dict[str, tuple[str, ...]]:
    """Return the values per facet that a page is filed under, from its content, its type and its area."""
    filed = Filed(content, type, area)
    return {facet.name: facet.source.slugs(facet.name, filed) for facet in FACETS}
