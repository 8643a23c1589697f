"""Pictures and their scaled copies: stored without metadata."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.images.models import Image as WagtailImage

from core.editing.lines import tidy_lines
from core.output.text import file_name
from media.metadata.strip import stripped


class BareImageFile(WagtailImageFieldFile):
    """The file of a picture; saving strips its metadata."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Store the picture alone. Raises media.metadata.strip.UnreadableError."""
        content.seek(0)
        bare = stripped(content.read())
        self.instance.file_size = len(bare)
        self.instance.file_hash = hashlib.sha1(bare, usedforsecurity=False).hexdigest()
        super().save(file_name(name), ContentFile(bare, name=name), save)


class BareImageField(WagtailImageField):
    """Wagtail's field with our kind of file; the column is the same, so migrations name Wagtail's field."""

    attr_class = BareImageFile

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Describe the field as the one it extends."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"{WagtailImageField.__module__}.{WagtailImageField.__qualname__}", args, kwargs


class Image(AbstractImage):
    """A picture with its credit line; `description` is the default alternative text."""

    file: Any = BareImageField(_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    credit = models.CharField(
        _("Bildnachweis"),
        max_length=255,
        blank=True,
        help_text=_("Wer das Bild gemacht hat und unter welcher Lizenz, z. B. „Zeichnung: Redaktion, CC0“."),
    )

    tags = TaggableManager(blank=True, help_text=None, verbose_name=_("Schlagwörter"), related_name="fundus_images")

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        # Wagtail's own model of the same name is installed too and holds the default name.
        default_related_name = "fundus_images"
        verbose_name = _("Bild")
        verbose_name_plural = _("Bilder")
        permissions = [("choose_image", "Can choose image")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new file first: its size and hash are those of the stored file, not of the upload."""
        if self.file and not self.file._committed:
            self.file.save(self.file.name, self.file.file, save=False)
        tidy_lines(self)
        super().save(*args, **kwargs)

    def generate_rendition_file(self, filter: Any, *, source: File[bytes] | None = None) -> File[bytes]:
        """Return a scaled copy and close its temporary file; Wagtail leaves that to the garbage collector."""
        made = super().generate_rendition_file(filter, source=source)
        with made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)


class Rendition(AbstractRendition):
    """A scaled copy of an image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
