"""Images and documents with what a public library must know of them: credit, licence of use, accessibility."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.images.models import Image as WagtailImage

from core.metadata import stripped
from core.models.extraction import ExtractionStatus


class BareImageFile(WagtailImageFieldFile):
    """The file of a picture; whoever stores one stores it without metadata."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Store the picture alone. Raises core.metadata.UnreadableError."""
        content.seek(0)
        bare = stripped(content.read())
        self.instance.file_size = len(bare)
        self.instance.file_hash = hashlib.sha1(bare, usedforsecurity=False).hexdigest()
        super().save(name, ContentFile(bare, name=name), save)


class BareImageField(WagtailImageField):
    """Wagtail's field with our kind of file; the column is the same, so migrations name Wagtail's."""

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
        """Store a new file first: its size and hash are those of what is kept, not of what was sent."""
        if self.file and not self.file._committed:
            self.file.save(self.file.name, self.file.file, save=False)
        super().save(*args, **kwargs)

    def generate_rendition_file(self, filter: Any, *, source: File[bytes] | None = None) -> File[bytes]:
        """Return a scaled copy; Wagtail leaves its temporary file open until the garbage collector comes."""
        made = super().generate_rendition_file(filter, source=source)
        with made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)


class Rendition(AbstractRendition):
    """A scaled copy of an image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class Document(AbstractDocument):
    """An attachment; what the reading of its text found out is kept beside the file."""

    extraction_status = models.CharField(
        _("Textauszug"),
        max_length=10,
        choices=ExtractionStatus.choices,
        default=ExtractionStatus.PENDING,
        editable=False,
    )
    extraction_message = models.CharField(_("Meldung"), max_length=255, blank=True, editable=False)
    sha256 = models.CharField(_("Prüfsumme"), max_length=64, blank=True, editable=False, db_index=True)
    page_count = models.PositiveIntegerField(_("Seiten"), null=True, blank=True, editable=False)
    language = models.CharField(_("Sprache"), max_length=12, blank=True, editable=False)
    tagged = models.BooleanField(_("getaggtes PDF"), null=True, blank=True, editable=False)

    tags = TaggableManager(blank=True, help_text=None, verbose_name=_("Schlagwörter"), related_name="fundus_documents")

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        default_related_name = "fundus_documents"
        verbose_name = _("Dokument")
        verbose_name_plural = _("Dokumente")
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        """Check the file's ending, where there is a file.

        A form that completes an upload puts the file, checked when it came, in place only afterwards.
        """
        if self.file:
            super().clean()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the file's SHA-256 beside it, so that equal files are known as equal."""
        if self.file and not getattr(self.file, "_committed", True):
            digest = hashlib.sha256()
            for chunk in self.file.chunks():
                digest.update(chunk)
            self.file.seek(0)
            self.sha256 = digest.hexdigest()
            # What was read of the former file is not true of this one.
            self.extraction_status = ExtractionStatus.PENDING
            self.extraction_message = self.language = ""
            self.page_count = self.tagged = None
        super().save(*args, **kwargs)
