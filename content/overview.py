"""Overviews: the top-level page above all pages of one kind, which introduces them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.rich_text import get_text_for_indexing

from core.declared.searchable import Area, SearchContent
from core.models import BasePage

PAGES = Area("pages", _("Seiten"), place=60)
"""The pages about the site itself, and the overviews: what leads elsewhere, not what somebody looks for."""


class OverviewPage(BasePage):
    """A page above others; types say in `introduction` what to write there."""

    search_type = "page"
    search_type_label = _("Seite")
    search_area = PAGES
    type_icon = "type-page"
    top_level = True

    sought_as: ClassVar[str] = ""
    """Other words by which people look for the page; found, but not shown, like an entry's hidden keywords."""

    introduction = RichTextField(_("Einleitung"), blank=True)

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("introduction")]
    api_fields: list[Any] = [APIField("introduction")]

    class Meta:
        abstract = True

    def search_content(self) -> SearchContent:
        """Return title and introduction, but no date: what is always there is never new."""
        return SearchContent(
            title=self.title,
            summary=" ".join(get_text_for_indexing(self.introduction).split()),
            keywords=self.sought_as,
            expires_at=self.expire_at,
        )
