"""Template tags for what visitors send: the forms for contributions, on whatever page has their address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse

from visitors.contributing.kinds import KINDS, Kind

register = template.Library()


@register.inclusion_tag("visitors/includes/contribution_forms.html")
def contribution_forms() -> dict[str, Any]:
    """Show the forms as a list."""
    kinds: Iterable[Kind] = KINDS.values()
    return {"kinds": kinds}


@register.simple_tag(takes_context=True)
def is_place_of_forms(context: dict[str, Any]) -> bool:
    """Return whether the page that is shown has the address at which the forms are looked for."""
    request = context.get("request")
    return request is not None and request.path == reverse("visitors:contribute")
