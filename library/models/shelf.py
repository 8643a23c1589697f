"""The shelf: the page below which the library's entries live."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from content.overview import OverviewPage


class LibraryIndexPage(OverviewPage):
    """The shelf: library pages live below it; readers see the newest and a way to the search."""

    sought_as = "Bestand Materialien Bücher Fallbeispiele Themensammlungen"

    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze über den Bestand."))

    template = "library/library_index_page.html"

    class Meta:
        verbose_name = _("Bibliothek")
        verbose_name_plural = _("Bibliotheken")
