"""Which images and documents are in public use: only those that a public page refers to.

Wagtail serves everything once uploaded, also what a draft uses; the reference index knows better.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from core.visible import private_collections, public_pages


def used_by_public_pages(media: QuerySet[Any]) -> QuerySet[Any]:
    """Return those images or documents that a public page refers to and whose collection is public."""
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(media.model),
        to_object_id=Cast(OuterRef("pk"), CharField()),
        base_content_type=page_type,
    ).annotate(page_id=Cast("object_id", BigIntegerField()))
    public = public_pages(now=timezone.now()).values("pk")
    return media.filter(Exists(references.filter(page_id__in=public))).exclude(collection_id__in=private_collections())


def is_public(instance: Any) -> bool:
    """Return whether one image or document is in public use."""
    return used_by_public_pages(type(instance)._default_manager.filter(pk=instance.pk)).exists()
