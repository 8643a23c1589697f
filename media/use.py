"""Which images and documents are in public use: only those that a public page refers to.

Wagtail serves everything once uploaded, also what a draft uses; the reference index knows better. The
same rule holds for lists (the API) and for a single file by its address.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from core.visibility import not_ended, private_collections, public_pages


def used_by_public_pages(media: QuerySet[Any]) -> QuerySet[Any]:
    """Return those images or documents that a public page refers to and whose collection is public."""
    references = (
        _references(media.model)
        .filter(to_object_id=Cast(OuterRef("pk"), CharField()))
        .annotate(page_id=Cast("object_id", BigIntegerField()))
    )
    public = public_pages(now=timezone.now()).values("pk")
    return media.filter(Exists(references.filter(page_id__in=public))).exclude(collection_id__in=private_collections())


def _references(model: type[Model]) -> QuerySet[Any]:
    return ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model),
        base_content_type=ContentType.objects.get_for_model(Page),
    )


def pages_using(media: QuerySet[Any]) -> list[int]:
    """Return the ids of pages whose content refers to one of the images, documents or pages, public or not."""
    keys = [str(key) for key in media.values_list("pk", flat=True)]
    ids: set[int] = set()
    for start in range(0, len(keys), 500):
        references = _references(media.model).filter(to_object_id__in=keys[start : start + 500])
        ids.update(int(id) for id in references.values_list("object_id", flat=True))
    return sorted(ids)


def is_public(instance: Any) -> bool:
    """Return whether one image or document is in public use."""
    return used_by_public_pages(type(instance)._default_manager.filter(pk=instance.pk)).exists()


def is_editor(request: HttpRequest, instance: Any) -> bool:
    """Return whether this reader works with images or documents, whichever this one is."""
    policy = policy_registry.get_by_type(type(instance))
    user = request.user
    return user.is_authenticated and policy.user_has_any_permission(user, ["add", "change", "choose"])


def may_fetch(request: HttpRequest, instance: Any) -> bool:
    """Return whether this reader may have a file that is not in public use.

    Editors may, and whoever has opened a private page that uses it (with its password, as a member of its group).
    """
    if is_editor(request, instance):
        return True
    if not _accepted(request, instance.collection):
        return False
    ids = _references(type(instance)).filter(to_object_id=str(instance.pk)).values_list("object_id", flat=True)
    pages = Page.objects.live().filter(pk__in=[int(id) for id in ids.distinct()])
    return any(_accepted(request, page) for page in pages.filter(not_ended(timezone.now())))


def _accepted(request: HttpRequest, guarded: Any) -> bool:
    """Return whether every view restriction of a page or collection lets this reader through."""
    return all(restriction.accept_request(request) for restriction in guarded.get_view_restrictions())
