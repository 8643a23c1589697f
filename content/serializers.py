"""Serializers that several apps share in the pages API: concepts as slug and label, covers as rendition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.fields import Field


class ConceptListField(Field[Any, Any, Any, Any]):
    """Concepts as `{slug, label, uri}`: a list, or with `single` one object or null."""

    def __init__(self, *, single: bool = False, **kwargs: Any) -> None:
        self.single = single
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> Any:
        """Return the concept or concepts as plain objects."""
        language = label_language(self.context)
        if self.single:
            return concept_values(value, language)
        return [concept_values(concept, language) for concept in (value if isinstance(value, list) else value.all())]


class CoverField(Field[Any, Any, Any, Any]):
    """The cover's rendition as the search shows it."""

    def get_attribute(self, instance: Any) -> Any:
        """Read the page's ready rendition instead of the raw image."""
        return instance.cover_image()

    def to_representation(self, value: Any) -> Any:
        """Return address, size and alternative text, or null."""
        return {"url": value.url, "width": value.width, "height": value.height, "alt": value.alt}


def label_language(context: Mapping[str, Any]) -> str:
    """Return the language that a request to the API asks for, German without one: its answers name no other language."""
    asked = context["request"].GET.get("locale", "") if "request" in context else ""
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def concept_values(concept: Any, language: str) -> dict[str, str]:
    """Return a concept as `{slug, label, uri}`, its label in a language."""
    return {"slug": concept.slug, "label": concept.label_for(language), "uri": concept.uri}
