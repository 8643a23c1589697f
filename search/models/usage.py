"""How often readers searched for what; no row names a reader."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class QueryCount(models.Model):
    """How often a search was made on a day, by its words; no row shows who made it."""

    class Hits(models.TextChoices):
        """How many entries hold all the words, as precisely as editors need it."""

        NONE = "0", _("keine")
        FEW = "1-9", _("1 bis 9")
        MANY = "10+", _("10 und mehr")

        @classmethod
        def of(cls, total: int) -> QueryCount.Hits:
            """Return the bucket for a number of hits."""
            return cls.NONE if total == 0 else cls.FEW if total < 10 else cls.MANY

    day = models.DateField(_("Tag"))
    key = models.CharField(_("Wörter, auf Grundformen gebracht"), max_length=700)
    text = models.CharField(_("Suche"), max_length=700)
    hits = models.CharField(_("Treffer"), max_length=4, choices=Hits.choices)
    count = models.PositiveIntegerField(_("Anzahl"), default=0)

    class Meta:
        verbose_name = _("gezählte Suche")
        verbose_name_plural = _("gezählte Suchen")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "key", "hits"], name="search_querycount_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.text}"


class MissingCount(models.Model):
    """How often readers said on a day that something is missing: a search, or a word that occurs in no document.

    `text` is empty until the rule of counts lets it be shown; `key` is a hash of the words (`search.usage.missing`).
    """

    class Kind(models.TextChoices):
        """What is missing; the order is that of the report."""

        SEARCH = "search", _("Suche")
        WORD = "word", _("unbekanntes Wort")

    day = models.DateField(_("Tag"))
    kind = models.CharField(_("Art"), max_length=6, choices=Kind.choices)
    key = models.CharField(_("Schlüssel"), max_length=64)
    text = models.CharField(_("Was fehlt"), max_length=700, blank=True)
    count = models.PositiveIntegerField(_("Anzahl"), default=0)

    class Meta:
        verbose_name = _("gezählter Wunsch")
        verbose_name_plural = _("gezählte Wünsche")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "kind", "key"], name="search_missingcount_unique"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="search_missingcount_key")]

    def __str__(self) -> str:
        return f"{self.day}: {self.text or self.key}"


class UnknownWord(models.Model):
    """How often readers searched on a day for a word that occurs in no document; single words, not searches."""

    day = models.DateField(_("Tag"))
    word = models.CharField(_("Wort"), max_length=200)
    count = models.PositiveIntegerField(_("Anzahl"), default=0)

    class Meta:
        verbose_name = _("unbekanntes Wort")
        verbose_name_plural = _("unbekannte Wörter")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "word"], name="search_unknownword_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.word}"
