"""Documents, and what is known of their texts."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument

from media.extraction.outcome import Facts
from media.messages import message
from media.models.texts import ExtractionStatus


class Document(AbstractDocument):
    """An attachment; the results of reading its text are stored next to the file."""

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

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        default_related_name = "fundus_documents"
        verbose_name = _("Dokument")
        verbose_name_plural = _("Dokumente")
        permissions = [("choose_document", "Can choose document")]

    @property
    def measured(self) -> Facts:
        """Return the measured facts of the file; none are known before it was read."""
        return Facts.from_json(self.facts)

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the file's SHA-256 next to it, so that equal files are recognised."""
        if self.file and not getattr(self.file, "_committed", True):
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
