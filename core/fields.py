"""A field for pages that a page is filed under, and its values for the public.

Wagtail's reference index skips plain many-to-many fields. It includes this one, so that the search knows which pages
a change affects, and editors see where a page is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from modelcluster.fields import ParentalManyToManyField
from rest_framework.fields import Field
from wagtail.models import Page

from core.declared.searchable import ConceptValue
from core.visibility import public_pages


class PagesField(ParentalManyToManyField):
    """Several pages of one type."""

    def extract_references(self, value: Iterable[Page]) -> Iterator[tuple[type[Page], str, str, str]]:
        """Yield model, key and place of each page, as the reference index expects."""
        for page in value:
            yield self.related_model, str(page.pk), "item", str(page.pk)


def public_choices(pages: Sequence[Page], name: str) -> dict[int, list[Any]]:
    """Return, by the id of each saved page, the public pages it is filed under in its `PagesField` of this name.

    Takes two queries for any number of pages, which must be of one type.
    """
    if not pages:
        return {}
    field: Any = pages[0]._meta.get_field(name)
    own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    rows = field.remote_field.through._default_manager.filter(**{f"{own}__in": [page.pk for page in pages]})
    links = list(rows.values_list(own, other))
    targets = field.related_model._default_manager.filter(pk__in={target for _, target in links})
    public = list(public_pages(targets)) if links else []
    choices: dict[int, list[Any]] = {page.pk: [] for page in pages}
    linked = set(links)
    for target in public:
        for page in pages:
            if (page.pk, target.pk) in linked:
                choices[page.pk].append(target)
    return choices


def public_choice(page: Page, name: str) -> list[Any]:
    """Return the public pages that one page is filed under, as held by the page object, saved or not."""
    choice = getattr(page, name).all()
    if not isinstance(choice, QuerySet):
        # Not saved yet: the choice is in memory.
        field: Any = page._meta.get_field(name)
        choice = field.related_model._default_manager.filter(pk__in=[one.pk for one in choice])
    return list(public_pages(choice))


def as_values(pages: Iterable[Page]) -> tuple[ConceptValue, ...]:
    """Return pages as values of the facet of their type, in an order that does not depend on the database."""
    return tuple(ConceptValue(page.slug, (page.title,)) for page in sorted(pages, key=lambda page: page.slug))


class PageListField(Field[Any, Any, Any, Any]):
    """A `PagesField` in the API: `{id, slug, title}` of the pages that visitors may see, which `source` returns."""

    def to_representation(self, value: Iterable[Page]) -> list[dict[str, Any]]:
        """Return one object per page."""
        pages = sorted(value, key=lambda page: page.slug)
        return [{"id": page.pk, "slug": page.slug, "title": page.title} for page in pages]
