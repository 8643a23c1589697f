"""Vectors of texts, by model and recipe, and the pages that wait for theirs. Texts themselves are not kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EmbeddingSource(models.Model):
    """What vectors were computed with: a model, and a version of the recipe that makes texts of pages.

    The one chosen last is in use: every process reads that here, so none mixes vectors of two models, and none has to
    load a model to know its name. An empty `model` means that the site searches by words only.
    """

    model = models.CharField(_("Modell"), max_length=500, blank=True)
    recipe = models.PositiveIntegerField(_("Rezept"))
    chosen_at = models.DateTimeField(_("gewählt"), default=timezone.now)
    computed_at = models.DateTimeField(_("zuletzt gerechnet"), null=True, blank=True)
    last_error = models.TextField(_("letzter Fehler"), blank=True)
    line = models.FloatField(_("Gewissheit, ab der eine Frage beantwortet ist"), null=True, blank=True)
    line_abroad = models.FloatField(
        _("Gewissheit, ab der eine Frage in anderer Sprache beantwortet ist"), null=True, blank=True
    )
    line_at = models.DateTimeField(_("Gewissheit zuletzt gemessen"), null=True, blank=True)

    class Meta:
        verbose_name = _("Quelle von Vektoren")
        verbose_name_plural = _("Quellen von Vektoren")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "recipe"], name="search_embeddingsource_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.model} ({self.recipe})"


class Embedding(models.Model):
    """The vector of a text: a row for each source and hash, so that equal texts are computed once.

    `vector` holds a signed byte for each dimension. `last_used` is correct to a few days; see
    `search.meaning.vectors`.
    """

    source = models.ForeignKey(EmbeddingSource, on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.BinaryField(_("SHA-256 des Textes"), max_length=32)
    vector = models.BinaryField(_("Vektor"))
    last_used = models.DateField(_("zuletzt gebraucht"), db_index=True)

    class Meta:
        verbose_name = _("Vektor")
        verbose_name_plural = _("Vektoren")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "digest"], name="search_embedding_unique"),
        ]

    def __str__(self) -> str:
        return bytes(self.digest).hex()


class PageToEmbed(models.Model):
    """A page that lacks vectors: at most one row for each, however often the page changes.

    Whoever removes the row records the page in the outbox in the same transaction; the drain then reads the page as it
    is by then, and queues it again if something is still missing. So a row needs no number.
    """

    page = models.BigIntegerField(_("Seite"), unique=True)
    queued_at = models.DateTimeField(_("wartet seit"), default=timezone.now)
    available_at = models.DateTimeField(_("nächster Versuch"), default=timezone.now, db_index=True)
    claimed_until = models.DateTimeField(_("in Arbeit bis"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("Fehlversuche"), default=0)
    last_error = models.TextField(_("letzter Fehler"), blank=True)

    class Meta:
        verbose_name = _("Seite, die auf Vektoren wartet")
        verbose_name_plural = _("Seiten, die auf Vektoren warten")
        default_permissions = ("view", "change")
        ordering = ["queued_at", "id"]

    def __str__(self) -> str:
        return str(self.page)
