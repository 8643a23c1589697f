"""What harvesters have been told, so that they can be told when it changes or goes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HarvestedPage(models.Model):
    """An entry that was public at some time: the row outlives the page, and holds no word of its content.

    Whether it is public now is decided when it is asked for, by the rule of `core.visibility`; `deleted` only says what
    harvesters know so far, and `datestamp` since when.
    """

    page_id = models.BigIntegerField(primary_key=True)
    identifier = models.CharField(max_length=60, unique=True)
    datestamp = models.DateTimeField(db_index=True)
    deleted = models.BooleanField(default=False)
    # Those of the time when it was last public, each between blanks: " type:book focus:lernen ".
    sets = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Eintrag für Sammeldienste")
        verbose_name_plural = _("Einträge für Sammeldienste")
        default_permissions = ()

    def __str__(self) -> str:
        return self.identifier
