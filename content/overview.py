"""Overviews: the top-level page above all pages of one kind, which introduces them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField

from core.models import BasePage


class OverviewPage(BasePage):
    """A page above others, not searchable itself; types say in `introduction` what to write there."""

    search_type = None
    top_level = True

    introduction = RichTextField(_("Einleitung"), blank=True)

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("introduction")]
    api_fields: list[Any] = [APIField("introduction")]

    class Meta:
        abstract = True
