"""How often cached data has changed: the rows behind the numbers of `core/versions.py`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionStep(models.Model):
    """One change of a subject; its number is the sum of all its steps.

    One row per change, since one row per subject would be a lock that publishing editors wait for.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(_("Gegenstand"), max_length=100)
    step = models.BigIntegerField(_("Schritt"))

    class Meta:
        verbose_name = _("Änderung")
        verbose_name_plural = _("Änderungen")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.subject} +{self.step}"
