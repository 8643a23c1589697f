"""Free topics, in addition to the controlled vocabularies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from core.output.text import german_slug


class Topic(TagBase):
    """A free topic; its slug is transcribed the German way."""

    free_tagging = True

    class Meta:
        verbose_name = _("Thema")
        verbose_name_plural = _("Themen")

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return the slug of a topic name, numbered if it is taken."""
        slug = german_slug(tag) or "thema"
        return f"{slug}-{i}" if i is not None else slug
