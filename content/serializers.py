"""Serializers that several apps share in the pages API: concepts as slug and label, covers as rendition."""

from __future__ import annotations

from typing import Any

from rest_framework.fields import Field


class ConceptListField(Field[Any, Any, Any, Any]):
    """Concepts as `{slug, label, uri}`: a list, or with `single` one object or null."""

    def __init__(self, *, single: bool = False, **kwargs: Any) -> None:
        self.single = single
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> Any:
        """Return the concept or concepts as plain objects."""
        if self.single:
            return _concept(value)
        return [_concept(concept) for concept in (value if isinstance(value, list) else value.all())]


class CoverField(Field[Any, Any, Any, Any]):
    """The cover's rendition as the search shows it."""

    def get_attribute(self, instance: Any) -> Any:
        """Read the page's ready rendition instead of the raw image."""
        return instance.cover_image()

    def to_representation(self, value: Any) -> Any:
        """Return address, size and alternative text, or null."""
        return {"url": value.url, "width": value.width, "height": value.height, "alt": value.alt}


def _concept(concept: Any) -> dict[str, str]:
    return {"slug": concept.slug, "label": concept.label, "uri": concept.uri}
