"""The tags of news."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase

from core.output.text import german_slug

RESERVED_SLUGS = frozenset({"archiv", "feed", "thema"})
"""Addresses that the index itself uses."""


class NewsTag(TagBase):
    """A news tag; its slug is transliterated the German way."""

    free_tagging = True

    class Meta:
        verbose_name = _("Schlagwort")
        verbose_name_plural = _("Schlagwörter")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return the slug for a tag's name, with a number if it is taken."""
        slug = german_slug(tag) or "schlagwort"
        return f"{slug}-{i}" if i is not None else slug


class NewsPageTag(ItemBase):
    """The link between an item and a tag."""

    tag = models.ForeignKey(NewsTag, related_name="links", on_delete=models.CASCADE)
    content_object = ParentalKey("news.NewsPage", related_name="tag_links", on_delete=models.CASCADE)
