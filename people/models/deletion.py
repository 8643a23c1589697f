"""What was withdrawn and deleted: keys and dates, no name. The file beside the database holds the same."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deletion(models.Model):
    """An end that a restored backup does not know of; `done` in this database or not yet."""

    class Kind(models.TextChoices):
        """What happened: to a consent, or to somebody's wish to get mail."""

        WITHDRAWN = "withdrawn", _("widerrufen")
        DELETED = "deleted", _("gelöscht")
        STOPPED = "stopped", _("abbestellt")

    key = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    pages = models.JSONField(default=list)
    """Keys of the pages that were deleted (`translation_key`): numbers are given anew after a restore."""

    done = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Löschung")
        verbose_name_plural = _("Löschungen")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("key", "kind"), name="people_deletion_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.kind}"
