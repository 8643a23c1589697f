"""Members of the networks: schools, day-care centres, their bodies, advice centres and others.

Separate records, not rows of the page: they are imported, and publishing an older draft of the page must not
bring back its former members (docs/decisions/0016-members-are-records.md).
"""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.declared.searchable import content_changed
from directory.models.networks import NetworkPage
from directory.words import searchable

POSTAL_CODE = r"[0-9]{5}"


class Member(models.Model):
    """A school or other member of one network."""

    class Kind(models.TextChoices):
        """The kinds of members, in display order."""

        PRIMARY = "grundschule", _("Grundschule")
        SECONDARY = "oberschule", _("Oberschule")
        COMMUNITY = "gemeinschaftsschule", _("Gemeinschaftsschule")
        GRAMMAR = "gymnasium", _("Gymnasium")
        SPECIAL = "foerderschule", _("Förderschule")
        VOCATIONAL = "berufsschule", _("Berufsschule")
        DAY_CARE = "kita", _("Kita")
        AFTER_SCHOOL = "hort", _("Hort")
        BODY = "traeger", _("Träger")
        ADVICE = "beratungsstelle", _("Beratungsstelle")
        OFFICE = "amt", _("Amt")
        OTHER = "weitere", _("Weitere Partner")

    SCHOOLS = (Kind.PRIMARY, Kind.SECONDARY, Kind.COMMUNITY, Kind.GRAMMAR, Kind.SPECIAL, Kind.VOCATIONAL)
    """The kinds that count as schools."""

    key = models.CharField(
        _("Kennung"),
        max_length=40,
        unique=True,
        null=True,
        blank=True,
        help_text=_("z. B. die Schulnummer; unter ihr findet der Import den Eintrag wieder."),
    )
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=160)
    postal_code = models.CharField(
        _("Postleitzahl"),
        max_length=5,
        validators=[RegexValidator(rf"\A{POSTAL_CODE}\Z", _("Bitte fünf Ziffern angeben."))],
    )
    place = models.CharField(_("Ort"), max_length=100)
    network = models.ForeignKey(
        NetworkPage, on_delete=models.CASCADE, related_name="members", verbose_name=_("Kooperationsverbund")
    )
    words = models.TextField(editable=False, default="")
    """Name, place, postal code and kind for the finder, written by `save()`."""

    class Meta:
        verbose_name = _("Mitglied")
        verbose_name_plural = _("Mitglieder")
        ordering = ["name", "place"]
        indexes = [models.Index(fields=["postal_code"])]

    def __str__(self) -> str:
        return f"{self.name}, {self.place}"

    @property
    def sort_key(self) -> tuple[int, str, str]:
        """Return the sort key within a network: kind, place and name."""
        return (self.Kind.values.index(self.kind), self.place, self.name)

    def fold(self) -> None:
        """Store the text that the finder compares."""
        self.words = searchable(self.name, self.place, self.postal_code, str(self.get_kind_display()))

    def clean(self) -> None:
        """Store an empty key as None: several members may have no key."""
        super().clean()
        self.key = self.key or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and announce the old and the new network as changed."""
        self.fold()
        before = Member.objects.filter(pk=self.pk).values_list("network_id", flat=True).first() if self.pk else None
        super().save(*args, **kwargs)
        tell_networks({self.network_id, before} - {None})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and announce the network as changed."""
        network = self.network_id
        deleted = super().delete(*args, **kwargs)
        tell_networks({network})
        return deleted


def tell_networks(ids: set[Any]) -> None:
    """Announce networks whose members have changed."""
    networks = NetworkPage.objects.filter(pk__in=ids).values_list("pk", flat=True)
    content_changed.send(sender=Member, pages=list(networks))
