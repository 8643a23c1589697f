"""What the search keeps in the database: the outbox, and what editors decide (pins, synonyms, words)."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.core.validators import MinValueValidator
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel

from search import german


class ChangeNumber(models.Model):
    """The source of ever-rising numbers: the key of a row inserted and removed at once.

    Databases never give a key twice, so the numbers rise across processes without a lock that
    publishing editors would wait for.
    """

    id = models.BigAutoField(primary_key=True)

    @classmethod
    def next(cls) -> int:
        """Return a number greater than every number returned before."""
        row = cls.objects.create()
        number: int = row.pk
        row.delete()
        return number

    @classmethod
    def pass_by(cls, number: int) -> None:
        """Let all numbers from now on be greater than `number`."""
        if cls.next() > number:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cls.objects.create(pk=number)
            for statement in connection.ops.sequence_reset_sql(no_style(), [cls]):
                cursor.execute(statement)
            cls.objects.filter(pk=number).delete()

    class Meta:
        verbose_name = _("Änderungsnummer")
        verbose_name_plural = _("Änderungsnummern")

    def __str__(self) -> str:
        return str(self.pk)


class DatabaseIdentity(models.Model):
    """The one row that tells this database from any other; an index notes it.

    Drawn when the tables are made, so a copy, a backup too, is the same and a site set up anew is another.
    """

    key = models.UUIDField(default=uuid.uuid4, editable=False)

    @classmethod
    def current(cls) -> str:
        """Return this database's own name, made when there is none."""
        found, _made = cls.objects.get_or_create(pk=1)
        return str(found.key)

    class Meta:
        verbose_name = _("Kennung der Datenbank")
        verbose_name_plural = _("Kennungen der Datenbank")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.key)


class OutboxEntry(models.Model):
    """Something that may have changed and that the index must look at again.

    One row per target. `number` rises with every further change and with every claim; a row is
    removed only if its number is still the claimed one, and documents carry that number as version.
    """

    class Kind(models.TextChoices):
        """What a row is about; the worker turns the last two into pages."""

        PAGE = "page", _("Seite")
        SUBTREE = "subtree", _("Seitenbaum")
        CONCEPT = "concept", _("Begriff")

    kind = models.CharField(_("Art"), max_length=10, choices=Kind.choices)
    target = models.BigIntegerField(_("Ziel"))
    number = models.BigIntegerField(_("Nummer"))
    changed_at = models.DateTimeField(_("geändert"), default=timezone.now)
    available_at = models.DateTimeField(_("nächster Versuch"), default=timezone.now, db_index=True)
    claimed_until = models.DateTimeField(_("in Arbeit bis"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("Fehlversuche"), default=0)
    last_error = models.TextField(_("letzter Fehler"), blank=True)

    class Meta:
        verbose_name = _("offene Indexänderung")
        verbose_name_plural = _("offene Indexänderungen")
        ordering = ["changed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "target"], name="search_outbox_target_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"


class PinQuerySet(models.QuerySet["Pin"]):
    """Pins by time."""

    def active(self, today: datetime.date) -> PinQuerySet:
        """Return the pins that hold on a day (local date)."""
        return self.filter(
            models.Q(start__isnull=True) | models.Q(start__lte=today),
            models.Q(end__isnull=True) | models.Q(end__gte=today),
        )


class Pin(models.Model):
    """An editor's decision which page leads for a query."""

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
        """Refuse a query without a word and an end before the start."""
        super().clean()
        errors: dict[str, Any] = {}
        if not german.analyse(self.query):
            errors["query"] = _("Bitte mindestens ein Wort eingeben.")
        if self.start and self.end and self.end < self.start:
            errors["end"] = _("Das Ende liegt vor dem Anfang.")
        if errors:
            raise ValidationError(errors)


class SynonymSet(models.Model):
    """Words and phrases that mean the same to our readers; each finds all the others."""

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
        """Return the words, one a line of the field."""
        return [line.strip() for line in self.words.splitlines() if line.strip()]

    def clean(self) -> None:
        """Ask for at least two entries that hold a word."""
        super().clean()
        if len({german.fold(entry) for entry in self.entries() if german.analyse(entry)}) < 2:
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
        """Refuse anything but one word of letters."""
        super().clean()
        self.word = self.word.strip()
        if not self.word.removeprefix("=").isalpha():
            raise ValidationError({"word": _("Bitte genau ein Wort aus Buchstaben angeben.")})


class QueryCount(models.Model):
    """How often a search was made on a day, by its words; no row tells who made it."""

    class Hits(models.TextChoices):
        """How many entries hold all the words, as finely as editors need to know."""

        NONE = "0", _("keine")
        FEW = "1-9", _("1 bis 9")
        MANY = "10+", _("10 und mehr")

        @classmethod
        def of(cls, total: int) -> QueryCount.Hits:
            """Return the bucket of a number of hits."""
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


class UnknownWord(models.Model):
    """How often a word was looked for on a day that stands nowhere in the stock; a single word, no search."""

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
