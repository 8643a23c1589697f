"""How our fields read in the pages API: concepts as slug and label, covers as rendition, rows as objects."""

from __future__ import annotations

from typing import Any

from rest_framework.fields import Field


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
    """Rows of an inline relation as objects with the named attributes."""

    def __init__(self, *names: str, **kwargs: Any) -> None:
        self.names = names
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: Any) -> RowsField:
        """Copy with the names: the framework rebuilds fields from keyword arguments alone."""
        return RowsField(*self.names)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return one object a row."""
        return [{name: getattr(row, name) for name in self.names} for row in value.all()]


def _concept(concept: Any) -> dict[str, str]:
    return {"slug": concept.slug, "label": concept.label, "uri": concept.uri}
