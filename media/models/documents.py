"""Documents, and what is known of their texts."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument

from media.extraction.outcome import Facts
from media.kinds import Ending, Kind, ending_of
from media.messages import message
from media.metadata.strip import UnreadableError, stripped
from media.models.texts import ExtractionStatus


class Document(AbstractDocument):
    """An attachment; the results of reading its text are stored next to the file."""

    file: Any

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
                self._strip()
            except UnreadableError as error:
                raise ValidationError({"file": _("Das ist kein Bild, das sich lesen lässt.")}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the file's SHA-256 next to it, so that equal files are recognised, and a picture without its metadata.

        Raises UnreadableError for a new picture that `clean()` would have refused.
        """
        if self.file and not getattr(self.file, "_committed", True):
            self._strip()
            digest = hashlib.sha256()
            for chunk in self.file.chunks():
                digest.update(chunk)
            self.file.seek(0)
            self.sha256 = digest.hexdigest()
            # What was read from the former file does not hold for this one.
            self.extraction_status = ExtractionStatus.PENDING
            self.extraction_reason = self.format = ""
            self.facts = {}
        super().save(*args, **kwargs)

    def _strip(self) -> None:
        """Take place, time, device and names out of a new picture, as is done with all pictures of the site."""
        ending = self.ending
        if getattr(self.file, "_committed", True) or ending is None or ending.kind != Kind.PICTURE:
            return
        self.file.seek(0)
        content = self.file.read()
        bare = stripped(content)
        self.file.seek(0)
        if bare != content:
            self.file = ContentFile(bare, name=self.filename)
            self.file_size = len(bare)
            self.file_hash = hashlib.sha1(bare, usedforsecurity=False).hexdigest()
