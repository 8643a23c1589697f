"""Copies and translations of a page show the same people: they belong to the same consents and end with them."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from people.models import ConsentPage


def follow(original: Page, copy: Page) -> None:
    """Add a copy to the consents of its original."""
    for consent in ConsentPage.objects.filter(page=original.pk).values_list("consent_id", flat=True):
        ConsentPage.objects.get_or_create(consent_id=consent, page_id=copy.pk)


def follow_translation(sender: Any, source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """Add a translation to the consents of its original."""
    if isinstance(source_obj, Page) and isinstance(target_obj, Page):
        follow(source_obj, target_obj)
