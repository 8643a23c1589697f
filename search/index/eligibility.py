"""Which pages may be found: one rule in two forms, a predicate for one page and a queryset for all.

A test compares them on a mixed tree. Everything that shows pages to visitors (search, counts, API, feeds, sitemap)
depends on this rule.
"""

from __future__ import annotations

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from core.declared.page_types import searchable_types
from core.models import BasePage
from core.visibility import public_pages


def is_eligible(page: Page, now: datetime.datetime) -> bool:
    """Return whether visitors may find this specific page at `now`."""
    return (
        isinstance(page, BasePage)
        and page.search_type is not None
        and page.live
        and page.alias_of_id is None
        and not page.is_expired_at(now)
        and bool(page.get_url())
        and not page.get_view_restrictions().exists()
    )


def eligible_pages(now: datetime.datetime) -> PageQuerySet:
    """Return all pages that visitors may find at `now`, as base `Page` objects."""
    types = [ContentType.objects.get_for_model(model).pk for model in searchable_types()]
    below_site = Q()
    for root in Site.get_site_root_paths():
        below_site |= Q(url_path__startswith=root.root_path)
    pages = public_pages(now=now).filter(content_type_id__in=types, alias_of__isnull=True)
    return pages.filter(below_site) if below_site else pages.none()
