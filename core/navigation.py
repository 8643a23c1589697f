"""The public pages of menu and footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page, Site

from core.versions import Versioned
from core.visibility import has_ended


@dataclass(frozen=True, slots=True)
class NavigationPage:
    """A page that menu or footer link to; `address` is relative to the site where possible."""

    pk: int
    title: str
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Navigation:
    """The pages of menu and footer, in tree order."""

    menu: tuple[NavigationPage, ...] = ()
    footer: tuple[NavigationPage, ...] = ()


_known: dict[tuple[Any, ...], Navigation] = {}
REMEMBERED = 50
"""Cached navigations, addresses included: one for each site and language, and those from before an editor's change."""


def navigation(site: Site, restricted: Sequence[str], request: HttpRequest | None) -> Navigation:
    """Return what menu and footer of a site show now. `restricted` holds the paths of restricted branches."""
    root, now = site.root_page, timezone.now()
    entries = _below.get(root.path, root.depth)
    rows = tuple(
        row for row, expire_at in entries if not has_ended(expire_at, now) and not row[2].startswith(tuple(restricted))
    )
    # Everything that an address depends on.
    key = (rows, site.pk, request is None, tuple(Site.get_site_root_paths()), get_language(), get_script_prefix())
    known = _known.get(key)
    if known is None:
        if len(_known) >= REMEMBERED:
            _known.clear()
        # Return the value itself, not from the cache: another thread may clear that at any moment.
        known = _known[key] = _of(rows, request)
    return known


def _read(path: str, depth: int) -> list[tuple[tuple[Any, ...], Any]]:
    """Return id, title, path, URL path, whether in menu and in footer, and the expiry date of each, in tree order."""
    in_menu = ExpressionWrapper(Q(depth=depth + 1, show_in_menus=True), output_field=BooleanField())
    pages = Page.objects.live().filter(path__startswith=path, depth__gt=depth)
    wanted = pages.annotate(in_menu=in_menu, in_footer=F("infopage__in_footer"))
    chosen = wanted.filter(Q(in_menu=True) | Q(in_footer=True)).order_by("path")
    rows = chosen.values_list("pk", "title", "path", "url_path", "in_menu", "in_footer", "expire_at")
    return [(row[:-1], row[-1]) for row in rows]


_below: Versioned[list[tuple[tuple[Any, ...], Any]]] = Versioned((Page,), _read, at_most=REMEMBERED)


def _of(rows: Sequence[tuple[Any, ...]], request: HttpRequest | None) -> Navigation:
    menu, footer = [], []
    for pk, title, path, url_path, in_menu, in_footer in rows:
        page = NavigationPage(pk, title, path, Page(url_path=url_path).get_url(request) or "")
        if in_menu:
            menu.append(page)
        if in_footer:
            footer.append(page)
    return Navigation(tuple(menu), tuple(footer))
