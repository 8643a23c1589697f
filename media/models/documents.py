"""Documents, and what is known of their texts."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument

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
            self.extraction_message = self.language = ""
            self.page_count = self.tagged = None
        super().save(*args, **kwargs)
