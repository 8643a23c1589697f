"""Mails that wait for the worker: a row names the account and what the mail is about, and is gone once it is sent.

No row holds a secret. A mail with one, such as the link to a new password, is made when it is sent.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """A mail to be sent, to an account or to a mailbox. Without either it is a mail that nobody gets."""

    kind = models.CharField(_("Art"), max_length=40)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("Konto")
    )
    address = models.EmailField(_("Adresse"), blank=True)
    about = models.BigIntegerField(_("Gegenstand"), default=0)
    subject = models.CharField(_("Betreff"), max_length=300, blank=True)
    text = models.TextField(_("Text"), blank=True)
    # Part of the Message-ID: a mail that is sent twice is known by it as one.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    queued_at = models.DateTimeField(_("wartet seit"), default=timezone.now)
    available_at = models.DateTimeField(_("nächster Versuch"), default=timezone.now, db_index=True)
    attempts = models.PositiveIntegerField(_("Fehlversuche"), default=0)
    last_error = models.CharField(_("letzter Fehler"), max_length=80, blank=True)
    given_up_at = models.DateTimeField(_("aufgegeben am"), null=True)

    class Meta:
        verbose_name = _("ausgehende E-Mail")
        verbose_name_plural = _("ausgehende E-Mails")
        ordering = ["queued_at", "pk"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{self.kind}, {timezone.localtime(self.queued_at):%d.%m.%Y %H:%M}"


class MailAllowance(models.Model):
    """How many mails a recipient without an account got on a day, under a hash of the address (`core/mails/strangers.py`)."""

    recipient = models.CharField(_("Empfänger (gehasht)"), max_length=64)
    day = models.DateField(_("Tag"))
    used = models.PositiveSmallIntegerField(_("E-Mails"), default=0)

    class Meta:
        verbose_name = _("E-Mails an einem Tag")
        verbose_name_plural = _("E-Mails an einem Tag")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="one_allowance_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.used}"
