"""Title pictures: the renditions that cards and pages show, made when a page is published, never while searching."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from wagtail.images import get_image_model

from core.declared.searchable import CoverImage, CoverSource

COVER_FILTER = "fill-640x400-c100|format-webp"
"""The rendition that every browser reads: made on publish, cut around the focal point, shown at half its size."""

COVER_SOURCES = {"fill-640x400-c100|format-avif": "image/avif"}
"""The same in smaller formats, with their media types; a browser takes the first it can read."""


def read_covers(pages: Iterable[Any]) -> None:
    """Give each page its cover with the renditions that are there, in two queries for all of them."""
    pages = list(pages)
    images = get_image_model()._default_manager.prefetch_renditions(COVER_FILTER, *COVER_SOURCES)
    covers = images.in_bulk({page.cover_id for page in pages if page.cover_id})
    for page in pages:
        page.cover = covers.get(page.cover_id)


def cover_image(image: Any, alt: str, private: Collection[int]) -> CoverImage | None:
    """Return the renditions of a cover; `private` are the ids of collections that nobody may look into.

    A picture whose file is missing or broken gives none: the card is shown without it. So does one of a private
    collection: what a page shows, anybody sees.
    """
    if image is None or image.collection_id in private:
        return None
    try:
        made = image.get_renditions(COVER_FILTER, *COVER_SOURCES)
    except (OSError, ValueError):
        return None
    shown = made[COVER_FILTER]
    sources = tuple(CoverSource(made[spec].url, type) for spec, type in COVER_SOURCES.items())
    return CoverImage(shown.url, shown.width // 2, shown.height // 2, alt, sources)
