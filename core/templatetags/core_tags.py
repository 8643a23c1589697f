"""Tags and filters that all templates share: icons, navigation, plain values from search and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _
from wagtail.models import Page

from core import visibility
from core.context import site_of
from core.declared.searchable import CoverImage, Occurrence
from core.navigation import Navigation, NavigationPage, navigation
from core.output import languages
from core.output.languages import Twin, default_of, language_of, twins_of

register = template.Library()

LANGUAGE_TAGS = {"deutsch": "de", "englisch": "en", "daenisch": "da", "leichte-sprache": "de-simple"}
"""Language tags of HTML by the slugs that search results carry."""


# Icons ------------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, extra_class: str = "") -> SafeString:
    """Return a decorative icon from the sprite; text next to it must give its meaning."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" width="24" height="24"><use href="{}#{}"></use></svg>',
        f" {extra_class}" if extra_class else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
def picture(cover: CoverImage, extra_class: str = "", lazy: bool = False, decorative: bool = False) -> SafeString:
    """Return a cover with its size, so that nothing moves when it loads."""
    # In Python, with the standard library's escape: a page of results has twenty covers.
    named = f' class="{escape(extra_class)}"' if extra_class else ""
    alt = "" if decorative else escape(cover.alt)
    waits = ' loading="lazy" decoding="async"' if lazy else ""
    return mark_safe(  # noqa: S308 - every value is escaped
        f"<picture{named}>"
        f'<img src="{escape(cover.url)}" width="{cover.width}" height="{cover.height}" alt="{alt}"{waits}></picture>'
    )


# Dates ------------------------------------------------------------------------------------------


@register.simple_tag
def event_date(date: Occurrence) -> SafeString:
    """Return a date in words in the site's time zone: day and times, or both days when it ends on another."""
    start, end = timezone.localtime(date.start), timezone.localtime(date.end)
    moment = _("D, j. F Y, H:i")
    first = formats.date_format(start, moment)
    last = formats.date_format(end, "H:i" if start.date() == end.date() else moment)
    words = format_html(_('<time datetime="{}">{}</time> bis {} Uhr'), start.isoformat(), first, last)
    return format_html("{} ({})", words, date.note) if date.note else words


# Navigation -------------------------------------------------------------------------------------


def _navigation(context: template.Context) -> Navigation:
    """Load once per page, for menu and footer together."""
    known = context.render_context.get("navigation")
    if isinstance(known, Navigation):
        return known
    request = context.get("request")
    site = site_of(request)
    pages = navigation(site, visibility.restricted_branches(), request) if site else Navigation()
    context.render_context["navigation"] = pages
    return pages


@register.simple_tag(takes_context=True)
def menu_pages(context: template.Context) -> Sequence[NavigationPage]:
    """Return the pages of the main menu: children of the home page marked for menus."""
    return _navigation(context).menu


@register.simple_tag(takes_context=True)
def footer_pages(context: template.Context) -> Sequence[NavigationPage]:
    """Return the information pages that the editors want in the footer."""
    return _navigation(context).footer


@register.simple_tag(takes_context=True)
def home_address(context: template.Context) -> str:
    """Return the address of the home page in the language of this page, of the German one while visitors may not see it."""
    request = context.get("request")
    offered = get_language() in languages.offered(request)
    with override(get_language() if offered else settings.LANGUAGE_CODE):
        return reverse("wagtail_serve", args=[""])


@register.simple_tag(takes_context=True)
def twins(context: template.Context) -> Sequence[Twin]:
    """Return where this page, or this view, can be read in which language; nothing where there is but one.

    An address below a page (a date, a month) has no twins of its own: it leads to those of the page. A page that
    editors have put at the address of a view leads to the view, which is there in every language.
    """
    request, page = context.get("request"), context.get("page")
    known = context.render_context.get("twins")
    if known is None:
        if request is not None and _is_view(request):
            known = languages.same_view(request)
        else:
            known = twins_of(page, request) if isinstance(page, Page) else ()
        known = context.render_context["twins"] = known if _names_another(known) else ()
    return known


