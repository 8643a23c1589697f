"""Wagtail's hooks for files: who may fetch one, and our list and form of documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from media import viewsets
from media.use import is_public, may_fetch


@hooks.register("before_serve_document")
def refuse_unpublished_documents(document: Any, request: HttpRequest) -> None:
    """Answer 404 to visitors for files that no public page uses; editors may see them.

    Wagtail's own check handles a file in a private collection; it may ask for a password.
    """
    if document.collection.get_view_restrictions().exists():
        return
    if not is_public(document) and not may_fetch(request, document):
        raise Http404("document is not in public use")


@hooks.register("register_admin_urls", order=-1)
def register_document_urls() -> list[URLPattern]:
    """Put our list and form of documents before Wagtail's at the same addresses, and add our actions."""
    return [
        path("documents/", viewsets.DocumentIndexView.as_view()),
        path("documents/results/", viewsets.DocumentIndexView.as_view(results_only=True)),
        path("documents/edit/<int:document_id>/", viewsets.DocumentEditView.as_view()),
        path("documents/<int:document_id>/read-again/", viewsets.read_again, name="document_read_again"),
        path("documents/<int:document_id>/without-told/", viewsets.take_out_told, name="document_without_told"),
        path(
            "documents/<int:document_id>/first-page/<int:page_id>/",
            viewsets.take_first_page,
            name="document_first_page",
        ),
    ]


@hooks.register("register_page_header_buttons")
def offer_first_page(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Link from a page without cover to the PDF whose first page could be its cover."""
    if view_name == "edit" and (button := viewsets.cover_button(page)):
        yield button
