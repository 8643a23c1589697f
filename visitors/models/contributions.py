"""What visitors contribute: as it was typed, with its files, and with every step that editors took.

One date says when a row is deleted; every step sets it anew. So there is one rule of deletion, and editors see the day.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from visitors.contributing.kinds import KINDS

LINK_DAYS = 3
"""Days for which the link in the mail holds; whatever nobody has confirmed by then is deleted."""

OPEN_DAYS = 30
"""Days after receipt, or after an editor's last step, until a contribution without a decision, or refused, is deleted."""

HANDLED_DAYS = 180
"""Days after acceptance until a contribution is deleted of which no page came; one with a page ends with it."""

KEPT_HOURS = 24
"""Hours for which the files of a form that came back wait for it to be sent again: as long as the form may be open."""


class Contribution(models.Model):
    """A contribution; editors see it once the sender's address is confirmed."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        """How far it has come."""

        UNCONFIRMED = "unconfirmed", _("Adresse nicht bestätigt")
        NEW = "new", _("neu")
        IN_WORK = "work", _("in Arbeit")
        ACCEPTED = "accepted", _("angenommen")
        REFUSED = "refused", _("abgelehnt")

    kind = models.CharField(_("Art"), max_length=20)
    state = models.CharField(_("Stand"), max_length=12, choices=State.choices, default=State.UNCONFIRMED)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    mail = models.EmailField(_("E-Mail-Adresse"), blank=True)
    values = models.JSONField(_("Angaben"), default=dict)
    language = models.CharField(_("Sprache"), max_length=20, blank=True)
    received_at = models.DateTimeField(_("eingegangen am"), default=timezone.now)
    asked_at = models.DateTimeField(_("um Bestätigung gebeten am"), null=True)
    confirmed_at = models.DateTimeField(_("bestätigt am"), null=True)
    expires_at = models.DateTimeField(_("wird gelöscht am"), null=True, db_index=True)
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="+", verbose_name=_("Seite"))

    class Meta:
        verbose_name = _("Beitrag von außen")
        verbose_name_plural = _("Beiträge von außen")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view", "delete")
        permissions = [("decide_contribution", _("Kann über Beiträge von außen entscheiden"))]

    def __str__(self) -> str:
        return f"{self.kind_label}, {timezone.localtime(self.received_at):%d.%m.%Y %H:%M}"

    @property
    def kind_label(self) -> str:
        """Return what was to be contributed, in words."""
        kind = KINDS.get(self.kind)
        return str(kind.title) if kind else self.kind

    @property
    def is_decided(self) -> bool:
        """Whether an editor has accepted or refused it."""
        return self.state in (self.State.ACCEPTED, self.State.REFUSED)

    def deletion_after(self, now: datetime.datetime) -> datetime.datetime | None:
        """Return when it is deleted if its state was reached now; None: with the page that came of it."""
        if self.state == self.State.ACCEPTED:
            return None if self.page_id else now + datetime.timedelta(days=HANDLED_DAYS)
        days = LINK_DAYS if self.state == self.State.UNCONFIRMED else OPEN_DAYS
        return now + datetime.timedelta(days=days)


class ContributionStep(models.Model):
    """What an editor did about a contribution, and when; the sender's own steps have no account."""

    wagtail_reference_index_ignore = True

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="steps")
    state = models.CharField(_("Stand"), max_length=12, choices=Contribution.State.choices)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("wer")
    )
    note = models.TextField(_("Notiz"), max_length=2000, blank=True)
    at = models.DateTimeField(_("wann"), default=timezone.now)

    class Meta:
        verbose_name = _("Schritt")
        verbose_name_plural = _("Schritte")
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {timezone.localtime(self.at):%d.%m.%Y %H:%M}"


class ContributionFile(models.Model):
    """A file in quarantine. Without a contribution it waits for a form that came back; see `quarantine.py`."""

    wagtail_reference_index_ignore = True

    class Status(models.TextChoices):
        """Whether the confined reader has found it to be what its name says."""

        WAITING = "waiting", _("wird noch geprüft")
        FINE = "fine", _("geprüft")
        BAD = "bad", _("nicht zu öffnen")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contribution = models.ForeignKey(Contribution, models.CASCADE, null=True, related_name="files")
    form = models.CharField(max_length=20)
    name = models.CharField(_("Datei"), max_length=200)
    size = models.PositiveBigIntegerField(_("Größe"))
    status = models.CharField(_("Prüfung"), max_length=10, choices=Status.choices, default=Status.WAITING)
    reason = models.CharField(_("Grund"), max_length=20, blank=True)
    format = models.CharField(_("Format"), max_length=10, blank=True)
    people = models.PositiveIntegerField(_("Angaben zu Personen"), default=0)
    stored_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("Datei in Quarantäne")
        verbose_name_plural = _("Dateien in Quarantäne")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a name is only shown, so its end is kept when it is too long."""
        self.name = self.name[-200:]
        super().save(*args, **kwargs)
