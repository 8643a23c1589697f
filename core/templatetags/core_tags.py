"""Tags and filters that all templates share: navigation, icons, and lists of what the public may see.

A list of pages is always reduced by `core.visibility` first, and what its cards need (concepts, covers)
is fetched for all pages together: a page full of references costs as many queries as one with a single one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import template
from django.db.models import prefetch_related_objects
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.models import Page

from core import visibility
from core.context import site_of
from core.declared.searchable import CoverImage, Occurrence
from core.navigation import Navigation, NavigationPage, navigation

register = template.Library()

T = TypeVar("T")

GALLERY_SMALL = "fill-640x400-c100|format-webp"
GALLERY_LARGE = "max-2000x2000|format-webp"
"""Copies of a gallery's pictures; nothing is enlarged beyond what was uploaded."""

LANGUAGE_TAGS = {"deutsch": "de", "englisch": "en", "daenisch": "da", "leichte-sprache": "de-simple"}
"""Language tags of HTML by the slugs that search results carry."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A row of an ordered choice with the visible page it points to."""

    row: Any
    page: Page


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file or external address of a material as the page shows it."""

    label: str
    address: str
    role: str
    external: bool
    host: str = ""
    format: str = ""
    size: int | None = None
    page_count: int | None = None
    language: str = ""
    tagged: bool = False

    @property
    def icon(self) -> str:
        """Name of the icon for the format."""
        if self.external:
            return "external"
        return {"PDF": "file-pdf", "DOCX": "file-text", "ODT": "file-text", "PPTX": "file-slides"}.get(
            self.format, "file"
        )

    @property
    def has_slides(self) -> bool:
        """Whether its pages are slides."""
        return self.format == "PPTX"


@dataclass(frozen=True, slots=True)
class GalleryPicture:
    """A picture as a gallery shows it: address and size in pixels of the small copy, address of the large one."""

    small: str
    width: int
    height: int
    large: str
    alt: str
    caption: str
    credit: str


# Icons ------------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, extra_class: str = "") -> SafeString:
    """Return a decorative icon of the sprite; whatever it means must also be said in words beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" width="24" height="24"><use href="{}#{}"></use></svg>',
        f" {extra_class}" if extra_class else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
def focus_icon(slug: str) -> SafeString:
    """Return the icon of a Förderschwerpunkt in its hue."""
    return format_html('<span class="focus-mark edge-{}">{}</span>', slug, icon(f"focus-{slug}"))


@register.simple_tag
def picture(cover: CoverImage, extra_class: str = "", lazy: bool = False, decorative: bool = False) -> SafeString:
    """Return a cover in the best format a browser reads; sizes are set, so that nothing moves when it comes."""
    # In Python, with the standard library's escape: a page of results has twenty.
    named = f' class="{escape(extra_class)}"' if extra_class else ""
    sources = "".join(f'<source srcset="{escape(one.url)}" type="{escape(one.type)}">' for one in cover.sources)
    alt = "" if decorative else escape(cover.alt)
    waits = ' loading="lazy" decoding="async"' if lazy else ""
    return mark_safe(  # noqa: S308 - every value is escaped
        f"<picture{named}>{sources}"
        f'<img src="{escape(cover.url)}" width="{cover.width}" height="{cover.height}" alt="{alt}"{waits}></picture>'
    )


# Dates ------------------------------------------------------------------------------------------


@register.simple_tag
def event_date(date: Occurrence) -> SafeString:
    """Return a date in words in the site's time zone: day and times, or both days when it ends on another."""
    start, end = timezone.localtime(date.start), timezone.localtime(date.end)
    first = formats.date_format(start, "D, j. F Y, H:i")
    last = formats.date_format(end, "H:i" if start.date() == end.date() else "D, j. F Y, H:i")
    words = format_html(_('<time datetime="{}">{}</time> bis {} Uhr'), start.isoformat(), first, last)
    return format_html("{} ({})", words, date.note) if date.note else words


# Navigation -------------------------------------------------------------------------------------


def _navigation(context: template.Context) -> Navigation:
    """Ask once per page, for menu and footer together."""
    known = context.render_context.get("navigation")
    if isinstance(known, Navigation):
        return known
    request = context.get("request")
    site = site_of(request)
    found = navigation(site, _restricted_branches(context), request) if site else Navigation()
    context.render_context["navigation"] = found
    return found


