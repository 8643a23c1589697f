"""Turn signals that mean "may have changed" into outbox rows, in the transaction of the change.

Nothing is decided here; the drain rereads the page. Handlers are cheap, because they run on every save.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from core.declared.searchable import content_changed
from core.models import saves_draft_alone
from search.analysis.tokens import MAX_TERM, fold
from search.index import forgetting, outbox
from search.index.concerned import pages_mentioning
from search.models import LexiconWord, OutboxEntry
from vocabularies.models import Concept, ConceptLabel

PAGE = OutboxEntry.Kind.PAGE
SUBTREE = OutboxEntry.Kind.SUBTREE
CONCEPT = OutboxEntry.Kind.CONCEPT
WORD = OutboxEntry.Kind.WORD


def connect() -> None:
    """Connect all handlers; call once when the app is ready."""
    forgetting.connect()
    for signal, handler, sender in (
        (pre_save, _page_address, None),
        (post_save, _page_saved, None),
        # Sent for every table of the inheritance; the base table's is enough.
        (post_delete, _page_changed, Page),
        (pre_delete, _page_deleted, Page),
        (page_published, _page_changed, None),
        (page_unpublished, _page_changed, None),
        (content_changed, _content_changed, None),
        (post_page_move, _page_moved, None),
        (post_save, _restriction, PageViewRestriction),
        (post_delete, _restriction, PageViewRestriction),
        (m2m_changed, _restriction_groups, PageViewRestriction.groups.through),
        (post_save, _concept, Concept),
        (pre_delete, _concept_deleted, Concept),
        (post_save, _label, ConceptLabel),
        (post_delete, _label, ConceptLabel),
        (m2m_changed, _broader, Concept.broader.through),
        (post_save, _redirect, Redirect),
        (post_delete, _redirect, Redirect),
        (pre_save, _site, Site),
        (post_save, _site, Site),
        (pre_delete, _site, Site),
        (post_delete, _site, Site),
        (pre_save, _lexicon_before, LexiconWord),
        (post_save, _lexicon, LexiconWord),
        (post_delete, _lexicon, LexiconWord),
    ):
        name = getattr(sender, "__name__", "any")
        signal.connect(handler, sender=sender, dispatch_uid=f"search.{handler.__name__}.{name}.{id(signal)}")


def _page_address(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """Record the subtree of a page whose address changes, by slug or move; Wagtail reports it only after commit."""
    if raw or not isinstance(instance, Page) or not instance.pk or not instance.numchild:
        return
    before = Page.objects.filter(pk=instance.pk).values_list("url_path", flat=True).first()
    if before is not None and before != instance.url_path:
        outbox.record(SUBTREE, [instance.pk])


def _page_saved(
    sender: type[Model],
    instance: Model,
    raw: bool = False,
    created: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    if saves_draft_alone(update_fields):
        return
    if isinstance(instance, Page) and not raw:
        # A new page is mentioned nowhere yet.
        outbox.record(PAGE, [instance.pk, *(() if created else pages_mentioning([instance.pk]))])


def _page_changed(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    outbox.record(PAGE, [instance.pk])


def _content_changed(sender: type[Model], pages: Iterable[int], awaited: bool = True, **kwargs: Any) -> None:
    (outbox.record if awaited else outbox.enqueue)(PAGE, pages)


def _page_deleted(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    # The pages that mention it are only known before the deletion.
    outbox.record(PAGE, pages_mentioning([instance.pk]))


def _page_moved(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    outbox.record(SUBTREE, [instance.pk])


def _restriction(sender: type[Model], instance: PageViewRestriction, **kwargs: Any) -> None:
    # It also applies to aliases of the page, and to everything below them.
    aliases = Page.objects.filter(alias_of=instance.page_id).values_list("pk", flat=True)
    outbox.record(SUBTREE, [instance.page_id, *aliases])


def _restriction_groups(sender: type[Model], instance: Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, PageViewRestriction):
        _restriction(sender, instance)


def _concept(sender: type[Model], instance: Concept, created: bool = False, **kwargs: Any) -> None:
    # A new concept is on no page yet.
    if not created:
        outbox.record(CONCEPT, [instance.pk])


def _label(sender: type[Model], instance: ConceptLabel, **kwargs: Any) -> None:
    outbox.record(CONCEPT, [instance.concept_id])


def _concept_deleted(sender: type[Model], instance: Concept, **kwargs: Any) -> None:
    # Narrower ones lose a value; they are only known before the deletion.
    outbox.record(CONCEPT, instance.narrower.values_list("pk", flat=True))


def _broader(
    sender: type[Model], instance: Model, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    if not isinstance(instance, Concept):
        return
    if action.startswith("post_"):
        # From the broader side, removed concepts can no longer be found through it.
        outbox.record(CONCEPT, [instance.pk, *((pk_set or ()) if reverse else ())])
    elif action == "pre_clear" and reverse:
        outbox.record(CONCEPT, instance.narrower.values_list("pk", flat=True))


def _redirect(sender: type[Model], instance: Redirect, **kwargs: Any) -> None:
    if instance.redirect_page_id:
        outbox.record(PAGE, [instance.redirect_page_id])


def _site(sender: type[Model], instance: Site, **kwargs: Any) -> None:
    """Record before (pages may lose their site) and after (a second site puts a host name in all addresses)."""
    roots = set(Site.objects.values_list("root_page_id", flat=True))
    outbox.record(SUBTREE, roots | ({instance.root_page_id} - {None}))


def _lexicon(sender: type[Model], instance: LexiconWord, **kwargs: Any) -> None:
    # The engine knows which pages contain it; the editor's transaction does not wait for that.
    outbox.record(WORD, [fold(instance.word.removeprefix("="))[:MAX_TERM]])


def _lexicon_before(sender: type[Model], instance: LexiconWord, **kwargs: Any) -> None:
    # Pages that contain the old word are also read differently now.
    before = LexiconWord.objects.filter(pk=instance.pk).first() if instance.pk else None
    if before is not None and before.word != instance.word:
        _lexicon(sender, before)
