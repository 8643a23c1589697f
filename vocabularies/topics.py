"""The pages that have a topic. Apps register the models of their links, so that this app need not know their pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.signals import post_delete, post_save, pre_delete
from taggit.models import ItemBase
from wagtail.models import Page

from core.declared.searchable import content_changed
from core.visibility import public_pages
from vocabularies.models import Topic

NAMED_AT_MOST = 100
"""Topics that one query may name; nobody chooses more, and databases limit the size of a query."""

_LINKS: list[type[ItemBase]] = []


def link_topics(model: type[ItemBase]) -> None:
    """Register `model` as links of topics (`tag`) to pages (`content_object`); call once when its app is ready.

    A deleted link announces its page as changed; a saved page announces itself.
    """
    _LINKS.append(model)
    post_delete.connect(_link_deleted, sender=model, dispatch_uid=f"vocabularies.topic_link.{model._meta.label}")


def connect() -> None:
    """Announce pages when one of their topics changes; call once when this app is ready."""
    post_save.connect(_topic_saved, sender=Topic, dispatch_uid="vocabularies.topic_saved")
    # Before a deletion: the topic's links to pages still exist.
    pre_delete.connect(_topic_changed, sender=Topic, dispatch_uid="vocabularies.topic_deleted")


def public_topics(slugs: Collection[str]) -> set[str]:
    """Return those of at most NAMED_AT_MOST slugs that are topics of a public page, in one query.

    The names of topics that only drafts or private pages have stay private.
    """
    used = Q(pk__in=[])
    for model in _LINKS:
        pages = public_pages(Page.objects.all()).values("pk")
        used |= Q(pk__in=model._default_manager.filter(content_object__in=pages).values("tag"))
    topics = Topic.objects.filter(used, slug__in=list(slugs)[:NAMED_AT_MOST])
    return set(topics.values_list("slug", flat=True))


def with_usage(topics: QuerySet[Topic]) -> QuerySet[Topic]:
    """Add `usage` to each topic: how many pages of all types have it."""
    total: Any = Value(0)
    for model in _LINKS:
        links = model._default_manager.filter(tag=OuterRef("pk")).order_by()
        total = total + Coalesce(Subquery(links.values("tag").annotate(number=Count("pk")).values("number")), 0)
    counted: QuerySet[Topic] = topics.annotate(usage=total)
    return counted


def usage_of(topic: Topic) -> int:
    """Return how many pages of all types have a topic."""
    return sum(model._default_manager.filter(tag=topic).count() for model in _LINKS)


def _topic_saved(sender: type[Model], instance: Topic, created: bool = False, **kwargs: object) -> None:
    # A new topic is on no page yet.
    if not created:
        _topic_changed(sender, instance)


def _topic_changed(sender: type[Model], instance: Topic, **kwargs: object) -> None:
    for model in _LINKS:
        pages = model._default_manager.filter(tag=instance).values_list("content_object_id", flat=True)
        content_changed.send(sender=sender, pages=list(pages))


def _link_deleted(sender: type[Model], instance: Model, **kwargs: object) -> None:
    content_changed.send(sender=sender, pages=[instance.content_object_id])  # type: ignore[attr-defined] # a relation's own column
