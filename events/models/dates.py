"""The dates of a series and the rules that one date must keep."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField

from core.declared.searchable import Occurrence
from events.blocks import RetrospectiveBlock

KEY = "%Y-%m-%d-%H%M"
"""The last part of a date's address: the local time at which it begins."""

CALENDAR_FIELDS = ("start", "end", "state", "place", "online_url", "theme", "note", "registration_url")
"""Fields that calendars carry: a change to any of them increments the sequence number."""


class Format(models.TextChoices):
    """Where a series takes place."""

    ONSITE = "onsite", _("vor Ort")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("vor Ort und online")


class State(models.TextChoices):
    """What has become of a date."""

    PLANNED = "planned", _("findet statt")
    BOOKED_OUT = "booked-out", _("ausgebucht")
    MOVED = "moved", _("verschoben")
    CANCELLED = "cancelled", _("abgesagt")


SAME_START = _("Zwei Termine beginnen zur selben Zeit.")

PLACE_MISSING = _("Bitte den Ort angeben, oder im Hinweis sagen, wann er feststeht.")

ONLINE_MISSING = _("Bitte die Adresse der Videokonferenz angeben, oder im Hinweis sagen, wie man sie bekommt.")

LONGEST = datetime.timedelta(days=31)


class EventDate(models.Model):
    """One date of a series."""

    page = ParentalKey("events.EventSeriesPage", related_name="dates", on_delete=models.CASCADE)
    # Not unique in the database: a draft's row briefly coexists with the one it replaces.
    uid = models.UUIDField(_("Kennung"), default=uuid.uuid4, blank=True, db_index=True)
    start = models.DateTimeField(_("Beginn"))
    end = models.DateTimeField(_("Ende"))
    theme = models.CharField(_("Thema dieses Termins"), max_length=200, blank=True)
    state = models.CharField(
        _("Stand"), max_length=12, choices=State.choices, default=State.PLANNED,
        help_text=_("Bei „verschoben“ tragen Sie oben die neue Zeit ein; die alte wird von selbst genannt."),
    )  # fmt: skip
    place = models.CharField(_("Ort"), max_length=255, blank=True)
    online_url = models.URLField(_("Adresse der Videokonferenz"), blank=True, max_length=500)
    registration_url = models.URLField(_("Anmeldung im Netz"), blank=True, max_length=500)
    registration_email = models.EmailField(_("oder per E-Mail"), blank=True)
    note = models.CharField(
        _("Hinweis"), max_length=300, blank=True, help_text=_("z. B. „Zugangsdaten nach der Anmeldung“.")
    )
    retrospective = StreamField(
        RetrospectiveBlock(required=False),
        verbose_name=_("Rückblick"),
        blank=True,
        help_text=_("Nach dem Termin: was war, Bilder, Materialien, Inhalte."),
    )
    # Set by the program, never by a form.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    moved_from = models.DateTimeField(null=True, editable=False)

    panels = [
        FieldPanel("uid", widget=forms.HiddenInput, classname="w-hidden"),
        FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("state")]),
        FieldRowPanel([FieldPanel("place"), FieldPanel("online_url")]),
        FieldRowPanel([FieldPanel("registration_url"), FieldPanel("registration_email")]),
        FieldPanel("note"),
        FieldPanel("retrospective"),
    ]

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        ordering = ["start", "end", "pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.start):%d.%m.%Y %H:%M}" if self.start else str(self.uid)

    def clean(self) -> None:
        """Check what depends on this row alone."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.start and self.end:
            if self.end <= self.start:
                errors["end"] = _("Das Ende muss nach dem Beginn liegen.")
            elif self.end - self.start > LONGEST:
                errors["end"] = _("Ein Termin dauert höchstens 31 Tage. Stimmt das Jahr?")
            elif self.retrospective and self.end > timezone.now():
                errors["retrospective"] = _("Ein Rückblick gehört zu einem Termin, der vorbei ist.")
        if self.registration_url and self.registration_email:
            errors["registration_email"] = _("Bitte nur einen Weg zur Anmeldung angeben.")
        if errors:
            raise ValidationError(errors)

    def lacks(self, format: str) -> dict[str, list[Any]]:
        """Return by field what the date lacks in a series of this format; nothing when it is over or cancelled."""
        missing: dict[str, list[Any]] = {}
        if not self.takes_place or self.end <= timezone.now() or self.note.strip():
            return missing
        if format != Format.ONLINE and not self.place.strip():
            missing["place"] = [PLACE_MISSING]
        if format != Format.ONSITE and not self.online_url:
            missing["online_url"] = [ONLINE_MISSING]
        return missing

    def begin(self, now: datetime.datetime, *, new_identity: bool = False) -> None:
        """Prepare a row that is not stored yet."""
        self.pk = None
        if new_identity:
            self.uid = uuid.uuid4()
        self.sequence = 0
        self.announced_at = self.announced_at or now
        self.changed_at = self.changed_at or now
        self.moved_from = None

    def follow(self, before: EventDate, now: datetime.datetime) -> None:
        """Replace the stored row `before`: same identity, and a higher number if anything has changed."""
        self.pk, self.uid = before.pk, before.uid
        changed = any(getattr(self, name) != getattr(before, name) for name in CALENDAR_FIELDS)
        self.sequence = before.sequence + changed
        self.announced_at = before.announced_at
        self.changed_at = now if changed else before.changed_at
        self.moved_from = None
        if self.state == State.MOVED:
            self.moved_from = before.start if before.start != self.start else before.moved_from

    @property
    def takes_place(self) -> bool:
        """Whether the date is not cancelled."""
        return self.state != State.CANCELLED

    @property
    def key(self) -> str:
        """Return the last part of the date's address."""
        return timezone.localtime(self.start).strftime(KEY)

    @property
    def former_key(self) -> str:
        """Return the last part of its address before the date was moved; empty if it was not."""
        return timezone.localtime(self.moved_from).strftime(KEY) if self.moved_from else ""

    @property
    def word(self) -> str:
        """Return the state in a word; empty when there is nothing to say."""
        return "" if self.state == State.PLANNED else str(self.get_state_display())

    def occurrence(self) -> Occurrence:
        """Return the date as the search indexes it."""
        return Occurrence(self.start, self.end, self.word, self.takes_place)
