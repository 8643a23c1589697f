"""Keeps what harvesters are told in step with the pages: which entry appeared, changed or went, and when.

Stamps are set after the commit of a change, so that no harvester that asked in between misses it; those of an import at its
end. What no signal tells (the end of a page, a bulk change, an import that was killed) the worker finds by comparing both
sides every minute.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from core.declared.searchable import content_changed
from core.identity import page_urn
from core.running.bulk import at_end, is_active
from core.visibility import public_pages
from exchange.models import HarvestedPage
from library.models import BookPage, CaseStudyPage, CollectionPage, LibraryPage, MaterialPage
from vocabularies.models import Concept, ConceptLabel, uses_of_concepts

SETTLE_SECONDS = 60
"""How often the worker compares: an end by the clock is known to harvesters within the minute."""

ENTRIES: tuple[type[LibraryPage], ...] = (MaterialPage, BookPage, CaseStudyPage, CollectionPage)
"""The types that are harvested, each a set."""

AT_ONCE = 500
"""Pages in one statement: databases limit its size."""


def shown(now: datetime.datetime) -> QuerySet[Any]:
    """Return the entries that anybody may see now; an alias is represented by its original."""
    below_site = Q(pk__in=())
    for path in Site.objects.values_list("root_page__path", flat=True):
        below_site |= Q(path__startswith=path)
    entries: QuerySet[Any] = public_pages(LibraryPage.objects.all(), now).filter(below_site, alias_of__isnull=True)
    return entries


def settle(ids: Collection[int] | None = None) -> int:
    """Bring the rows of these pages (default: of all) into step with the pages; return how many changed."""
    now = timezone.now().replace(microsecond=0)
    pages, rows = shown(now), HarvestedPage.objects.all()
    if ids is not None:
        pages, rows = pages.filter(pk__in=ids), rows.filter(page_id__in=ids)
    public = Exists(shown(now).filter(pk=OuterRef("page_id")))
    gone = rows.filter(~public, deleted=False).update(deleted=True, datestamp=now)
    same = HarvestedPage.objects.filter(page_id=OuterRef("pk"), deleted=False).exclude(
        datestamp__lt=OuterRef("last_published_at")
    )
    changed = list(pages.filter(~Exists(same)).values_list("pk", flat=True))
    for start in range(0, len(changed), AT_ONCE):
        _stamp(changed[start : start + AT_ONCE], now)
    return gone + len(changed)


def settle_due() -> int:
    """Compare all pages with what harvesters know: a job of the worker."""
    return settle()


def touch(ids: Iterable[int]) -> None:
    """Stamp those of these pages that harvesters know: something that their records say has changed."""
    known = list(dict.fromkeys(ids))
    now = timezone.now().replace(microsecond=0)
    for start in range(0, len(known), AT_ONCE):
        HarvestedPage.objects.filter(page_id__in=known[start : start + AT_ONCE], deleted=False).update(datestamp=now)


def _stamp(ids: list[int], now: datetime.datetime) -> None:
    sets = _sets(ids)
    # A page published within this very second is newer than the whole second of its stamp.
    late = now + datetime.timedelta(seconds=1)
    published = dict(Page.objects.filter(pk__in=ids).values_list("pk", "last_published_at"))
    HarvestedPage.objects.bulk_create(
        [
            HarvestedPage(
                page_id=pk,
                identifier=page_urn(pk),
                datestamp=late if (published[pk] or now) > now else now,
                sets=f" {' '.join(sets[pk])} ",
            )
            for pk in ids
            if pk in published
        ],
        update_conflicts=True,
        update_fields=["datestamp", "deleted", "sets"],
        unique_fields=["page_id"],
    )


def _sets(ids: list[int]) -> dict[int, list[str]]:
    """Return the sets of pages: their type, and their Förderschwerpunkte with the broader ones."""
    sets: dict[int, list[str]] = {pk: [] for pk in ids}
    for model in ENTRIES:
        for pk in model.objects.filter(pk__in=ids).values_list("pk", flat=True):
            sets[pk].append(f"type:{model.search_type}")
    concepts = Concept.objects.filter(vocabulary__slug="focus").prefetch_related("broader__broader").in_bulk()
    specs = {
        key: [f"focus:{one.slug}" for one in (concept, *concept.all_broader())] for key, concept in concepts.items()
    }
    for pk, concept in LibraryPage.objects.filter(pk__in=ids).values_list("pk", "focus"):
        sets[pk] += [spec for spec in specs.get(concept, ()) if spec not in sets[pk]]
    return sets


# Signals ---------------------------------------------------------------------------------------


def connect() -> None:
    """Connect all handlers; call once when the app is ready."""
    for signal, handler, sender in (
        (page_published, _page, None),
        (page_unpublished, _page, None),
        (post_delete, _page, Page),
        (page_slug_changed, _address, None),
        (post_page_move, _address, None),
        (content_changed, _content, None),
        (post_save, _all, PageViewRestriction),
        (post_delete, _all, PageViewRestriction),
        (m2m_changed, _all, PageViewRestriction.groups.through),
        (post_save, _all, Site),
        (post_delete, _all, Site),
        (post_save, _concept, Concept),
        (post_save, _label, ConceptLabel),
        (post_delete, _label, ConceptLabel),
        (m2m_changed, _broader, Concept.broader.through),
    ):
        name = getattr(sender, "__name__", "any")
        signal.connect(handler, sender=sender, dispatch_uid=f"exchange.{handler.__name__}.{name}.{id(signal)}")


@at_end
def _imported() -> None:
    transaction.on_commit(settle, robust=True)


def _page(sender: Any, instance: Page, **kwargs: Any) -> None:
    pk = instance.pk
    # Aliases are published with their original and tell nothing of it.
    if (issubclass(sender, LibraryPage) or sender is Page) and not is_active():
        transaction.on_commit(lambda: settle([pk]), robust=True)


def _address(sender: Any, instance: Page, **kwargs: Any) -> None:
    path = instance.path

    def moved() -> None:
        settle()
        touch(LibraryPage.objects.filter(path__startswith=path).values_list("pk", flat=True))

    transaction.on_commit(moved, robust=True)


def _content(sender: Any, pages: Iterable[int], **kwargs: Any) -> None:
    ids = list(pages)
    transaction.on_commit(lambda: touch(ids), robust=True)


def _all(sender: type[Model], **kwargs: Any) -> None:
    transaction.on_commit(settle, robust=True)


def _concept(sender: type[Model], instance: Concept, created: bool = False, **kwargs: Any) -> None:
    # A new concept is on no page yet.
    if not created:
        _filed_under(instance.pk)


def _label(sender: type[Model], instance: ConceptLabel, **kwargs: Any) -> None:
    _filed_under(instance.concept_id)


def _broader(sender: type[Model], instance: Concept, action: str, **kwargs: Any) -> None:
    """Give pages the sets of a concept's new place; from either side of the relation all of its neighbours may be concerned."""
    if not action.startswith("post_") or instance.vocabulary.slug != "focus":
        return

    def moved() -> None:
        known = HarvestedPage.objects.filter(deleted=False).values_list("page_id", flat=True)
        now = timezone.now()
        pages = shown(now).filter(pk__in=known, focus__isnull=False).values_list("pk", flat=True).distinct()
        _restamp_changed(list(pages), now.replace(microsecond=0))

    transaction.on_commit(moved, robust=True)


def _restamp_changed(ids: list[int], now: datetime.datetime) -> None:
    """Stamp those pages whose sets are no longer those that harvesters know."""
    sets = _sets(ids)
    rows = HarvestedPage.objects.in_bulk(ids)
    _stamp([pk for pk, row in rows.items() if set(row.sets.split()) != set(sets[pk])], now)


def _filed_under(concept: int) -> None:
    def relabelled() -> None:
        # While the vocabularies are loaded for the first time nobody knows anything yet.
        for use in uses_of_concepts() if HarvestedPage.objects.exists() else ():
            if issubclass(use.model, LibraryPage):
                touch(use.model._default_manager.filter(**{use.field: concept}).values_list("pk", flat=True))

    transaction.on_commit(relabelled, robust=True)
