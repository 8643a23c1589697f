"""The shelf: the page below which the library's entries live."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
)
from wagtail.api import APIField
from wagtail.fields import RichTextField

from core.models import BasePage


class LibraryIndexPage(BasePage):
    """The shelf: library pages live below it; readers see the newest and are led to the search."""

    search_type = None
    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze über den Bestand."))

    top_level = True
    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    api_fields = [APIField("introduction")]
    template = "library/library_index_page.html"

    class Meta:
        verbose_name = _("Bibliothek")
        verbose_name_plural = _("Bibliotheken")
