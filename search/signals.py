"""Signals that mean "may have changed": each writes outbox rows in the transaction of the change.

Nothing is decided here; the drainer re-reads the page. Handlers are kept cheap: they run on every save.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Site,
)
from wagtail.signals import page_published, page_unpublished, post_page_move

from library.models import PageTopic, Topic
from library.vocabularies import Concept, ConceptLabel
from search import outbox
from search.models import LexiconWord, OutboxEntry
from search.synonyms import forget_editor_words

PAGE = OutboxEntry.Kind.PAGE
SUBTREE = OutboxEntry.Kind.SUBTREE
CONCEPT = OutboxEntry.Kind.CONCEPT


def connect() -> None:
    """Connect all handlers; called once when the app is ready."""
    for signal, handler, sender in (
        (pre_save, _page_address, None),
        (post_save, _page_saved, None),
        (post_delete, _page_deleted, None),
        (page_published, _page_changed, None),
        (page_unpublished, _page_changed, None),
        (post_page_move, _page_moved, None),
        (post_save, _restriction, PageViewRestriction),
        (post_delete, _restriction, PageViewRestriction),
        (m2m_changed, _restriction_groups, PageViewRestriction.groups.through),
        (post_save, _concept, Concept),
        (post_save, _label, ConceptLabel),
        (post_delete, _label, ConceptLabel),
        (m2m_changed, _broader, Concept.broader.through),
        (post_save, _topic, Topic),
        (pre_delete, _topic, Topic),
        (post_delete, _topic_link, PageTopic),
        (post_save, _media, get_image_model()),
        (pre_delete, _media, get_image_model()),
        (post_save, _media, get_document_model()),
        (pre_delete, _media, get_document_model()),
        (post_save, _collection, Collection),
        (post_save, _collection_restriction, CollectionViewRestriction),
        (post_delete, _collection_restriction, CollectionViewRestriction),
        (post_save, _redirect, Redirect),
        (post_delete, _redirect, Redirect),
        (post_save, _site, Site),
        (post_save, _lexicon, LexiconWord),
        (post_delete, _lexicon, LexiconWord),
    ):
        name = getattr(sender, "__name__", "any")
        signal.connect(handler, sender=sender, dispatch_uid=f"search.{handler.__name__}.{name}.{id(signal)}")


def _page_address(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """A changed address moves every page below; Wagtail says so only after commit, when it may be lost."""
    if raw or not isinstance(instance, Page) or not instance.pk or not instance.numchild:
        return
    before = Page.objects.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if before is not None and before != instance.slug:
        outbox.record(SUBTREE, [instance.pk])


def _page_saved(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    if isinstance(instance, Page) and not raw:
        outbox.record(PAGE, [instance.pk])


def _page_deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    # Sent for every table of the inheritance; the base table's is enough.
    if sender is Page:
        outbox.record(PAGE, [instance.pk])


def _page_changed(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    outbox.record(PAGE, [instance.pk])


def _page_moved(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    outbox.record(SUBTREE, [instance.pk])


def _restriction(sender: type[Model], instance: PageViewRestriction, **kwargs: Any) -> None:
    outbox.record(SUBTREE, [instance.page_id])


def _restriction_groups(sender: type[Model], instance: Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, PageViewRestriction):
        outbox.record(SUBTREE, [instance.page_id])


def _concept(sender: type[Model], instance: Concept, created: bool = False, **kwargs: Any) -> None:
    # A new concept is on no page yet.
    if not created:
        outbox.record(CONCEPT, [instance.pk])


def _label(sender: type[Model], instance: ConceptLabel, **kwargs: Any) -> None:
    outbox.record(CONCEPT, [instance.concept_id])


def _broader(sender: type[Model], instance: Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, Concept):
        outbox.record(CONCEPT, [instance.pk])


def _topic(sender: type[Model], instance: Topic, created: bool = False, **kwargs: Any) -> None:
    # Before a deletion: its links to pages are still there to be read.
    if not created:
        outbox.record(PAGE, instance.page_topics.values_list("content_object_id", flat=True))


def _topic_link(sender: type[Model], instance: PageTopic, **kwargs: Any) -> None:
    outbox.record(PAGE, [instance.content_object_id])


def _media(sender: type[Model], instance: Model, created: bool = False, **kwargs: Any) -> None:
    if not created:
        outbox.record(PAGE, _pages_using([instance]))


def _collection(sender: type[Model], instance: Collection, created: bool = False, **kwargs: Any) -> None:
    if not created:
        outbox.record(PAGE, _pages_of_collection(instance))


def _collection_restriction(sender: type[Model], instance: CollectionViewRestriction, **kwargs: Any) -> None:
    outbox.record(PAGE, _pages_of_collection(instance.collection))


def _redirect(sender: type[Model], instance: Redirect, **kwargs: Any) -> None:
    if instance.redirect_page_id:
        outbox.record(PAGE, [instance.redirect_page_id])


def _site(sender: type[Model], instance: Site, **kwargs: Any) -> None:
    outbox.record(SUBTREE, [instance.root_page_id])


def _lexicon(sender: type[Model], instance: LexiconWord, **kwargs: Any) -> None:
    """A word of the analysis concerns the pages that hold it; the editors' list is read anew."""
    from search.indexing import pages_with_words

    forget_editor_words()
    outbox.record(PAGE, pages_with_words([_folded(instance.word)]))


def _folded(word: str) -> str:
    from search.german import fold

    return fold(word.removeprefix("="))


def _pages_of_collection(collection: Collection) -> list[int]:
    collections = collection.get_descendants(inclusive=True)
    documents = get_document_model().objects.filter(collection__in=collections)
    images = get_image_model().objects.filter(collection__in=collections)
    return _pages_using([*documents, *images])


def _pages_using(objects: Iterable[Model]) -> list[int]:
    """Return the ids of pages whose content refers to one of the objects."""
    ids: set[int] = set()
    for instance in objects:
        for reference in ReferenceIndex.get_references_to(instance).select_related("base_content_type"):
            model = reference.base_content_type.model_class()
            if model is not None and issubclass(model, Page):
                ids.add(int(reference.object_id))
    return sorted(ids)
