"""Title pictures: the rendition that cards and pages show, made when a page is published, never during a search.

And the other sizes in which pages show pictures: whoever makes copies in advance reads them here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from wagtail.images import get_image_model

from core.declared.searchable import CoverImage

COVER_FILTER = "fill-640x400-c100|format-webp"
"""The rendition of a cover: made on publish, cropped around the focal point, shown at half its size."""

GALLERY_LARGE = "max-2000x2000|format-webp"
PICTURE = "max-1280x1280|format-webp"
"""Renditions of a gallery's pictures when opened, and of a picture in a text; none is larger than the upload."""


def read_covers(pages: Iterable[Any]) -> None:
    """Attach to each page its cover with its existing rendition, in two queries for all pages."""
    pages = list(pages)
    images = get_image_model()._default_manager.prefetch_renditions(COVER_FILTER)
    covers = images.in_bulk({page.cover_id for page in pages if page.cover_id})
    for page in pages:
        page.cover = covers.get(page.cover_id)


def cover_image(image: Any, alt: str, private: Collection[int]) -> CoverImage | None:
    """Return the rendition of a cover; `private` holds the ids of private collections.

    Returns None for a picture whose file is missing or broken: the card is shown without it. Also for one in a private
    collection: anybody sees what a page shows.
    """
    if image is None or image.collection_id in private:
        return None
    try:
        shown = image.get_rendition(COVER_FILTER)
    except (OSError, ValueError):
        return None
    return CoverImage(shown.url, shown.width // 2, shown.height // 2, alt)
