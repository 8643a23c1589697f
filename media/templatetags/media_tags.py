"""Files and galleries as pages show them: only public ones, and as few queries for many as for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import prefetch_related_objects
from django.utils.formats import number_format
from wagtail.documents import get_document_model

from core import visibility
from core.output.text import clock
from core.templatetags.core_tags import language_name
from media.covers import COVER_FILTER, GALLERY_LARGE
from media.kinds import LABELS
from media.messages import spoken, warning
from media.models import ExtractionStatus
from media.showing.files import NOTHING, Shown, shown

register = template.Library()

GALLERY_SMALL = COVER_FILTER
"""Shown in a gallery; a card's copy of the same picture will do."""


_TEXTS = ("DOCX", "ODT", "RTF", "TXT")
_ICONS = {"PDF": "file-pdf", "PPTX": "file-slides", **dict.fromkeys(_TEXTS, "file-text")}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A material's file or external address as the page shows it."""

    label: str
    address: str
    role: str
    external: bool
    host: str = ""
    format: str = ""
    size: int | None = None
    page_count: int | None = None
    language: str = ""
    measured: tuple[str, ...] = ()
    kind: str = ""
    length: str = ""
    members: int = 0
    shown: Shown = NOTHING

    @property
    def icon(self) -> str:
        """Name of the icon for the format."""
        if self.external:
            return "external"
        return _ICONS.get(self.format, "play" if self.shown.player else "file")

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


def _private_collections(context: template.Context) -> frozenset[int]:
    """Query once per request: a page may have many blocks that need them."""
    request = context.get("request")
    if request is None:
        return visibility.private_collections()
    if not hasattr(request, "private_collections"):
        request.private_collections = visibility.private_collections()
    known: frozenset[int] = request.private_collections
    return known


@register.simple_tag(takes_context=True)
def visible_document(context: template.Context, document: Any) -> Any:
    """Return the document when anybody may fetch it, else None."""
    if document is None or not visibility.visible_document(document, _private_collections(context)):
        return None
    return document


def document_entry(context: template.Context, document: Any, label: str = "", role: str = "") -> FileEntry:
    """Return a document as a file to show; callers have checked that the public may fetch it."""
    beside = shown(document, lambda: _neighbours(context, document))
    if beside.player is not None:
        document.has_captions = bool(beside.player.tracks)
    facts = document.measured
    return FileEntry(
        label=label or document.title,
        address=document.url,
        role=role,
        external=False,
        format=(document.file_extension or "").upper(),
        size=document.file_size,
        page_count=facts.pages,
        language=language_name(facts.language or ""),
        measured=tuple(filter(None, (_warning(document), *spoken(facts)))),
        kind=str(LABELS.get(document.ending.kind, "")) if document.ending else "",
        length=clock(facts.seconds) if facts.seconds else "",
        members=facts.members or 0,
        shown=beside,
    )


def _warning(document: Any) -> str:
    failed = document.extraction_status == ExtractionStatus.FAILED
    return warning(document.extraction_reason, failed=failed)


def _neighbours(context: template.Context, document: Any) -> list[Any]:
    """Return the public files of the page that shows a document, in order; asked once a page."""
    page: Any = context.get("page")
    if not hasattr(page, "attachments"):
        return [document]
    known: list[Any] | None = getattr(page, "shown_documents", None)
    if known is None:
        files = [file.document for file in page.attachments()]
        documents = get_document_model()._default_manager.in_bulk(set(files))
        known = [documents[pk] for pk in files if pk in documents and visible_document(context, documents[pk])]
        page.shown_documents = known
    return known


@register.simple_tag(takes_context=True)
def file_entry(context: template.Context, document: Any, label: str = "") -> FileEntry | None:
    """Return a single document as a file to show, or None when the public may not fetch it."""
    return document_entry(context, document, label) if visible_document(context, document) else None


@register.simple_tag
def gallery_pictures(rows: Iterable[Mapping[str, Any]]) -> list[GalleryPicture]:
    """Return the pictures of a gallery, with one query for all; leave out unreadable ones, as the body has private ones."""
    rows = [row for row in rows if row["image"] is not None]
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


@register.filter
def filesize_de(size: int | None) -> str:
    """Return a size in bytes the German way: `459 kB`, `1,2 MB`; empty when unknown."""
    if not size:
        return ""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{number_format(size / 1_000_000, decimal_pos=1, use_l10n=True)} MB"
