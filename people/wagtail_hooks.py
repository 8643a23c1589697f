"""What consents add to the editors' admin: their list, and that a copy of a page belongs to the same consents."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from people.copies import follow
from people.viewsets import ConsentViewSet


@hooks.register("register_admin_viewset")
def register_consents() -> ConsentViewSet:
    """Show the consents in the menu."""
    return ConsentViewSet()


@hooks.register("after_copy_page")
def follow_copies(request: HttpRequest, page: Page, new_page: Any) -> None:
    """Let the copies of a page end, and be deleted, with the original."""
    if new_page is not None:
        before = page.get_descendants(inclusive=True).order_by("path")
        after = new_page.get_descendants(inclusive=True).order_by("path")
        for original, copy in zip(before, after, strict=False):
            follow(original, copy)
