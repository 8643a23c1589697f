"""Barriers that visitors report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class BarrierReport(models.Model):
    """A report of a barrier."""

    address = models.CharField(gettext_lazy("Seite"), max_length=500, blank=True)
    text = models.TextField(gettext_lazy("Was hat gehindert?"), max_length=4000)
    mail = models.EmailField(gettext_lazy("E-Mail für die Antwort"), blank=True)
    created_at = models.DateTimeField(gettext_lazy("eingegangen am"), default=timezone.now, db_index=True)
    mailed_at = models.DateTimeField(gettext_lazy("weitergeleitet am"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("gemeldete Barriere")
        verbose_name_plural = gettext_lazy("gemeldete Barrieren")
        ordering = ["-created_at", "-pk"]
        permissions = [("answer_barrierreport", gettext_lazy("Kann sehen, wer eine Barriere gemeldet hat"))]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%d.%m.%Y %H:%M}"

    @property
    def excerpt(self) -> str:
        """Return the beginning of the text, for lists."""
        return Truncator(" ".join(self.text.split())).chars(80)

    @property
    def forwarding(self) -> str:
        """Return when the report was mailed, or why it was not."""
        if self.mailed_at is not None:
            return f"{timezone.localtime(self.mailed_at):%d.%m.%Y %H:%M}"
        return _("noch nicht") if settings.SENDS_MAIL else _("nein, diese Website verschickt keine E-Mails")
