"""Regions and the sites of the state office (LaSuB) that are responsible for them."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.declared.searchable import content_changed
from directory.mailboxes import validate_role_mailbox

MOST_COLUMNS = 20
MOST_ROWS = 10


class Office(models.Model):
    """A site of the Landesamt für Schule und Bildung (LaSuB) with its coordination for inclusion."""

    slug = models.SlugField(_("Kürzel"), unique=True)
    name = models.CharField(_("Name"), max_length=100, help_text=_("z. B. „LaSuB, Standort Leipzig“"))
    coordinator_role = models.CharField(
        _("Rolle der Koordination"),
        max_length=120,
        default="Koordination Inklusion",
        help_text=_("Die Aufgabe, nicht der Name der Person."),
    )
    mailbox = models.EmailField(
        _("Postfach der Koordination"),
        blank=True,
        validators=[validate_role_mailbox],
        help_text=_("Das Postfach der Rolle, nie das einer Person."),
    )
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    order = models.PositiveIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("LaSuB-Standort")
        verbose_name_plural = _("LaSuB-Standorte")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Region(models.Model):  # type: ignore[django-manager-missing] # pages have a manager made at run time
    """A Landkreis or kreisfreie Stadt, with its place in the figure.

    The figure is a honeycomb: `column` counts half cells from the west, `row` cells from the north; in rows of odd
    number the columns are odd.
    """

    class Kind(models.TextChoices):
        """The two kinds of regions in Saxony."""

        DISTRICT = "district", _("Landkreis")
        CITY = "city", _("Kreisfreie Stadt")

    slug = models.SlugField(_("Kürzel"), unique=True, help_text=_("Steht in Adressen und Dateien; nicht mehr ändern."))
    name = models.CharField(_("Name"), max_length=100, unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices, default=Kind.DISTRICT)
    office = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="regions",
        verbose_name=_("zuständiger LaSuB-Standort"),
    )
    column = models.PositiveSmallIntegerField(
        _("Spalte im Schaubild"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_COLUMNS)],
        help_text=_("Halbe Waben von Westen. Ohne Spalte und Zeile fehlt die Region im Schaubild."),
    )
    row = models.PositiveSmallIntegerField(
        _("Zeile im Schaubild"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_ROWS)],
        help_text=_("Waben von Norden."),
    )
    order = models.PositiveIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Region")
        verbose_name_plural = _("Regionen")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and announce the region's networks and partners as changed."""
        is_new = self.pk is None
        super().save(*args, **kwargs)
        if not is_new:
            named = (*self.networks.values_list("pk", flat=True), *self.partners.values_list("pk", flat=True))
            content_changed.send(sender=Region, pages=list(named))
