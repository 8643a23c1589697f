"""Nobody is shown without consent, whatever way a page or a consent takes into the database.

A page that names people is looked at each time it is saved: without consent it does not go live, and it ends with the
first consent that ends. What is loaded past all that (`loaddata`, bulk updates) is looked at after the commit, and by
the worker every minute.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils.dateparse import parse_datetime
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, get_page_models

from core import versions
from core.declared.people.consent import earliest
from core.declared.searchable import content_changed
from core.models import BasePage, may_name_people
from people.ledger import read
from people.models import Consent, ConsentPage, Deletion
from people.rule import standing

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect all handlers; call once when the app is ready."""
    pre_save.connect(_page_before, dispatch_uid="people.page")
    post_save.connect(_row_loaded, dispatch_uid="people.row")
    pre_save.connect(_consent_before, sender=Consent, dispatch_uid="people.consent_before")
    post_save.connect(_consent_changed, sender=Consent, dispatch_uid="people.consent")
    for signal in (post_save, post_delete):
        signal.connect(_use_changed, sender=ConsentPage, dispatch_uid=f"people.use.{id(signal)}")


def naming_types() -> list[type[BasePage]]:
    """Return the page types that may name people."""
    return [model for model in get_page_models() if may_name_people(model)]


def naming_pages() -> Any:
    """Return the pages of these types, as base `Page` objects."""
    types = [ContentType.objects.get_for_model(model).pk for model in naming_types()]
    return Page.objects.filter(content_type_id__in=types)


def naming_ids() -> Any:
    """Return a query for the ids of these pages."""
    return naming_pages().values("pk")


def settle(ids: Collection[int] | None = None) -> int:
    """Withdraw the live pages (of these, default: of all) that lack a consent, and end the others in time.

    Returns how many changed.
    """
    pages = naming_pages().filter(live=True)
    if ids is not None:
        pages = pages.filter(Q(pk__in=ids) | Q(alias_of__in=ids))
    return sum(_settle(page.specific) for page in pages.order_by("pk"))


def _settle(page: BasePage) -> bool:
    found = standing(page.pk, page.named_people())
    if found.refusals:
        logger.warning("page %s is withdrawn: somebody on it has not consented", page.pk)
        page.unpublish(set_expired=True)
        return True
    end = earliest(_chosen_end(page), found.ends_at)
    if page.expire_at == end:
        return False
    # Its row alone: neither draft nor history changes with a consent.
    Page.objects.filter(pk=page.pk).update(expire_at=end)
    versions.changed(Page)
    content_changed.send(sender=type(page), pages=[page.pk])
    return True


def _chosen_end(page: BasePage) -> datetime.datetime | None:
    """Return the end that an editor chose: versions hold that one, the page's own row the earliest of all."""
    if page.live_revision is None:
        return None
    chosen = page.live_revision.content.get("expire_at")
    return parse_datetime(chosen) if chosen else None


def _page_before(
    sender: type[Model], instance: Model, raw: bool = False, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Keep a page from going live without consent."""
    if not isinstance(instance, Page) or not instance.live:
        return
    if update_fields is not None and not {"live", "expire_at"} & set(update_fields):
        return
    model = instance.specific_class if instance.content_type_id else type(instance)
    if model is None or not may_name_people(model):
        return
    if raw:
        # The rows with its people are not there yet.
        instance.live = False
        transaction.on_commit(partial(_show_again, instance.pk))
        return
    page = instance if isinstance(instance, BasePage) else instance.specific
    found = standing(page.pk, page.named_people())
    if found.refusals:
        logger.warning("page %s stays a draft: somebody on it has not consented", page.pk)
        instance.live, instance.live_revision, instance.has_unpublished_changes = False, None, True
    else:
        instance.expire_at = earliest(instance.expire_at, found.ends_at)


def _show_again(page_id: int) -> None:
    """Put a loaded page back to where its fixture had it, if everybody on it has consented."""
    page = Page.objects.filter(pk=page_id).first()
    page = page.specific if page else None
    if isinstance(page, BasePage) and not standing(page_id, page.named_people()).refusals:
        page.live = True
        page.save(clean=False)


def _row_loaded(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """Look again at a page whose rows were loaded."""
    if not raw:
        return
    for model in naming_types():
        for relation in get_all_child_relations(model):
            if isinstance(instance, relation.field.model):
                transaction.on_commit(partial(settle, {getattr(instance, relation.field.attname)}))


def _consent_before(sender: type[Model], instance: Consent, raw: bool = False, **kwargs: Any) -> None:
    """Take a loaded consent for what has become of it since."""
    if raw and instance.withdrawn_at is None:
        ended = [line.at for line in read() if line.key == instance.key]
        ended += Deletion.objects.filter(key=instance.key).values_list("at", flat=True)
        instance.withdrawn_at = min(ended, default=None)


def _consent_changed(sender: type[Model], instance: Consent, raw: bool = False, **kwargs: Any) -> None:
    ids = set(ConsentPage.objects.filter(consent=instance.pk).values_list("page_id", flat=True))
    if raw:
        transaction.on_commit(partial(settle, ids))
    else:
        settle(ids)


def _use_changed(sender: type[Model], instance: ConsentPage, raw: bool = False, **kwargs: Any) -> None:
    # Its consent is being saved or deleted in the same transaction, and pages may be half written.
    transaction.on_commit(partial(settle, {instance.page_id}))
