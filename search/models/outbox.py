"""What the index must re-examine, the numbers that order the changes, and the identity of the database."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ChangeNumber(models.Model):
    """The source of ever-rising numbers: the key of a row inserted and immediately removed.

    Databases never reuse a key, so the numbers rise across processes without a lock that publishing editors would
    have to wait for.
    """

    id = models.BigAutoField(primary_key=True)

    @classmethod
    def next(cls) -> int:
        """Return a number greater than all numbers returned before."""
        row = cls.objects.create()
        number: int = row.pk
        row.delete()
        return number

    @classmethod
    def pass_by(cls, number: int) -> None:
        """Make all future numbers greater than `number`."""
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
    """The single row that distinguishes this database from all others; the index records it.

    Drawn when the tables are created, so a copy or a backup keeps it and a newly set up site gets another.
    """

    key = models.UUIDField(default=uuid.uuid4, editable=False)

    @classmethod
    def current(cls) -> str:
        """Return this database's identity; create it if missing."""
        found, _made = cls.objects.get_or_create(pk=1)
        return str(found.key)

    class Meta:
        verbose_name = _("Kennung der Datenbank")
        verbose_name_plural = _("Kennungen der Datenbank")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.key)


class OutboxEntry(models.Model):
    """Something that may have changed and that the index must re-examine.

    One row per target: a key, or for a word the folded word itself, since the row outlives it. `number` rises with
    every further change and every claim. A row is removed only if it still has the claimed number, which is also the
    version of the documents.
    """

    class Kind(models.TextChoices):
        """What a row is about; the drain expands all but the first into pages."""

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
