"""The sitemap: public pages by the rule of the search, and browse pages by concept."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from core.visibility import public_pages
from events.listing import Entry, all_series, entries_of
from events.models import EventSeriesPage
from vocabularies.models import Concept


class PageSitemap(Sitemap):  # type: ignore[type-arg] # generic in the stubs alone
    """All public pages; an alias is listed by its original."""

    limit = 5000

    def items(self) -> QuerySet[Any]:
        """Return the pages that belong to a site, in tree order."""
        shown = Q(pk__in=())
        for path in Site.objects.values_list("root_page__path", flat=True):
            shown |= Q(path__startswith=path)
        pages: QuerySet[Any] = public_pages().filter(shown, alias_of__isnull=True).order_by("path")
        return pages

    def location(self, item: Page) -> str:
        """Return the page's address on its site."""
        return str(item.get_url() or "/")

    def lastmod(self, item: Page) -> datetime.datetime | None:
        """Return when the page was last published."""
        published: datetime.datetime | None = item.last_published_at
        return published


class ConceptSitemap(Sitemap):  # type: ignore[type-arg] # generic in the stubs alone
    """Browse pages by Förderschwerpunkt and audience."""

    def items(self) -> list[Concept]:
        """Return the concepts that have a browse page."""
        return list(Concept.objects.filter(vocabulary__slug__in=["focus", "audience"]).select_related("vocabulary"))

    def location(self, item: Concept) -> str:
        """Return the browse page's address."""
        return reverse(f"search:browse_{item.vocabulary.slug}", args=[item.slug])


class EventDateSitemap(Sitemap):  # type: ignore[type-arg] # generic in the stubs alone
    """The pages of single dates; past ones stay for their retrospective."""

    limit = 5000

    def items(self) -> list[Entry]:
        """Return the dates of all public series, earliest first."""
        now = timezone.now()
        return [entry for entry in entries_of(all_series(EventSeriesPage.public(now), now)) if entry.series.url]

    def location(self, item: Entry) -> str:
        """Return the date's address on its site."""
        return item.url

    def lastmod(self, item: Entry) -> datetime.datetime:
        """Return when the date or its series was last changed."""
        return item.modified_at


SITEMAPS = {"pages": PageSitemap, "concepts": ConceptSitemap, "dates": EventDateSitemap}
