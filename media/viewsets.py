"""Editors' views of an attachment's text: its state, reading it again, its first page as cover."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.documents.views import documents
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.permissions import policy_registry

from core.declared.page_types import takes_cover_from_file
from core.references import pages_using
from media import reading
from media.extraction.outcome import Reason
from media.messages import MESSAGES, spoken
from media.models import Document, ExtractionStatus, Image
from media.showing.told import may_take_out, told_rows
from media.texts import PDF


class DocumentIndexView(documents.IndexView):
    """Wagtail's list of documents, with the state of each text."""

    @cached_property
    def columns(self) -> list[Column]:
        """Return Wagtail's columns and, after the file, ours."""
        columns: list[Column] = list(super().columns)
        status = Column(
            "extraction_status",
            label=gettext_lazy("Textauszug"),
            accessor="get_extraction_status_display",
            sort_key="extraction_status",
        )
        columns.insert(3, status)
        return columns


class DocumentEditView(documents.EditView):
    """Wagtail's form of a document, with the results of reading its file."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pages that could use the first page of a PDF as their cover."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["is_waiting"] = self.object.extraction_status == ExtractionStatus.PENDING
        context["spoken"] = spoken(self.object.measured)
        context["told"] = told_rows(self.object)
        context["may_take_out"] = may_take_out(self.object)
        context["coverless_pages"] = _coverless_pages(self.request, self.object)
        return context


@require_POST
def read_again(request: HttpRequest, document_id: int) -> HttpResponse:
    """Have the worker read the file again."""
    document = _changeable(request, document_id)
    reading.ask_again(Document.objects.filter(pk=document.pk))
    messages.success(request, _("„%(title)s“ wird in den nächsten Sekunden noch einmal gelesen.") % {"title": document})
    return _back(document)


@require_POST
def take_first_page(request: HttpRequest, document_id: int, page_id: int) -> HttpResponse:
    """Store the first page of a PDF as an image and make it the cover in the draft of a page."""
    document = _changeable(request, document_id)
    page = next((page for page in _coverless_pages(request, document) if page.pk == page_id), None)
    if page is None:
        messages.error(request, _("Diese Seite hat schon ein Titelbild oder darf gerade nicht bearbeitet werden."))
        return _back(document)
    drawn = reading.draw_first_page(document)
    if isinstance(drawn, Reason):
        messages.error(request, MESSAGES[drawn])
        return _back(document)
    draft = page.get_latest_revision_as_object()
    draft.cover = _image(drawn, document, request)
    draft.cover_alt = (_("Erste Seite der Datei „%(title)s“") % {"title": document.title})[:255]
    draft.cover_decorative = False
    # Ignore whatever else the draft lacks; publishing checks that.
    draft.save_revision(user=request.user, log_action=True, clean=False)
    messages.success(
        request, _("Das Titelbild steht im Entwurf. Bitte den Alternativtext durchsehen und dann veröffentlichen.")
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_POST
def take_out_told(request: HttpRequest, document_id: int) -> HttpResponse:
    """Replace the file by one that tells nothing of the people who made it."""
    document = _changeable(request, document_id)
    reason = reading.take_out_told(document)
    if reason is None:
        # The log tells who did it; the former file is gone, with what it told.
        log(instance=document, action="wagtail.edit", user=request.user)
        messages.success(
            request, _("Die Angaben zu Personen sind entfernt. Die Datei wird in den nächsten Sekunden gelesen.")
        )
    elif reason is Reason.NOTHING_TOLD:
        messages.success(request, MESSAGES[reason])
    else:
        messages.error(request, MESSAGES[reason])
    return _back(document)


def cover_button(page: Page) -> Button | None:
    """Return the button that leads from a page without cover to its first PDF; None if there is nothing to offer."""
    entry = page.specific
    if not takes_cover_from_file(entry):
        return None
    draft = entry.get_latest_revision_as_object()
    if draft.cover_id:
        return None
    ids = [attachment.document for attachment in draft.attachments()]
    read = Document.objects.filter(pk__in=ids, extraction_status__in=_READ)
    document = next((document for document in read if _is_pdf(document)), None)
    if document is None:
        return None
    return Button(
        _("Titelbild aus PDF"),
        url=f"{reverse('wagtaildocs:edit', args=[document.pk])}#titelbild",
        icon_name="image",
        priority=35,
    )


_READ = (ExtractionStatus.DONE, ExtractionStatus.EMPTY)
"""States with a drawable first page: a file without text, typically a scan, has one too."""


def _is_pdf(document: Document) -> bool:
    return bool(document.file_extension.lower() == PDF)


def _coverless_pages(request: HttpRequest, document: Document) -> list[Any]:
    """Return the pages without cover that use this PDF and that the user, if allowed to add images, may change."""
    may_add = policy_registry.get_by_type(Image).user_has_permission(request.user, "add")
    if not may_add or not _is_pdf(document) or document.extraction_status not in _READ:
        return []
    using = pages_using(Document.objects.filter(pk=document.pk))
    pages = []
    for page in filter(takes_cover_from_file, Page.objects.filter(pk__in=using).specific()):
        permissions = page.permissions_for_user(request.user)
        has_cover = page.get_latest_revision_as_object().cover_id is not None
        if not has_cover and permissions.can_edit() and not permissions.page_locked():
            pages.append(page)
    return pages


def _changeable(request: HttpRequest, document_id: int) -> Document:
    document = get_object_or_404(Document, pk=document_id)
    policy = policy_registry.get_by_type(Document)
    if not policy.user_has_permission_for_instance(request.user, "change", document):
        raise PermissionDenied
    return document


def _image(drawn: bytes, document: Document, request: HttpRequest) -> Image:
    """Return the picture as an image; store the same drawing only once."""
    digest = hashlib.sha1(drawn, usedforsecurity=False).hexdigest()
    stored: Image | None = Image.objects.filter(file_hash=digest, collection=document.collection).first()
    if stored is not None:
        return stored
    source = _("Erste Seite von „%(title)s“") % {"title": document.title}
    image = Image(title=source[:255], credit=source[:255], collection=document.collection)
    image.uploaded_by_user = request.user
    image.file = ContentFile(drawn, name=f"erste-seite-{document.pk}.webp")
    image.file_size, image.file_hash = len(drawn), digest
    image.save()
    return image


def _back(document: Document) -> HttpResponseRedirect:
    return redirect("wagtaildocs:edit", document.pk)