@register.simple_tag(takes_context=True)
def menu_pages(context: template.Context) -> Sequence[NavigationPage]:
    """Return the pages of the main menu: children of the home page marked for menus."""
    return _navigation(context).menu


@register.simple_tag(takes_context=True)
def footer_pages(context: template.Context) -> Sequence[NavigationPage]:
    """Return the information pages that the editors want in the footer."""
    return _navigation(context).footer


@register.simple_tag(takes_context=True)
def breadcrumbs(context: template.Context, page: Any) -> list[Page]:
    """Return the visible ancestors of a page from the home page down; none for an unsaved page.

    Right below the home page they are known already: the site names its root.
    """
    if not getattr(page, "path", ""):
        return []
    site = site_of(context["request"]) if "request" in context else None
    root = site.root_page if site else None
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


def _prepare_cards(pages: list[Page]) -> list[Page]:
    """Attach `card_focus` (Förderschwerpunkte) and fetch languages, covers and their renditions, for all pages together."""
    filed = [page for page in pages if hasattr(page, "focus") and hasattr(page, "cover_id")]
    for page in pages:
        page.card_focus = []
    if not filed:
        return pages
    field = filed[0]._meta.get_field("focus")
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = (
        field.remote_field.through.objects.filter(**{f"{own}__in": [page.pk for page in filed]})
        .select_related(other)
        .order_by(f"{other}__order", f"{other}__label")
    )
    by_id = {page.pk: page for page in filed}
    for row in rows:
        by_id[getattr(row, f"{own}_id")].card_focus.append(getattr(row, other))
    prefetch_related_objects(filed, "language")
    with_cover = [page for page in filed if page.cover_id]
    if with_cover:
        prefetch_related_objects(with_cover, "cover__renditions")
        private = visibility.private_collections()
        for page in with_cover:
            page._private_collections = private
    return pages


@register.simple_tag
def visible_pages(rows: Iterable[Any], attribute: str = "") -> list[Page]:
    """Return the visible pages that `rows` point to through the foreign key `attribute`, or `rows` themselves."""
    if not attribute:
        return _prepare_cards(visibility.visible(rows))
    ids = [getattr(row, f"{attribute}_id") for row in rows]
    return _prepare_cards(visibility.visible([pk for pk in ids if pk]))


@register.simple_tag
def visible_entries(rows: Iterable[Any], attribute: str) -> list[PageEntry]:
    """Return `rows` whose page is visible, each with its page; for choices that say something on every entry."""
    rows = list(rows)
    pages = {page.pk: page for page in visible_pages(rows, attribute)}
    return [
        PageEntry(row, pages[getattr(row, f"{attribute}_id")])
        for row in rows
        if getattr(row, f"{attribute}_id") in pages
    ]


@register.simple_tag
def newest_children(page: Page, limit: int = 24) -> list[Page]:
    """Return the visible children of a page, the newest first, from the database: the way in while the search is down."""
    children: Any = visibility.public_pages(Page.objects.child_of(page)).order_by("-first_published_at", "-pk")
    return _prepare_cards(list(children.specific()[:limit]))


def _asked_once(context: template.Context, name: str, ask: Callable[[], T]) -> T:
    """Ask once per request: a page may hold many blocks that want to know."""
    request = context.get("request")
    if request is None:
        return ask()
    if not hasattr(request, name):
        setattr(request, name, ask())
    answer: T = getattr(request, name)
    return answer


@register.simple_tag(takes_context=True)
def public_page(context: template.Context, page: Page | None) -> Page | None:
    """Return the page when anybody may see it, else None."""
    if page is None or not page.live or (page.expire_at is not None and page.expire_at <= timezone.now()):
        return None
    return None if page.path.startswith(_restricted_branches(context)) else page


def _restricted_branches(context: template.Context) -> tuple[str, ...]:
    return _asked_once(context, "_restricted_branches", visibility.restricted_branches)


def _private_collections(context: template.Context) -> frozenset[int]:
    return _asked_once(context, "_private_collections", visibility.private_collections)


@register.simple_tag(takes_context=True)
def visible_document(context: template.Context, document: Any) -> Any:
    """Return the document when anybody may fetch it, else None."""
    if document is None or not visibility.visible_document(document, _private_collections(context)):
        return None
    return document


def _document_entry(document: Any, label: str = "", role: str = "") -> FileEntry:
    return FileEntry(
        label=label or document.title,
        address=document.url,
        role=role,
        external=False,
        format=(document.file_extension or "").upper(),
        size=document.file_size,
        page_count=document.page_count,
        language=language_name(document.language),
        tagged=bool(document.tagged),
    )


