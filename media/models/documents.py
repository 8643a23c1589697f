"""Documents, and what is known of their texts."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument

from core.editing.lines import tidy_lines
from core.output.text import file_name
from media.arriving import check_content
from media.extraction.outcome import Facts
from media.kinds import Ending, Kind, ending_of
from media.messages import message
from media.metadata.strip import SIGN_BYTES, UnreadableError, begins_as_picture, stripped
from media.models.texts import ExtractionStatus


def bare(name: str, file: File[bytes]) -> File[bytes]:
    """Return a picture without place, time, device and names, any other file as it is.

    A picture is known by its name or by its content. Raises UnreadableError for a name of a picture alone.
    """
    ending = ending_of(name)
    is_named = ending is not None and ending.kind == Kind.PICTURE
    file.seek(0)
    if not is_named and not begins_as_picture(file.read(SIGN_BYTES)):
        file.seek(0)
        return file
    file.seek(0)
    content = file.read()
    file.seek(0)
    try:
        return ContentFile(stripped(content), name=name)
    except UnreadableError:
        if is_named:
            raise
        return file


class BareDocumentFile(FieldFile):
    """The file of a document; saving strips a picture of its metadata, whichever way it came."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Store the file and note its size and hashes. Raises UnreadableError for what is no picture but in its name."""
        stored = bare(name, content)
        document: Any = self.instance
        document.note_content(stored)
        super().save(file_name(name), stored, save)


class BareDocumentField(models.FileField):
    """Django's field with our kind of file; the column is the same, so migrations name Django's field."""

    attr_class = BareDocumentFile

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Describe the field as the one it extends."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs


class Document(AbstractDocument):
    """An attachment; the results of reading its text are stored next to the file."""

    file: Any = BareDocumentField(_("file"), upload_to="documents")

    has_captions: bool | None = None
    """Of a recording, where a page lists it: whether captions stand with it. Captions are files of their own."""

    extraction_status = models.CharField(
        _("Textauszug"),
        max_length=10,
        choices=ExtractionStatus.choices,
        default=ExtractionStatus.PENDING,
        editable=False,
    )
    extraction_reason = models.CharField(_("Grund"), max_length=20, blank=True, editable=False)
    format = models.CharField(_("Format"), max_length=10, blank=True, editable=False)
    sha256 = models.CharField(_("Prüfsumme"), max_length=64, blank=True, editable=False, db_index=True)
    facts = models.JSONField(_("gemessen"), default=dict, blank=True, editable=False)

    tags = TaggableManager(blank=True, help_text=None, verbose_name=_("Schlagwörter"), related_name="fundus_documents")

    description = models.CharField(
        _("Beschreibung"),
        max_length=500,
        blank=True,
        help_text=_("Bei einem Bild der Alternativtext: was darauf zu sehen ist. Er wird vorgelesen und gefunden."),
    )

    admin_form_fields = (*WagtailDocument.admin_form_fields, "description")

    class Meta(AbstractDocument.Meta):
        default_related_name = "fundus_documents"
        verbose_name = _("Dokument")
        verbose_name_plural = _("Dokumente")
        permissions = [("choose_document", "Can choose document")]

    def note_content(self, content: File[bytes]) -> None:
        """Note size and hashes of new content; what was read of the former one does not hold for it."""
        digest, sha1 = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
        for chunk in content.chunks():
            digest.update(chunk)
            sha1.update(chunk)
        content.seek(0)
        self.file_size, self.file_hash, self.sha256 = content.size, sha1.hexdigest(), digest.hexdigest()
        self.extraction_status = ExtractionStatus.PENDING
        self.extraction_reason = self.format = ""
        self.facts = {}

    @property
    def ending(self) -> Ending | None:
        """Return what the file is by its name; reading tells whether that is so."""
        return ending_of(self.filename)

    @property
    def is_whole(self) -> bool:
        """Whether the file was read and is what its name says."""
        return self.extraction_status in (ExtractionStatus.DONE, ExtractionStatus.EMPTY)

    @property
    def measured(self) -> Facts:
        """Return the measured facts of the file; none are known before it was read."""
        facts = Facts.from_json(self.facts)
        if facts.width:
            # The words of a picture stand beside it, not in it.
            facts.pictures, facts.described_pictures = 1, int(bool(self.description.strip()))
        if self.has_captions is not None and self.is_whole:
            facts.captions = self.has_captions
        return facts

    @property
    def extraction_message(self) -> str:
        """Return why the file yielded no text, or not all of it, in the reader's language."""
        return message(self.extraction_reason, self.measured, self.format)

    def clean(self) -> None:
        """Check the file's extension, if there is a file.

        A form that completes an upload attaches the file, checked on arrival, only afterwards.
        """
        if self.file:
            super().clean()
            try:
                if not self.file._committed:
                    check_content(self.filename, self.file)
                    bare(self.filename, self.file)
            except UnreadableError as error:
                raise ValidationError({"file": _("Das ist kein Bild, das sich lesen lässt.")}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new file first: what the row says of it holds for the stored file, not for the upload."""
        if self.file and not self.file._committed:
            self.file.save(self.file.name, self.file.file, save=False)
        tidy_lines(self)
        super().save(*args, **kwargs)
