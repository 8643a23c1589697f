"""What the public may see, decided in the database: pages and files that another page refers to.

A curated reference outlives its target (an entry expires, a branch becomes private), so every list of
references is filtered here. The number of queries does not depend on the number of references.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, cast

from django.conf import settings
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.query import PageQuerySet

from core.versions import Versioned


def _covering(restrictions: QuerySet[Any], path: str, outer: str = "path") -> QuerySet[Any]:
    """Return the restrictions whose branch, its root included, contains the node of the outer query."""
    outer_path = ExpressionWrapper(OuterRef(outer), output_field=CharField())
    covering: QuerySet[Any] = restrictions.annotate(outer_path=outer_path).filter(outer_path__startswith=F(path))
    return covering


def not_ended(now: datetime.datetime) -> Q:
    """Return the condition that a page has not expired at `now`, whether or not the worker has withdrawn it."""
    return Q(expire_at__isnull=True) | Q(expire_at__gt=now)


def has_ended(expire_at: datetime.datetime | None, now: datetime.datetime) -> bool:
    """Return whether a page has expired: the same rule for values in memory."""
    return expire_at is not None and expire_at <= now


def public_pages(pages: PageQuerySet | None = None, now: datetime.datetime | None = None) -> PageQuerySet:
    """Return those of `pages` (default: all) that are live, not expired (at `now`) and under no restriction.

    Restrictions hold for whole branches; the same query tests them.
    """
    queryset = Page.objects.all() if pages is None else pages
    return unrestricted(queryset).filter(not_ended(now or timezone.now()))


def unrestricted(pages: PageQuerySet) -> PageQuerySet:
    """Return the pages that are live and under no restriction, expired or not."""
    return pages.filter(*_under_no_restriction(), live=True)


@functools.cache
def _under_no_restriction() -> tuple[Any, ...]:
    """Return the conditions, the same for every query: every page that is shown asks several times, and they are long."""
    restrictions = _covering(PageViewRestriction.objects.all(), "page__path")
    # An alias is as private as its source, and so are the pages below it.
    restricted = PageViewRestriction.objects.values("page_id")
    aliases = _covering(Page.objects.filter(alias_of__in=restricted), "path")
    return ~Exists(restrictions), ~Exists(aliases)


def _read_titles(model: type[Page]) -> list[tuple[str, str, datetime.datetime | None, str]]:
    pages = unrestricted(model._default_manager.order_by("title"))
    return list(pages.values_list("slug", "title", "expire_at", "locale__language_code"))


def _read_restricted() -> tuple[str, ...]:
    restricted = dict(PageViewRestriction.objects.values_list("page_id", "page__path"))
    if not restricted:
        return ()
    return (*restricted.values(), *Page.objects.filter(alias_of__in=restricted).values_list("path", flat=True))


def _read_ends() -> tuple[tuple[int, datetime.datetime], ...]:
    return tuple(Page.objects.filter(live=True, expire_at__isnull=False).values_list("pk", "expire_at"))


_ends = Versioned((Page,), _read_ends)
_titles = Versioned((Page, PageViewRestriction), _read_titles)
_restricted = Versioned((Page, PageViewRestriction), _read_restricted)


def public_titles(model: type[Page], language: str = settings.LANGUAGE_CODE) -> list[tuple[str, str]]:
    """Return slug and title of every public page of a type, by title; cached, since every search needs them.

    A page stands there in the language, else in the site's own.
    """
    now = timezone.now()
    shown = [row for row in _titles.get(cast(Hashable, model)) if not has_ended(row[2], now)]
    own = {slug for slug, _title, _expire_at, code in shown if code == language}
    return [
        (slug, title)
        for slug, title, _expire_at, code in shown
        if code == language or (code == settings.LANGUAGE_CODE and slug not in own)
    ]


def ended_pages(now: datetime.datetime) -> list[int]:
    """Return the ids of pages that have ended at `now`, but have not been withdrawn yet; cached, since every search asks."""
    return [pk for pk, expire_at in _ends.get() if has_ended(expire_at, now)]


def restricted_branches() -> tuple[str, ...]:
    """Return the tree paths of all restricted branches, including aliases of restricted pages; cached."""
    return _restricted.get()


def is_public(page: Page, now: datetime.datetime) -> bool:
    """Return whether anybody may see a page at `now`: the same rule for a page in memory, without a query."""
    if not page.live or has_ended(page.expire_at, now):
        return False
    return not page.path.startswith(restricted_branches())


def visible(pages: Iterable[Page | int]) -> list[Page]:
    """Return the visible pages among `pages` (or their ids) as specific pages, in the given order, each once."""
    ids = list(dict.fromkeys(page if isinstance(page, int) else page.pk for page in pages))
    if not ids:
        return []
    by_id = {page.pk: page for page in public_pages(Page.objects.filter(pk__in=ids)).specific()}
    return [by_id[pk] for pk in ids if pk in by_id]


def in_private_collection(field: str) -> Exists:
    """Return the condition that the collection in `field` of the outer query is under a view restriction."""
    return Exists(_covering(CollectionViewRestriction.objects.all(), "collection__path", f"{field}__path"))


def private_collections() -> frozenset[int]:
    """Return the ids of all collections under a view restriction, in one query."""
    restrictions = _covering(CollectionViewRestriction.objects.all(), "collection__path")
    return frozenset(Collection.objects.filter(Exists(restrictions)).values_list("pk", flat=True))


def visible_document(document: Any, private: Sequence[int] | frozenset[int] | None = None) -> bool:
    """Return whether anybody may fetch `document`: it exists and its collection is under no restriction.

    Pass the result of `private_collections()` when checking several documents.
    """
    if document is None:
        return False
    return document.collection_id not in (private_collections() if private is None else private)
