"""Suggestions for display: each with its kind as a word, and the address it leads to."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from core.declared.page_types import searchable_types
from search.answer.suggestions import Kind, Suggestion
from search.facets.facets import BY_NAME
from search.page.links import address, concept_address
from search.page.results import ShownSuggestion
from search.question.request import SearchRequest


def shown(found: Iterable[Suggestion]) -> tuple[ShownSuggestion, ...]:
    """Return suggestions with notes in the active language."""
    types = {page_type.search_type: str(page_type.search_type_label) for page_type in searchable_types()}
    return tuple(_shown(one, types.get(one.type, "")) for one in found)


def _shown(one: Suggestion, type_label: str) -> ShownSuggestion:
    if one.kind is Kind.TITLE:
        return ShownSuggestion(one.text, one.kind, type_label, one.url)
    if one.kind is Kind.QUERY:
        url = address(reverse("search:search"), SearchRequest(query=one.text))
        return ShownSuggestion(one.text, one.kind, _("häufig gesucht"), url)
    facet = str(BY_NAME[one.facet].label)
    note = f"{facet} ({one.other})" if one.other else facet
    return ShownSuggestion(one.text, one.kind, note, concept_address(one.facet, one.slug))
