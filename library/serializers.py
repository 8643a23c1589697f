"""How our fields read in the pages API: concepts as slug and label, covers as rendition, rows as objects."""

from __future__ import annotations

from typing import Any

from modelcluster.fields import ParentalKey
from rest_framework.fields import Field
from wagtail.documents import get_document_model
from wagtail.models import Page

from core.visible import private_collections, public_pages


class ConceptListField(Field):
    """Concepts as `{slug, label, uri}`: a list, or with `single` one object or null."""

    def __init__(self, *, single: bool = False, **kwargs: Any) -> None:
        self.single = single
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> Any:
        """Return the concept or concepts as plain objects."""
        if self.single:
            return _concept(value)
        return [_concept(concept) for concept in value.all()]


class CoverField(Field):
    """The cover's rendition as the search shows it."""

    def get_attribute(self, instance: Any) -> Any:
        """Read the page's ready rendition instead of the raw image."""
        return instance.specific.cover_image()

    def to_representation(self, value: Any) -> Any:
        """Return address, size and alternative text, or null."""
        return {"url": value.url, "width": value.width, "height": value.height, "alt": value.alt}


class RowsField(Field):
    """Rows of an inline relation as objects with the named attributes.

    A row that leads to a page or file which visitors may not see is left out, with what it says about it.
    """

    def __init__(self, *names: str, **kwargs: Any) -> None:
        self.names = names
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: Any) -> RowsField:
        """Copy with the names: the framework rebuilds fields from keyword arguments alone."""
        return RowsField(*self.names)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return one object a row."""
        return [{name: getattr(row, name) for name in self.names} for row in _public(value.all())]


def _concept(concept: Any) -> dict[str, str]:
    return {"slug": concept.slug, "label": concept.label, "uri": concept.uri}


def _public(rows: Any) -> list[Any]:
    """Return the rows whose page and file, if they have them, visitors may see."""
    shown = list(rows)
    for field in rows.model._meta.concrete_fields:
        if not field.many_to_one or isinstance(field, ParentalKey):
            continue
        if issubclass(field.related_model, Page):
            ids = {getattr(row, field.attname) for row in shown}
            pages = set(public_pages(Page.objects.filter(pk__in=ids)).values_list("pk", flat=True))
            shown = [row for row in shown if getattr(row, field.attname) in pages]
        elif issubclass(field.related_model, get_document_model()):
            private = private_collections()
            documents = {row: getattr(row, field.name) for row in shown if getattr(row, field.attname)}
            shown = [row for row in shown if row not in documents or documents[row].collection_id not in private]
    return shown