def _is_view(request: HttpRequest) -> bool:
    """Return whether a request is answered by a view of ours; where no page was found there is none in other languages."""
    match = getattr(request, "resolver_match", None)
    return match is not None and match.url_name != "wagtail_serve"


def _names_another(found: Sequence[Twin]) -> bool:
    here = get_language() or settings.LANGUAGE_CODE
    return any(twin.language != here for twin in found)


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> Sequence[tuple[str, str]]:
    """Return `hreflang` and address of each version of exactly this address, x-default last; for visitors' addresses alone."""
    request, found = context.get("request"), twins(context)
    if request is None or request.GET or all(request.path != twin.address for twin in found):
        return ()
    chosen = default_of(tuple(found))
    named = [(twin.language, twin.full_address) for twin in found]
    return [*named, ("x-default", chosen.full_address)] if chosen else named


@register.simple_tag(takes_context=True)
def language_homes(context: template.Context) -> Sequence[Twin]:
    """Return the home pages of all languages that visitors may see, for the footer; nothing with only one."""
    request = context.get("request")
    site = site_of(request)
    found = twins_of(site.root_page, request) if site else ()
    return found if len(found) > 1 else ()


@register.simple_tag(takes_context=True)
def breadcrumbs(context: template.Context, page: Any) -> list[Page]:
    """Return the visible ancestors of a page from the home page down; none for an unsaved page.

    For a page right below the home page they are already known: the site names its root.
    """
    if not getattr(page, "path", ""):
        return []
    site = site_of(context["request"]) if "request" in context else None
    root = languages.home_in(site, get_language() or settings.LANGUAGE_CODE) if site else None
    if root is not None and root.pk is None and page.depth == root.depth + 1 and page.path.startswith(root.path):
        return [root]
    if root is not None and root.depth == page.depth - 1 and page.path.startswith(root.path):
        home = public_page(context, root)
        return [home] if home else []
    ancestors = page.get_ancestors().filter(depth__gt=1).order_by("depth")
    return list(visibility.public_pages(ancestors))


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, page: Page) -> str:
    """Return the address of a page, relative to the site where possible; empty when it has none."""
    return page.get_url(context.get("request")) or ""


@register.filter
def is_within(page: Any, ancestor: NavigationPage) -> bool:
    """Return whether `page` is `ancestor` or lies below it."""
    path = getattr(page, "path", "") or ""
    return bool(path) and path.startswith(ancestor.path)


# What the public may see ------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def public_page(context: template.Context, page: Page | None) -> Page | None:
    """Return the page when anybody may see it, else None."""
    return page if page is not None and visibility.is_public(page, timezone.now()) else None


# Values -----------------------------------------------------------------------------------------


@register.filter
def language_name(tag: str) -> str:
    """Return the name of a language by its tag (`de-DE`), in the language of the site; empty for an unknown one."""
    try:
        return str(get_language_info(tag.partition("-")[0].lower())["name_translated"])
    except KeyError:
        return ""


@register.filter
def host(url: str) -> str:
    """Return the host of an address without `www.`, to show where a link leads."""
    return (urlsplit(url or "").hostname or "").removeprefix("www.")


@register.filter
def content_lang(item: Any) -> str:
    """Return the language tag of a page's or hit's own text if it is not that of the page around it, else nothing."""
    here = get_language() or settings.LANGUAGE_CODE
    labels = getattr(item, "labels", None)
    if isinstance(labels, Mapping):
        values = labels.get("language") or ()
        tag = LANGUAGE_TAGS.get(values[0].slug, "") if values else ""
    else:
        tag = getattr(getattr(item, "language", None), "notation", "") or ""
    # A hit is of the language that was searched in; a page may be shown on one of another language.
    tag = tag or (language_of(item) if hasattr(item, "locale_id") else getattr(item, "locale", "") or here)
    return "" if tag == here else tag


@register.filter
def lang_attr(item: Any) -> SafeString | str:
    """Return a `lang` attribute for an item whose text is not in the language of the page around it."""
    tag = content_lang(item)
    return format_html(' lang="{}"', tag) if tag else ""


@register.filter
def lines(text: str) -> list[str]:
    """Return the non-empty lines of a field with one entry per line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
