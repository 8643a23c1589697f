"""The public pages of menu and footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page, Site

from core.output.languages import home_in
from core.versions import Versioned
from core.visibility import has_ended


@dataclass(frozen=True, slots=True)
class NavigationPage:
    """A page that menu or footer link to; `address` is relative to the site where possible."""

    pk: int
    title: str
    path: str
    address: str
    lang: str = ""
    """The language of its title, where that is not the one of the page that shows it."""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The pages of menu and footer, in tree order."""

    menu: tuple[NavigationPage, ...] = ()
    footer: tuple[NavigationPage, ...] = ()


_known: dict[tuple[Any, ...], Navigation] = {}
REMEMBERED = 50
"""Cached navigations, addresses included: one for each site and language, and those from before an editor's change."""


def navigation(site: Site, restricted: Sequence[str], request: HttpRequest | None) -> Navigation:
    """Return what menu and footer of a site show now. `restricted` holds the paths of restricted branches.

    In another language both show its own pages. What the footer has in German alone stays there, since the law wants it
    within reach of every page.
    """
    language = get_language() or settings.LANGUAGE_CODE
    home = home_in(site, language)
    rows = _shown(home, restricted) if home else ()
    if language != settings.LANGUAGE_CODE:
        translated = {row[-1] for row in rows}
        german = (row for row in _shown(site.root_page, restricted) if row[5] and row[-1] not in translated)
        rows += tuple((*row[:4], False, *row[5:]) for row in german)
    # Everything that an address depends on.
    key = (rows, site.pk, request is None, tuple(Site.get_site_root_paths()), get_language(), get_script_prefix())
    known = _known.get(key)
    if known is None:
        if len(_known) >= REMEMBERED:
            _known.clear()
        # Return the value itself, not from the cache: another thread may clear that at any moment.
        known = _known[key] = _of(rows, request)
    return known


def _shown(home: Page, restricted: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    now = timezone.now()
    hidden = tuple(restricted)
    entries = _below.get(home.path, home.depth)
    return tuple(row for row, expire_at in entries if not has_ended(expire_at, now) and not row[2].startswith(hidden))


def _read(path: str, depth: int) -> list[tuple[tuple[Any, ...], Any]]:
    """Return what is shown of each page in tree order, and its expiry date.

    That is id, title, path, URL path, whether in menu and in footer, and what its twins share with it.
    """
    in_menu = ExpressionWrapper(Q(depth=depth + 1, show_in_menus=True), output_field=BooleanField())
    pages = Page.objects.live().filter(path__startswith=path, depth__gt=depth)
    wanted = pages.annotate(in_menu=in_menu, in_footer=F("infopage__in_footer"))
    chosen = wanted.filter(Q(in_menu=True) | Q(in_footer=True)).order_by("path")
    rows = chosen.values_list("pk", "title", "path", "url_path", "in_menu", "in_footer", "translation_key", "expire_at")
    return [(row[:-1], row[-1]) for row in rows]


_below: Versioned[list[tuple[tuple[Any, ...], Any]]] = Versioned((Page,), _read, at_most=REMEMBERED)


def _of(rows: Sequence[tuple[Any, ...]], request: HttpRequest | None) -> Navigation:
    menu, footer = [], []
    languages = {srp.root_path: srp.language_code for srp in Site.get_site_root_paths()}
    here = get_language() or settings.LANGUAGE_CODE
    for pk, title, path, url_path, in_menu, in_footer, _key in rows:
        language = next((code for root, code in languages.items() if url_path.startswith(root)), here)
        address = Page(url_path=url_path).get_url(request) or ""
        page = NavigationPage(pk, title, path, address, "" if language == here else language)
        if in_menu:
            menu.append(page)
        if in_footer:
            footer.append(page)
    return Navigation(tuple(menu), tuple(footer))
