"""The facets, declared once: index, form, counts, template, API and OpenAPI read this list.

One more facet is one line here, provided pages give its concepts in their search content.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ValueOrder(Enum):
    """How the values of a facet are listed."""

    VOCABULARY = "vocabulary"
    COUNT = "count"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with counts.

    `name` is the request parameter, the index field and the vocabulary's slug (if it has one);
    `size` is the greatest number of values counted, `listed` of those given to page and API; `shown` is false for a parameter that has a
    single value so far and would only be noise on the page.
    """

    name: str
    label: str | Promise
    has_vocabulary: bool = True
    order: ValueOrder = ValueOrder.VOCABULARY
    size: int = 100
    listed: int = 100
    shown: bool = True


FACETS: tuple[Facet, ...] = (
    Facet("area", _("Bereich"), has_vocabulary=False),
    Facet("type", _("Typ"), has_vocabulary=False),
    Facet("focus", _("Förderschwerpunkt")),
    Facet("audience", _("Zielgruppe")),
    Facet("level", _("Bildungsbereich")),
    Facet("koopv", _("Kooperationsverbund"), has_vocabulary=False, order=ValueOrder.COUNT),
    Facet("school_type", _("Schulart")),
    Facet("subject", _("Fach"), order=ValueOrder.COUNT),
    Facet("kind", _("Materialart"), order=ValueOrder.COUNT),
    Facet("year", _("Jahr"), has_vocabulary=False, order=ValueOrder.NEWEST, size=300),
    Facet("license", _("Lizenz")),
    Facet("language", _("Sprache"), order=ValueOrder.COUNT),
    Facet("accessibility", _("Barrierefreiheit"), order=ValueOrder.COUNT),
    Facet("topic", _("Thema"), has_vocabulary=False, order=ValueOrder.COUNT, size=1000, listed=50),
)

BY_NAME: dict[str, Facet] = {facet.name: facet for facet in FACETS}
SHOWN: tuple[Facet, ...] = tuple(facet for facet in FACETS if facet.shown)

FOLD_AFTER = 7
"""Values shown before the rest of a long facet folds (look.md)."""
