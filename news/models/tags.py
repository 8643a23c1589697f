"""The tags of news."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase

from core.output.text import german_slug

RESERVED_SLUGS = frozenset({"archiv", "feed", "thema"})
"""The index answers there itself."""


class NewsTag(TagBase):
    """A tag of news; its slug is transcribed the German way."""

    free_tagging = True

    class Meta:
        verbose_name = _("Schlagwort")
        verbose_name_plural = _("Schlagwörter")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return the slug of a tag's name, with a number when it is taken."""
        slug = german_slug(tag) or "schlagwort"
        return f"{slug}-{i}" if i is not None else slug


class NewsPageTag(ItemBase):
    """The link between an item and a tag."""

    tag = models.ForeignKey(NewsTag, related_name="links", on_delete=models.CASCADE)
    content_object = ParentalKey("news.NewsPage", related_name="tag_links", on_delete=models.CASCADE)
