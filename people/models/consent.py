"""A consent: who may be shown where, since when and until when, and where that is proved.

It is a record of its own and no part of a page: restoring a former version of a page, copying or importing it cannot
bring back what was withdrawn.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Page

from core.declared.people.consent import ON_SITE, Scope, earliest


def midnight_after(day: datetime.date) -> datetime.datetime:
    """Return the first moment after a day, in local time."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


class Consent(ClusterableModel):
    """What one person agreed to, under the name they chose."""

    wagtail_reference_index_ignore = True

    LINK_MAIL = "consent_withdrawal"
    """The kind of mails that carry the link to withdraw it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    chosen_name = models.CharField(
        _("gewählter Name"),
        max_length=120,
        help_text=_("Genau so, wie er auf der Seite steht, z. B. „Jona (Name geändert)“."),
    )
    given_on = models.DateField(_("erteilt am"), null=True)
    on_site = models.BooleanField(_("auf dieser Website"), default=True)
    in_print = models.BooleanField(_("im Druck"), default=False)
    in_exhibition = models.BooleanField(_("in der Ausstellung"), default=False)
    in_social_media = models.BooleanField(_("in sozialen Medien"), default=False)
    proof_place = models.CharField(
        _("Wo das Papier liegt"),
        max_length=255,
        blank=True,
        help_text=_("z. B. „Ordner Einverständnisse 2026, Nr. 14“. Kein Klarname."),
    )
    proof = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("oder die Datei"),
        help_text=_("Nur aus einer Sammlung mit Zugriffsbeschränkung."),
    )
    valid_until = models.DateField(
        _("gilt bis"),
        null=True,
        blank=True,
        help_text=_("Nach diesem Tag verschwinden die Seiten von selbst. Leer: bis zum Widerruf."),
    )
    mailbox = models.EmailField(
        _("Postfach für den Widerruf"),
        blank=True,
        help_text=_(
            "Nur wenn die Person oder wer sie vertritt es dafür genannt hat: Dorthin geht auf Wunsch ein Link, mit dem "
            "sie selbst widerruft. Es wird mit dem Einverständnis gelöscht."
        ),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("eingetragen von"),
    )
    entered_at = models.DateTimeField(_("eingetragen am"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("widerrufen am"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Widerruf eingetragen von"),
    )

    class Meta:
        verbose_name = _("Einverständnis")
        verbose_name_plural = _("Einverständnisse")
        ordering = ["chosen_name", "pk"]

    def __str__(self) -> str:
        return self.chosen_name

    @property
    def starts_at(self) -> datetime.datetime | None:
        """Return the first moment at which it holds; None for one whose day is not known."""
        return midnight_after(self.given_on - datetime.timedelta(days=1)) if self.given_on else None

    @property
    def ends_at(self) -> datetime.datetime | None:
        """Return the first moment at which it does not hold any more; None if none is known."""
        return earliest(midnight_after(self.valid_until) if self.valid_until else None, self.withdrawn_at)

    def covers(self, scopes: Collection[Scope]) -> bool:
        """Return whether it was given for one of these uses."""
        return any(getattr(self, scope) for scope in scopes)

    def holds_at(self, now: datetime.datetime, scopes: Collection[Scope] = ON_SITE) -> bool:
        """Return whether the person may be shown in one of these ways at this moment."""
        start, end = self.starts_at, self.ends_at
        return self.covers(scopes) and (start is None or start <= now) and (end is None or now < end)

    def deleted_at(self) -> datetime.datetime | None:
        """Return when everything about the person is deleted: the end and a time of grace."""
        end = self.ends_at
        return end + datetime.timedelta(days=settings.CONSENT_GRACE_DAYS) if end else None

    @property
    def state(self) -> str:
        """Return in a few words what it is worth by now."""
        now = timezone.now()
        end, gone = self.ends_at, self.deleted_at()
        if end and gone and end <= now:
            words = (
                _t("widerrufen, wird gelöscht am %(day)s")
                if self.withdrawn_at
                else _t("abgelaufen, wird gelöscht am %(day)s")
            )
            return words % {"day": formats.date_format(timezone.localtime(gone), "j. F Y")}
        if not self.on_site:
            return _t("gilt nicht für diese Website")
        if not self.holds_at(now):
            return _t("gilt noch nicht")
        if self.given_on is None or not (self.proof_place or self.proof_id):
            return _t("gilt; Tag oder Nachweis fehlt")
        if self.valid_until:
            return _t("gilt bis %(day)s") % {"day": formats.date_format(self.valid_until, "j. F Y")}
        return _t("gilt bis zum Widerruf")

    @property
    def scope(self) -> str:
        """Return what it covers, in words."""
        return ", ".join(str(self._meta.get_field(name).verbose_name) for name in Scope if getattr(self, name))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a withdrawal stays, whatever this copy knows of it."""
        if self.pk and self.withdrawn_at is None:
            self.withdrawn_at = type(self).objects.filter(pk=self.pk).values_list("withdrawn_at", flat=True).first()
        super().save(*args, **kwargs)


class ConsentPage(models.Model):
    """A page on which a person has agreed to be shown."""

    wagtail_reference_index_ignore = True

    consent = ParentalKey(Consent, on_delete=models.CASCADE, related_name="pages")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("Seite"))

    class Meta:
        verbose_name = _("Seite")
        verbose_name_plural = _("Seiten")
        constraints = [models.UniqueConstraint(fields=("consent", "page"), name="people_consent_page_once")]

    def __str__(self) -> str:
        return str(self.page)
