"""Who gets what by mail: an address, what it asked for as the address of a search, and which pages it was told of.

No name, no account, no count of anything. A row whose address is not confirmed is deleted after a day, every other one
with the stop; nothing else ever reads the address but the mail that goes to it.
"""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

LINK_HOURS = 24
"""Hours for which an unconfirmed row and the link that confirms it live."""


def languages() -> list[tuple[str, str]]:
    """Return the languages of the site; asked each time, so that a further one needs no migration."""
    return list(settings.LANGUAGES)


class Subscription(models.Model):
    """What one address wants to be told of, in one language; editors see no row of it."""

    wagtail_reference_index_ignore = True

    class Rhythm(models.TextChoices):
        """How often."""

        DAILY = "daily", _("jeden Tag, an dem es Neues gibt")
        WEEKLY = "weekly", _("jeden Montag, wenn es Neues gibt")
        LETTER = "letter", _("als Rundbrief, mit ein paar Sätzen der Redaktion")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.EmailField()
    wanted = models.TextField(blank=True)
    """The parameters of a search, as in its address; empty: every new entry."""

    rhythm = models.CharField(max_length=10, choices=Rhythm.choices)
    language = models.CharField(max_length=20)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, db_index=True)
    """When it is looked at next; never for a newsletter, which an editor sends."""

    until = models.DateTimeField(null=True)
    """Up to when it was told what is new."""

    told = models.JSONField(default=list)
    """Numbers of the pages it was told of: each is told once, whatever becomes of its date. Of a newsletter, those it had."""

    class Meta:
        verbose_name = _("Abonnement")
        verbose_name_plural = _("Abonnements")
        default_permissions = ()

    def __str__(self) -> str:
        # Not the address: whoever prints a row puts it into a log.
        return str(self.key)

    @property
    def link_ends_at(self) -> datetime.datetime:
        """When the row is deleted unless it is confirmed, and the link with it."""
        return self.asked_at + datetime.timedelta(hours=LINK_HOURS)


class Newsletter(models.Model):
    """A few sentences of an editor; the list of new entries below them is made when the mail is."""

    wagtail_reference_index_ignore = True

    language = models.CharField(_("Sprache"), max_length=20, choices=languages, default=settings.LANGUAGE_CODE)
    introduction = models.TextField(
        _("Einleitung"),
        max_length=2000,
        help_text=_(
            "Ein paar Sätze ohne Formatierung. Darunter stehen von selbst die neuen Einträge seit dem letzten."
        ),
    )
    written_at = models.DateTimeField(_("geschrieben am"), default=timezone.now, editable=False)
    since = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("verschickt am"), null=True, editable=False)

    class Meta:
        verbose_name = _("Rundbrief")
        verbose_name_plural = _("Rundbriefe")
        ordering = ["-written_at", "-pk"]
        permissions = [("send_newsletter", _("Kann einen Rundbrief verschicken"))]

    def __str__(self) -> str:
        return f"{self.get_language_display()}, {timezone.localtime(self.written_at):%d.%m.%Y}"

    @property
    def excerpt(self) -> str:
        """Return the beginning of the text, for lists."""
        return Truncator(" ".join(self.introduction.split())).chars(80)
