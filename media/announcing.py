"""Announce the pages affected by a changed picture, file or collection.

Sent in the transaction of the change, in which receivers record the work to do.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Collection, CollectionViewRestriction

from core.declared.searchable import content_changed
from core.references import pages_using
from media.models import Document, Image, Rendition


def connect() -> None:
    """Connect to our own models and to collections; call once when the app is ready."""
    for signal, handler, sender in (
        (post_save, _saved, Image),
        # Before the deletion: the references still exist.
        (pre_delete, _changed, Image),
        (post_delete, _rendition_deleted, Rendition),
        (post_save, _saved, Document),
        (pre_delete, _changed, Document),
        (post_save, _collection_saved, Collection),
        (post_save, _restriction, CollectionViewRestriction),
        (post_delete, _restriction, CollectionViewRestriction),
    ):
        signal.connect(handler, sender=sender, dispatch_uid=f"media.{handler.__name__}.{sender.__name__}.{id(signal)}")


def announce(*changed: QuerySet[Any], awaited: bool = True) -> None:
    """Announce the pages that use changed pictures or files; `awaited` is that of `content_changed`."""
    pages = [page for objects in changed for page in pages_using(objects)]
    if pages:
        content_changed.send(sender=changed[0].model, pages=pages, awaited=awaited)


def _saved(sender: type[Model], instance: Model, created: bool = False, **kwargs: Any) -> None:
    # A new object is not used anywhere yet.
    if not created:
        _changed(sender, instance)


def _changed(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    announce(sender._default_manager.filter(pk=instance.pk))


def _rendition_deleted(sender: type[Model], instance: Rendition, **kwargs: Any) -> None:
    """Announce the pages that show its address. Wagtail deletes renditions after saving a picture with a new file."""
    announce(Image.objects.filter(pk=instance.image_id))


def _collection_saved(sender: type[Model], instance: Collection, created: bool = False, **kwargs: Any) -> None:
    if not created:
        _of_collection(instance)


def _restriction(sender: type[Model], instance: CollectionViewRestriction, **kwargs: Any) -> None:
    _of_collection(instance.collection)


def _of_collection(collection: Collection) -> None:
    collections = collection.get_descendants(inclusive=True)
    announce(Document.objects.filter(collection__in=collections), Image.objects.filter(collection__in=collections))
