"""What the form of filters needs besides its values: what it must carry along, and where a fold begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def fields_beside(
    hidden_fields: Iterable[tuple[str, str]] | None, facets: Iterable[Any] | None
) -> list[tuple[str, str]]:
    """Return the parameters that the filter form must carry hidden: all that no checkbox of it stands for."""
    shown = {(facet.name, value.slug) for facet in facets or () for value in facet.values}
    return [(name, value) for name, value in hidden_fields or () if (name, str(value)) not in shown and name != "q"]


@register.filter
def has_selected(values: Iterable[Any]) -> bool:
    """Return whether one of the facet's values is chosen: then its fold stands open."""
    return any(value.selected for value in values)


@register.filter
def slice_from(values: Any, start: int) -> Any:
    """Return the values from number `start` (counted from 0) on."""
    return values[int(start) :]
