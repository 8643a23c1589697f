"""The text of attachments, stored by the hash of the file: equal files are read once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExtractionStatus(models.TextChoices):
    """The outcome of reading a document's text."""

    PENDING = "pending", _("noch nicht gelesen")
    DONE = "done", _("gelesen")
    EMPTY = "empty", _("ohne Text")
    FAILED = "failed", _("nicht lesbar")


class ExtractedText(models.Model):
    """The result of reading one file. `media/reading.py` writes it, page types read it.

    `reason` says why there is no text, or not all; `facts` is what was measured, as `media.extraction.facts` stores it.
    `pieces` is a list of {"text", "heading", "page"}: a page of a PDF, a slide, or what follows a heading. Of a table
    they have a first "row", of captions "start" and "end" in seconds; in a bundle each is the name of a member. `told` is
    what the file says of people beside its text, for editors alone.
    """

    sha256 = models.CharField(_("Prüfsumme"), max_length=64, unique=True)
    version = models.PositiveIntegerField(_("Fassung des Lesers"), default=0)
    status = models.CharField(
        _("Textauszug"), max_length=10, choices=ExtractionStatus.choices, default=ExtractionStatus.PENDING
    )
    reason = models.CharField(_("Grund"), max_length=20, blank=True)
    format = models.CharField(_("Format"), max_length=10, blank=True)
    facts = models.JSONField(_("gemessen"), default=dict, blank=True)
    pieces = models.JSONField(_("Text"), default=list, blank=True)
    told = models.JSONField(_("Angaben zu Personen"), default=list, blank=True)
    read_at = models.DateTimeField(_("gelesen am"), null=True, blank=True)
    claimed_until = models.DateTimeField(_("in Arbeit bis"), null=True, blank=True)

    class Meta:
        verbose_name = _("Text einer Datei")
        verbose_name_plural = _("Texte von Dateien")

    def __str__(self) -> str:
        return self.sha256[:12]
