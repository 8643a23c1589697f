"""Names of things that stay the same whatever host is asked and wherever the site moves: for feeds and harvesters.

They derive from a random key that every database got when its page tree was made and that its backups keep.
"""

from __future__ import annotations

import uuid

from wagtail.models import Page

from core.versions import Versioned


def _read_key() -> uuid.UUID:
    key: uuid.UUID | None = (
        Page.objects.filter(depth=1).order_by("path").values_list("translation_key", flat=True).first()
    )
    return key or uuid.NAMESPACE_URL


_key = Versioned((Page,), _read_key)


def urn(name: str) -> str:
    """Return the URN of something of this site, by a name that is unique in it: `page/53`, `feed/news/7`."""
    return uuid.uuid5(_key.get(), name).urn


def page_urn(page_id: int) -> str:
    """Return the URN of a page: the same in every feed and for harvesters."""
    return urn(f"page/{page_id}")
