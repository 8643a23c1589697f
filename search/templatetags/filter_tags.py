"""What the filter form needs besides its values: parameters to preserve, and where folding begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def fields_beside(
    hidden_fields: Iterable[tuple[str, str]] | None, facets: Iterable[Any] | None
) -> list[tuple[str, str]]:
    """Return the parameters for hidden fields of the filter form: all that none of its checkboxes represents."""
    checkboxes = {(facet.name, value.slug) for facet in facets or () for value in facet.values}
    return [
        (name, value) for name, value in hidden_fields or () if (name, str(value)) not in checkboxes and name != "q"
    ]


@register.filter
def has_selected(values: Iterable[Any]) -> bool:
    """Return whether one of the facet's values is selected, so that its fold is open."""
    return any(value.selected for value in values)


@register.filter
def slice_from(values: Any, start: int) -> Any:
    """Return the values from index `start` on."""
    return values[int(start) :]
