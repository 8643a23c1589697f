"""What the index must look at again, the numbers that order it, and whose index it is."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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

    One row per target: a key, or for a word the folded word itself, since the row outlives it. `number` rises with every further change and with every claim; a row is
    removed only if its number is still the claimed one, and documents carry that number as version.
    """

    class Kind(models.TextChoices):
        """What a row is about; the drain turns all but the first into pages."""

        PAGE = "page", _("Seite")
        SUBTREE = "subtree", _("Seitenbaum")
        CONCEPT = "concept", _("Begriff")
        WORD = "word", _("Wort")

    kind = models.CharField(_("Art"), max_length=10, choices=Kind.choices)
    target = models.BigIntegerField(_("Ziel"), default=0)
    word = models.CharField(_("Wort"), max_length=100, blank=True)
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
            models.UniqueConstraint(fields=["kind", "target", "word"], name="search_outbox_target_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.word or self.target}"
