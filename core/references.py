"""Which pages refer to pictures, documents or other pages, from Wagtail's reference index."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from wagtail.models import Page, ReferenceIndex

_state = threading.local()


@contextmanager
def references_unrecorded() -> Iterator[None]:
    """Let Wagtail record no references in this thread: for whoever records them once, when all rows are saved.

    Unlike Wagtail's own, it may be entered again inside.
    """
    if getattr(_state, "unrecorded", False):
        yield
        return
    # It loads models when it is imported.
    from wagtail.signal_handlers import disable_reference_index_auto_update

    _state.unrecorded = True
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        _state.unrecorded = False


def references_from_pages(model: type[Model]) -> QuerySet[Any]:
    """Return the references from page contents to objects of a model."""
    references: QuerySet[Any] = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model),
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    return references


def pages_using(objects: QuerySet[Any]) -> list[int]:
    """Return the ids of pages whose content refers to one of the images, documents or pages, public or not."""
    keys = [str(key) for key in objects.values_list("pk", flat=True)]
    ids: set[int] = set()
    for start in range(0, len(keys), 500):
        references = references_from_pages(objects.model).filter(to_object_id__in=keys[start : start + 500])
        ids.update(int(id) for id in references.values_list("object_id", flat=True))
    return sorted(ids)
