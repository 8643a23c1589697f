"""Regions and cooperation networks (Kooperationsverbünde, KoopV)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField

from core.models import BasePage
from core.searchable import SearchContent


class Region(models.Model):
    """A Landkreis or a kreisfreie Stadt."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("Landkreis")
        CITY = "city", _("Kreisfreie Stadt")

    slug = models.SlugField(_("Kürzel"), unique=True)
    name = models.CharField(_("Name"), max_length=100)
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices, default=Kind.DISTRICT)
    order = models.PositiveIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Region")
        verbose_name_plural = _("Regionen")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class NetworkIndexPage(BasePage):
    """The overview of all cooperation networks."""

    search_type = None
    introduction = RichTextField(_("Einleitung"), blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types = ["directory.NetworkPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    api_fields = [APIField("introduction")]
    template = "directory/network_index_page.html"

    class Meta:
        verbose_name = _("Verzeichnis der Kooperationsverbünde")
        verbose_name_plural = _("Verzeichnisse der Kooperationsverbünde")


class NetworkPage(BasePage):
    """One cooperation network."""

    search_type = "network"
    search_type_label = _("Kooperationsverbund")
    search_area = "directory"
    search_facet = "koopv"
    number = models.PositiveIntegerField(_("Nummer"), unique=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Landkreis oder kreisfreie Stadt")
    )

    parent_page_types = ["directory.NetworkIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*BasePage.content_panels, FieldPanel("number"), FieldPanel("region")]
    api_fields = [APIField("number")]
    template = "directory/network_page.html"

    class Meta:
        verbose_name = _("Kooperationsverbund")
        verbose_name_plural = _("Kooperationsverbünde")

    def search_content(self) -> SearchContent:
        """Return number, name and region."""
        return SearchContent(title=self.title, facts=(self.region.name,))
