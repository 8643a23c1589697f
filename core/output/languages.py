"""Which pages say the same in another language, and which languages a site offers: only what visitors may see counts.

A language is offered once its home page is public: everything below it can only be reached through that page. Pages and
their twins are looked up in memory, so that no page costs more for having twins.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Locale, Page, PageViewRestriction, Site

from core.context import site_of
from core.versions import Versioned
from core.visibility import has_ended, unrestricted

REMEMBERED = 2000
"""Pages whose twins are cached."""

NAMES = dict(settings.LANGUAGES)
"""The languages of the site in their order, each by its own name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is cached of a page in one of the languages."""

    language: str
    path: str
    url_path: str
    title: str
    expire_at: datetime.datetime | None

    @property
    def page(self) -> Page:
        """Return as much of the page as an address needs."""
        return Page(path=self.path, depth=len(self.path) // Page.steplen, url_path=self.url_path, title=self.title)


@dataclass(frozen=True, slots=True)
class Twin:
    """A page in one of its languages; `title` is empty where the address is no page of the editors."""

    language: str
    name: str
    address: str
    full_address: str
    title: str = ""


def home_in(site: Site, language: str) -> Page | None:
    """Return as much of a site's home page in a language as navigation needs, None while visitors may not see it."""
    if language == settings.LANGUAGE_CODE:
        return site.root_page
    home = _homes(site).get(language)
    return home.page if home else None


def home_paths(site: Site) -> tuple[str, ...]:
    """Return the tree paths of a site's home pages, the German one and those that visitors may see."""
    return (site.root_page.path, *(home.path for home in _homes(site).values()))


def offered(request: HttpRequest | None) -> tuple[str, ...]:
    """Return the languages that visitors may choose, in the order of the settings."""
    site = site_of(request)
    homes = _homes(site) if site else {}
    return tuple(language for language in NAMES if language == settings.LANGUAGE_CODE or language in homes)


def twins_of(page: Page, request: HttpRequest | None) -> tuple[Twin, ...]:
    """Return a page in every language in which visitors may see it, itself included; empty for a page not yet saved."""
    site = site_of(request)
    if site is None or page.pk is None:
        return ()
    now = timezone.now()
    kept = {one.language: one for one in _kept.get(page.translation_key) if not has_ended(one.expire_at, now)}
    languages = [language for language in offered(request) if language in kept]
    return tuple(_twin(kept[language], request) for language in languages)


def same_view(request: HttpRequest) -> tuple[Twin, ...]:
    """Return the address of a view that is no page, such as the search, in every language; it keeps what was asked."""
    path, host = request.get_full_path(), f"{request.scheme}://{request.get_host()}"
    addresses = {language: translate_url(path, language) for language in offered(request)}
    here = get_language() or settings.LANGUAGE_CODE
    # An address that is the same in another language is not in that language.
    own = {language: one for language, one in addresses.items() if language == here or one != path}
    return tuple(Twin(language, NAMES[language], one, host + one) for language, one in own.items())


def default_of(twins: tuple[Twin, ...]) -> Twin | None:
    """Return the one for visitors whose language is not among them: the site's own, else the first."""
    return next((twin for twin in twins if twin.language == settings.LANGUAGE_CODE), twins[0] if twins else None)


def in_this_language(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of some pages that are in the language of this request: a list shows no page beside its twin."""
    return pages.filter(locale__language_code=get_language() or settings.LANGUAGE_CODE)


def language_of(page: Any) -> str:
    """Return the language that a page is written in by its locale; cached, since lists ask it of every page."""
    if isinstance(page, Page) and Page._meta.get_field("locale").is_cached(page):
        # Read with the page, as all are that are indexed together.
        return str(page.locale.language_code)
    code: str = _codes.get().get(getattr(page, "locale_id", None), settings.LANGUAGE_CODE)
    return code


def _twin(kept: Kept, request: HttpRequest | None) -> Twin:
    page = kept.page
    full = page.get_full_url(request) or ""
    return Twin(kept.language, NAMES[kept.language], page.get_url(request) or urlsplit(full).path, full, kept.title)


def _homes(site: Site) -> dict[str, Kept]:
    now = timezone.now()
    homes = _kept.get(site.root_page.translation_key)
    return {one.language: one for one in homes if not has_ended(one.expire_at, now)}


def _read(translation_key: Any) -> tuple[Kept, ...]:
    """Return the pages that anybody may see until they expire; an alias is not a translation but a copy."""
    pages = unrestricted(Page.objects.filter(translation_key=translation_key, alias_of__isnull=True))
    rows = pages.values_list("locale__language_code", "path", "url_path", "title", "expire_at")
    return tuple(Kept(*row) for row in rows if row[0] in NAMES)


def _read_codes() -> dict[int | None, str]:
    return dict(Locale.objects.values_list("pk", "language_code"))


_kept: Versioned[tuple[Kept, ...]] = Versioned((Page, PageViewRestriction), _read, at_most=REMEMBERED)
_codes: Versioned[dict[int | None, str]] = Versioned((Locale,), _read_codes)
