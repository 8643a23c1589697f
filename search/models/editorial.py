"""Editors' decisions about the search: recommended pages, synonyms, words."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel

from search.analysis.analysers import analyser
from search.analysis.tokens import fold


def _has_word(text: str) -> bool:
    """Return whether a text contains a word at all, independent of any word list."""
    return bool(analyser(settings.LANGUAGE_CODE).read(text))


class PinQuerySet(models.QuerySet["Pin"]):
    """Pins by date."""

    def active(self, today: datetime.date) -> PinQuerySet:
        """Return the pins valid on a day (local date)."""
        return self.filter(
            models.Q(start__isnull=True) | models.Q(start__lte=today),
            models.Q(end__isnull=True) | models.Q(end__gte=today),
        )


class Pin(models.Model):
    """An editor's decision about which page ranks first for a query."""

    query = models.CharField(
        _("Suchanfrage"),
        max_length=300,
        help_text=_("So, wie Leserinnen und Leser sie eingeben; Schreibweise und Wortform sind gleichgültig."),
    )
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+", verbose_name=_("Seite"))
    order = models.PositiveIntegerField(
        _("Platz"), default=1, validators=[MinValueValidator(1)], help_text=_("1 steht ganz oben.")
    )
    start = models.DateField(_("gilt ab"), null=True, blank=True)
    end = models.DateField(_("gilt bis"), null=True, blank=True)
    changed_at = models.DateTimeField(_("geändert"), auto_now=True)

    objects = PinQuerySet.as_manager()

    panels = [
        FieldPanel("query"),
        PageChooserPanel("page"),
        FieldRowPanel([FieldPanel("order"), FieldPanel("start"), FieldPanel("end")]),
    ]

    class Meta:
        verbose_name = _("Empfehlung zur Suche")
        verbose_name_plural = _("Empfehlungen zur Suche")
        ordering = ["query", "order", "id"]

    def __str__(self) -> str:
        return f"{self.query} → {self.page}"

    def clean(self) -> None:
        """Reject a query without a word, and an end before the start."""
        super().clean()
        errors: dict[str, Any] = {}
        if not _has_word(self.query):
            errors["query"] = _("Bitte mindestens ein Wort eingeben.")
        if self.start and self.end and self.end < self.start:
            errors["end"] = _("Das Ende liegt vor dem Anfang.")
        if errors:
            raise ValidationError(errors)


class SynonymSet(models.Model):
    """Words and phrases that mean the same to our readers; each one finds all the others."""

    key = models.SlugField(_("Kennung"), max_length=80, null=True, blank=True, unique=True, editable=False)
    words = models.TextField(
        _("Wörter gleicher Bedeutung"),
        help_text=_("Ein Wort oder eine Wortgruppe je Zeile, mindestens zwei. Wirkt sofort."),
    )
    changed_at = models.DateTimeField(_("geändert"), auto_now=True)

    panels = [FieldPanel("words")]

    class Meta:
        verbose_name = _("Wörter gleicher Bedeutung")
        verbose_name_plural = _("Wörter gleicher Bedeutung")
        ordering = ["words"]

    def __str__(self) -> str:
        return " = ".join(self.entries())

    def entries(self) -> list[str]:
        """Return the words, one per line of the field."""
        return [line.strip() for line in self.words.splitlines() if line.strip()]

    def clean(self) -> None:
        """Require at least two entries with a word."""
        super().clean()
        if len({fold(entry) for entry in self.entries() if _has_word(entry)}) < 2:
            raise ValidationError({"words": _("Bitte mindestens zwei verschiedene Wörter angeben, je Zeile eines.")})


class LexiconWord(models.Model):
    """A word the analysis should know: a part of compounds, or a word that must stay whole."""

    word = models.CharField(
        _("Wort"),
        max_length=80,
        unique=True,
        help_text=_("Ein Bestandteil zusammengesetzter Wörter. Mit „=“ davor: ein Wort, das nie zerlegt wird."),
    )
    changed_at = models.DateTimeField(_("geändert"), auto_now=True)

    panels = [FieldPanel("word")]

    class Meta:
        verbose_name = _("Wort der Sprachanalyse")
        verbose_name_plural = _("Wörter der Sprachanalyse")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        """Reject anything but a single word of letters."""
        super().clean()
        self.word = self.word.strip()
        if not self.word.removeprefix("=").isalpha():
            raise ValidationError({"word": _("Bitte genau ein Wort aus Buchstaben angeben.")})