@register.simple_tag(takes_context=True)
def visible_files(context: template.Context, page: Any) -> list[FileEntry]:
    """Return the files and addresses of a material in order, without files the public may not fetch."""
    entries = []
    for row in page.files.select_related("document"):
        role = row.get_role_display()
        if row.document_id:
            if visible_document(context, row.document):
                entries.append(_document_entry(row.document, row.title, role))
        elif row.url:
            host = (urlsplit(row.url).hostname or "").removeprefix("www.")
            entries.append(FileEntry(row.label, row.url, role, external=True, host=host))
    return entries


@register.simple_tag(takes_context=True)
def file_entry(context: template.Context, document: Any, label: str = "") -> FileEntry | None:
    """Return a single document as a file to show, or None when the public may not fetch it."""
    return _document_entry(document, label) if visible_document(context, document) else None


@register.simple_tag(takes_context=True)
def gallery_pictures(context: template.Context, rows: Iterable[Mapping[str, Any]]) -> list[GalleryPicture]:
    """Return the pictures of a gallery, one query for all; none that is in a private collection or cannot be read."""
    private = _private_collections(context)
    rows = [row for row in rows if row["image"] is not None and row["image"].collection_id not in private]
    prefetch_related_objects([row["image"] for row in rows], "renditions")
    pictures = []
    for row in rows:
        try:
            made = row["image"].get_renditions(GALLERY_SMALL, GALLERY_LARGE)
        except (OSError, ValueError):
            continue
        small = made[GALLERY_SMALL]
        pictures.append(
            GalleryPicture(
                small.url,
                small.width,
                small.height,
                made[GALLERY_LARGE].url,
                row["alt"],
                row["caption"],
                row["image"].credit,
            )
        )
    return pictures


# Values -----------------------------------------------------------------------------------------


@register.filter
def filesize_de(size: int | None) -> str:
    """Return a size in bytes the German way: `459 kB`, `1,2 MB`; empty when unknown."""
    if not size:
        return ""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{number_format(size / 1_000_000, decimal_pos=1, use_l10n=True)} MB"


@register.filter
def language_name(tag: str) -> str:
    """Return the name of a language by its tag (`de-DE`), in the language of the site; empty for one we do not know."""
    try:
        return str(get_language_info(tag.partition("-")[0].lower())["name_translated"])
    except KeyError:
        return ""


@register.filter
def host(url: str) -> str:
    """Return the host of an address without `www.`, to say where a link leads."""
    return (urlsplit(url or "").hostname or "").removeprefix("www.")


@register.filter
def content_lang(item: Any) -> str:
    """Return the language tag of a page's or hit's own words when it is not plain German, else nothing."""
    labels = getattr(item, "labels", None)
    if isinstance(labels, Mapping):
        values = labels.get("language") or ()
        tag = LANGUAGE_TAGS.get(values[0].slug, "") if values else ""
    else:
        language = getattr(item, "language", None)
        tag = getattr(language, "notation", "") or ""
    return "" if tag == "de" else tag


@register.filter
def lang_attr(item: Any) -> SafeString | str:
    """Return a `lang` attribute for an item whose words are not plain German."""
    tag = content_lang(item)
    return format_html(' lang="{}"', tag) if tag else ""


@register.filter
def lines(text: str) -> list[str]:
    """Return the non-empty lines of a field that holds one entry a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@register.filter
def primary_focus(concepts: Iterable[Any]) -> str:
    """Return the slug that colours a card: the first Förderschwerpunkt."""
    return next((concept.slug for concept in concepts), "uebergreifend")


# Search form ------------------------------------------------------------------------------------


@register.simple_tag
def fields_beside(
    hidden_fields: Iterable[tuple[str, str]] | None, facets: Iterable[Any] | None
) -> list[tuple[str, str]]:
    """Return the parameters that the filter form must carry hidden: all that no checkbox of it stands for."""
    shown = {(facet.name, value.slug) for facet in facets or () for value in facet.values}
    return [(name, value) for name, value in hidden_fields or () if (name, str(value)) not in shown and name != "q"]


@register.filter
def has_selected(values: Iterable[Any]) -> bool:
    """Return whether one of the facet's values is chosen: then its fold stands open."""
    return any(value.selected for value in values)


@register.filter
def slice_from(values: Any, start: int) -> Any:
    """Return the values from number `start` (counted from 0) on."""
    return values[int(start) :]
