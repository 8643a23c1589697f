"""How often readers searched for what; no row names a reader, and words have rows only once many have used them.

The numbers of rows are drawn by chance: which were written after one another would say what was typed together.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def random_number() -> int:
    """Return a number for a row."""
    return secrets.randbits(62)


class PendingCount(models.Model):
    """Words that few have used so far, by a hash whose key is not in the database (`search.usage.key`).

    `voices` has a bit for each voice that used them; a voice is another one for other words.
    """

    id = models.BigIntegerField(primary_key=True, default=random_number, editable=False)
    key_name = models.CharField(_("Schlüssel"), max_length=16)
    mark = models.CharField(_("Prüfwert"), max_length=64, unique=True)
    voices = models.BigIntegerField(_("Stimmen"), default=0)
    days = models.PositiveIntegerField(_("Tage"), default=1)
    last_day = models.DateField(_("zuletzt"))
    count = models.PositiveIntegerField(_("Anzahl"), default=0)

    class Meta:
        verbose_name = _("noch nicht gezeigte Zählung")
        verbose_name_plural = _("noch nicht gezeigte Zählungen")
        default_permissions = ()

    def __str__(self) -> str:
        return self.mark


class QueryCount(models.Model):
    """How often a search was made on a day, by its words; the first row of a search stands for all days before it."""

    class Hits(models.TextChoices):
        """How many entries hold all the words, as precisely as editors need it."""

        NONE = "0", _("keine")
        FEW = "1-9", _("1 bis 9")
        MANY = "10+", _("10 und mehr")

        @classmethod
        def of(cls, total: int) -> QueryCount.Hits:
            """Return the bucket for a number of hits."""
            return cls.NONE if total == 0 else cls.FEW if total < 10 else cls.MANY

    id = models.BigIntegerField(primary_key=True, default=random_number, editable=False)
    day = models.DateField(_("Tag"))
    key = models.CharField(_("Wörter, auf Grundformen gebracht"), max_length=700)
    text = models.CharField(_("Suche"), max_length=700)
    hits = models.CharField(_("Treffer"), max_length=4, choices=Hits.choices)
    count = models.PositiveIntegerField(_("Anzahl"), default=0)
    days = models.PositiveIntegerField(_("Tage"), default=1)

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
    """How often readers said on a day that something is missing: a search, or a word that occurs in no document."""

    class Kind(models.TextChoices):
        """What is missing; the order is that of the report."""

        SEARCH = "search", _("Suche")
        WORD = "word", _("unbekanntes Wort")

    id = models.BigIntegerField(primary_key=True, default=random_number, editable=False)
    day = models.DateField(_("Tag"))
    kind = models.CharField(_("Art"), max_length=6, choices=Kind.choices)
    key = models.CharField(_("Wörter, auf Grundformen gebracht"), max_length=700)
    text = models.CharField(_("Was fehlt"), max_length=700)
    count = models.PositiveIntegerField(_("Anzahl"), default=0)
    days = models.PositiveIntegerField(_("Tage"), default=1)

    class Meta:
        verbose_name = _("gezählter Wunsch")
        verbose_name_plural = _("gezählte Wünsche")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "kind", "key"], name="search_missingcount_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.text}"


class UnknownWord(models.Model):
    """How often readers searched on a day for a word that occurs in no document; single words, not searches."""

    id = models.BigIntegerField(primary_key=True, default=random_number, editable=False)
    day = models.DateField(_("Tag"))
    word = models.CharField(_("Wort"), max_length=200)
    count = models.PositiveIntegerField(_("Anzahl"), default=0)
    days = models.PositiveIntegerField(_("Tage"), default=1)

    class Meta:
        verbose_name = _("unbekanntes Wort")
        verbose_name_plural = _("unbekannte Wörter")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "word"], name="search_unknownword_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.word}"


class SearchVerdict(models.Model):
    """What editors decided about a search or a word: suggested to readers, or neither shown nor counted.

    Of a blocked word only a hash is kept: it may be somebody's name.
    """

    class State(models.TextChoices):
        """The decision."""

        OFFERED = "offered", _("wird vorgeschlagen")
        BLOCKED = "blocked", _("gesperrt")

    kind = models.CharField(_("Art"), max_length=6, choices=MissingCount.Kind.choices)
    key = models.CharField(_("Schlüssel"), max_length=700)
    text = models.CharField(_("Suche"), max_length=700, blank=True)
    state = models.CharField(_("Entscheidung"), max_length=7, choices=State.choices)
    decided_at = models.DateTimeField(_("entschieden am"), default=timezone.now)

    class Meta:
        verbose_name = _("Entscheidung über eine Suche")
        verbose_name_plural = _("Entscheidungen über Suchen")
        default_permissions = ("view", "change")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_searchverdict_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.text or self.key}: {self.get_state_display()}"
