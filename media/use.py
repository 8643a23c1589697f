"""Which images and documents are in public use: only those that a public page refers to.

Wagtail serves every uploaded file, even one that only a draft uses; the reference index shows the use. The
same rule holds for lists (the API) and for a single file by its address.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page
from wagtail.permissions import policy_registry

from core.declared.people.of_people import names_people
from core.references import references_from_pages
from core.visibility import not_ended, private_collections, public_pages


def used_by_public_pages(media: QuerySet[Any]) -> QuerySet[Any]:
    """Return the images or documents in a public collection that a public page refers to."""
    references = (
        references_from_pages(media.model)
        .filter(to_object_id=Cast(OuterRef("pk"), CharField()))
        .annotate(page_id=Cast("object_id", BigIntegerField()))
    )
    public = public_pages(now=timezone.now()).values("pk")
    return media.filter(Exists(references.filter(page_id__in=public))).exclude(collection_id__in=private_collections())


def is_public(instance: Any) -> bool:
    """Return whether one image or document is in public use."""
    return used_by_public_pages(type(instance)._default_manager.filter(pk=instance.pk)).exists()


def is_editor(request: HttpRequest, instance: Any) -> bool:
    """Return whether this reader is an editor of images or documents, depending on `instance`."""
    policy = policy_registry.get_by_type(type(instance))
    user = request.user
    return user.is_authenticated and policy.user_has_any_permission(user, ["add", "change", "choose"])


def is_of_people(instance: Any) -> bool:
    """Return whether a page that names people uses one image or document."""
    references = references_from_pages(type(instance)).filter(to_object_id=str(instance.pk))
    by_page = references.annotate(page_id=Cast("object_id", BigIntegerField()))
    return bool(by_page.filter(names_people("page_id")).exists())


def may_fetch(request: HttpRequest, instance: Any) -> bool:
    """Return whether this reader may have a file that is not in public use.

    Editors may, and readers who have access to a private page that uses it (by password or as members of its group).
    """
    if is_editor(request, instance):
        return True
    if not _accepted(request, instance.collection):
        return False
    ids = (
        references_from_pages(type(instance)).filter(to_object_id=str(instance.pk)).values_list("object_id", flat=True)
    )
    pages = Page.objects.live().filter(pk__in=[int(id) for id in ids.distinct()])
    return any(_accepted(request, page) for page in pages.filter(not_ended(timezone.now())))


def _accepted(request: HttpRequest, guarded: Any) -> bool:
    """Return whether every view restriction of a page or collection lets this reader through."""
    return all(restriction.accept_request(request) for restriction in guarded.get_view_restrictions())
