"""The first public page of a type, kept in memory: where the site's own places are."""

from __future__ import annotations

import datetime
from collections.abc import Hashable
from dataclasses import dataclass
from typing import cast

from wagtail.models import Page, PageViewRestriction, Site

from core.versions import Versioned
from core.visibility import has_ended, public_pages


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that visitors may see: its title and address, and the rest to decide whether they still may."""

    title: str
    url: str
    locale: str
    expire_at: datetime.datetime | None


def first_page(model: type[Page], now: datetime.datetime, locale: str | None = None) -> KnownPage | None:
    """Return the first page of a type, in tree order, that visitors may see at a moment."""
    pages = _kept.get(cast(Hashable, model))
    return next((page for page in pages if locale in (None, page.locale) and not has_ended(page.expire_at, now)), None)


def _read(model: type[Page]) -> tuple[KnownPage, ...]:
    pages = public_pages(model._default_manager.order_by("path")).select_related("locale")
    return tuple(
        KnownPage(page.title, page.get_url() or "", page.locale.language_code, page.expire_at) for page in pages
    )


_kept = Versioned((Page, PageViewRestriction, Site), _read)
