"""Pages that help on when a search finds nothing, as their types declare in `helps_on`."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction

from core.declared.page_types import base_page_types
from core.versions import Versioned
from core.visibility import has_ended, public_pages


@dataclass(frozen=True, slots=True)
class Helper:
    """A page that helps on: what it offers, its title and its address."""

    offer: str | Promise
    title: str
    url: str


def helping_pages(request: HttpRequest | None = None) -> list[Helper]:
    """Return the first public page of each type that helps on, in this language; cached until a page changes."""
    now = timezone.now()
    here = get_language() or settings.LANGUAGE_CODE
    shown = [[page for page in pages if not has_ended(page[3], now)] for pages in _helping.get()]
    found = [next((page for page in pages if page[4] == here), None) for pages in shown]
    return [
        Helper(offer, title, Page(url_path=url_path).get_url(request) or "")
        for offer, title, url_path, _expire_at, _language in filter(None, found)
    ]


_Row = tuple[str | Promise, str, str, datetime.datetime | None, str]


SHOWN = ("title", "url_path", "expire_at", "locale__language_code")


def _read() -> list[list[_Row]]:
    types: list[Any] = [model for model in base_page_types() if model.helps_on]
    return [
        [(model.helps_on, *row) for row in public_pages(model.objects.order_by("path")).values_list(*SHOWN)]
        for model in types
    ]


_helping = Versioned((Page, PageViewRestriction), _read)
