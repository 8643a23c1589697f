"""Links and pictures in running text, where templates expand it: the address only of what anybody may see.

Wagtail prints the address of whatever is linked; slugs and file names are titles.
"""

from __future__ import annotations

from typing import Any

from wagtail.documents import get_document_model
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.images import get_image_model
from wagtail.images.rich_text import ImageEmbedHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from core.mentions import seen_among


def _without_hidden(kind: Any, found: list[Any]) -> list[Any]:
    """Return the objects with None for each that is hidden; Wagtail knows what to do with one that is gone."""
    seen = seen_among((kind, one.pk) for one in found if one is not None)
    return [one if one is not None and seen.has((kind, one.pk)) else None for one in found]


class ShownPages(PageLinkHandler):
    """Links to pages."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Any]:
        """Return the linked pages, None for hidden ones."""
        return _without_hidden(Page, super().get_many(attrs_list))


class ShownDocuments(DocumentLinkHandler):
    """Links to documents."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Any]:
        """Return the linked documents, None for hidden ones."""
        return _without_hidden(get_document_model(), super().get_many(attrs_list))


class ShownImages(ImageEmbedHandler):
    """Pictures within text."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Any]:
        """Return the pictures, None for hidden ones."""
        return _without_hidden(get_image_model(), super().get_many(attrs_list))


HANDLERS = {"link": (ShownPages, ShownDocuments), "embed": (ShownImages,)}
