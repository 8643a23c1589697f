"""How the library's fields read in the pages API: rows as objects; the others are those of `content.serializers`."""

from __future__ import annotations

from typing import Any

from modelcluster.fields import ParentalKey
from rest_framework.fields import Field
from wagtail.documents import get_document_model
from wagtail.models import Page

from core.visibility import private_collections, public_pages


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
