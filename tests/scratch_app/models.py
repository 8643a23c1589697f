"""Reports from workshops: the page type of `tests/processes/test_new_page_type.py`."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField

from core.declared.searchable import Area, SearchContent, split_passages
from core.models import BasePage


class WorkshopPage(BasePage):
    """What happened in a workshop."""

    search_type = "workshop"
    search_type_label = "Werkstattbericht"
    search_area = Area("workshops", "Werkstätten", is_holding=True)
    type_icon = "file-text"
    people_word = "aufgeschrieben von"
    summary = models.TextField("Zusammenfassung", max_length=400)
    writer = models.CharField("Geschrieben von", max_length=120)
    text = models.TextField("Bericht")

    parent_page_types = ["home.HomePage", "library.LibraryIndexPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("summary"), FieldPanel("writer"), FieldPanel("text")]
    api_fields = [APIField("summary"), APIField("writer")]
    template = "scratch_app/workshop_page.html"

    class Meta:
        verbose_name = "Werkstattbericht"

    def search_content(self) -> SearchContent:
        """Return everything that is shown."""
        return SearchContent(
            title=self.title,
            summary=self.summary,
            people=(self.writer,),
            date=self.first_published_at,
            expires_at=self.expire_at,
            passages=split_passages([self.text]),
        )
