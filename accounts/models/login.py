"""The log of logins: who, when, how, with what result. No address, no name that was typed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Login(models.Model):
    """An attempt, or several of the same kind and result within an hour."""

    class Kind(models.TextChoices):
        """What was tried, or changed."""

        PASSWORD = "password", _("Passwort")
        CODE = "code", _("Code der App")
        RECOVERY = "recovery", _("Wiederherstellungscode")
        SSO = "sso", _("zentrale Anmeldung")
        RESET = "reset", _("neues Passwort angefordert")
        PRIVATE = "private", _("Kennwort einer geschützten Seite")
        CHANGED = "changed", _("Passwort geändert")
        MAIL = "mail", _("E-Mail-Adresse geändert")
        FACTOR_ADDED = "factor-added", _("zweiter Faktor eingerichtet")
        FACTOR_REMOVED = "factor-removed", _("zweiter Faktor entfernt")
        ENDED = "ended", _("Sitzung beendet")
        ALERT = "alert", _("Warnung an die Administration")
        RIGHTS = "rights", _("Zugriff ohne Berechtigung")
        NEW_BROWSER = "new-browser", _("Anmeldung in einem neuen Browser")
        REUSED = "reused", _("Code der App zum zweiten Mal")

    class Result(models.TextChoices):
        """How it ended."""

        RIGHT = "right", _("gelungen")
        WRONG = "wrong", _("abgelehnt")
        BRAKED = "braked", _("gebremst, ohne zu prüfen")

    at = models.DateTimeField(_("Zeit"), default=timezone.now, db_index=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Konto")
    )
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices)
    result = models.CharField(_("Ergebnis"), max_length=10, choices=Result.choices)
    times = models.PositiveIntegerField(_("Anzahl"), default=1)

    class Meta:
        verbose_name = _("Anmeldung")
        verbose_name_plural = _("Anmeldungen")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_result_display()}"
