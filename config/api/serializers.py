"""The fields of the API: what a page hides stays hidden, and many items cost as many queries as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, prefetch_related_objects
from rest_framework.fields import Field
from taggit.managers import TaggableManager
from wagtail.api.v2.serializers import PageSerializer, RelatedField, RichTextFieldSerializer
from wagtail.api.v2.serializers import StreamField as StreamSerializer
from wagtail.documents.api.v2.serializers import DocumentSerializer
from wagtail.fields import RichTextField, StreamField
from wagtail.images.api.v2.serializers import ImageDownloadUrlField, ImageSerializer

from content.mentioning import MentioningPage
from core.mentions import Seen, kind_of, mentioning_fields, rows_of, seen_among, shown_stream, shown_text
from core.models import BasePage
from media.covers import COVER_FILTER


def field_of(model: type[Model], name: str) -> Any:
    """Return a model's field, or None when it has none of this name."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _seen(instance: Any) -> Seen | None:
    return instance.seen() if isinstance(instance, MentioningPage) else None


class ShownText(RichTextFieldSerializer):  # type: ignore[misc] # Wagtail has no types
    """Running text without addresses of hidden things, in whichever format is asked for."""

    def get_attribute(self, instance: Any) -> Any:
        """Return the stored text as it may be shown."""
        return shown_text(super().get_attribute(instance), _seen(instance))


class ShownStream(StreamSerializer):  # type: ignore[misc] # as above
    """A body without what depends on hidden things."""

    def get_attribute(self, instance: Any) -> Any:
        """Return the body as it may be shown."""
        return shown_stream(super().get_attribute(instance), _seen(instance))


class ShownRelated(RelatedField):  # type: ignore[misc] # as above
    """Another page, picture or document, null for a hidden one."""

    def get_attribute(self, instance: Any) -> Any:
        """Return the object if it may be shown."""
        value = super().get_attribute(instance)
        kind = kind_of(type(value))
        return value if kind is None or seen_among([(kind, value.pk)]).has((kind, value.pk)) else None


class TagNames(Field[Any, Any, Any, Any]):
    """Tags by name; Wagtail's own field would ask the database for each item."""

    def to_representation(self, value: Any) -> list[str]:
        """Return the names in order."""
        return sorted(tag.name for tag in value.all())


class KnownTags:
    """A mixin for Wagtail's serializers: tags that have been read together."""

    def build_property_field(self, field_name: str, model_class: type[Model]) -> Any:
        """Return our field for tags."""
        if isinstance(field_of(model_class, field_name), TaggableManager):
            return TagNames, {}
        return super().build_property_field(field_name, model_class)  # type: ignore[misc] # a mixin


class ShownPageSerializer(KnownTags, PageSerializer):  # type: ignore[misc] # as above
    """Wagtail's serializer of pages with our fields."""

    serializer_field_mapping = {
        **PageSerializer.serializer_field_mapping,
        StreamField: ShownStream,
        RichTextField: ShownText,
    }
    serializer_related_field = ShownRelated


class ShownImageField(ImageDownloadUrlField):  # type: ignore[misc] # as above
    """The address of the copy that cards show: originals are for editors."""

    def to_representation(self, image: Any) -> str | None:
        """Return the address, or None for a picture whose file is missing or broken."""
        try:
            return str(image.get_rendition(COVER_FILTER).url)
        except (OSError, ValueError):
            return None


class ShownImageSerializer(KnownTags, ImageSerializer):  # type: ignore[misc] # as above
    """Wagtail's serializer, which would name the original, with our field."""

    download_url = ShownImageField(read_only=True)


class ShownDocumentSerializer(KnownTags, DocumentSerializer):  # type: ignore[misc] # as above
    """Wagtail's serializer of documents."""


def read_fields(items: Sequence[Any], names: Sequence[str]) -> None:
    """Read what these fields of items of one model show, in a fixed number of queries."""
    if not items:
        return
    model = type(items[0])
    if issubclass(model, BasePage):
        model.read_together(items)
    relations: list[str] = []
    for name in names:
        field = field_of(model, name)
        if field is not None and field.is_relation:
            relations += [name, *_files_of(name, field)]
    prefetch_related_objects(items, *(name for name in relations if name != "cover"))


def _files_of(name: str, field: Any) -> list[str]:
    """Return the lookups of pictures and documents in rows of a page."""
    rows = rows_of(field)
    return [f"{name}__{one.name}" for one in mentioning_fields(rows)] if rows else []
