"""The sitemap: public pages by the rule of the search, and browse pages by concept."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import override
from wagtail.models import Page, Site

from core.output.languages import NAMES, home_paths, offered
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
        for path in _home_paths():
            shown |= Q(path__startswith=path)
        pages: QuerySet[Any] = public_pages().filter(shown, alias_of__isnull=True).order_by("path")
        return pages

    def location(self, item: Page) -> str:
        """Return the page's address on its site."""
        return str(item.get_url() or "/")

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """Return what the sitemap says of each page, its public twins included; all of them in one query."""
        urls: list[dict[str, Any]] = super().get_urls(page, site, protocol)
        start = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        versions: dict[Any, dict[str, str]] = defaultdict(dict)
        rows = self.items().order_by().values_list("translation_key", "locale__language_code", "url_path")
        for key, language, url_path in rows:
            versions[key][language] = url_path
        shared = _at_a_view()
        for url in urls:
            found = versions[url["item"].translation_key]
            if url["location"].removeprefix(start) in shared.values():
                addresses = shared
            else:
                addresses = {language: str(Page(url_path=path).get_url() or "/") for language, path in found.items()}
            if len(addresses) > 1:
                url["alternates"] = [
                    {"lang_code": name, "location": start + addresses[language]} for name, language in _named(addresses)
                ]
        return urls

    def lastmod(self, item: Page) -> datetime.datetime | None:
        """Return when the page was last published."""
        published: datetime.datetime | None = item.last_published_at
        return published


def _at_a_view() -> dict[str, str]:
    """Return the addresses of the one view that shows an editors' page where there is one: it is there in every language."""
    addresses = {}
    for language in offered(None):
        with override(language):
            addresses[language] = reverse("visitors:contribute")
    return addresses


def _home_paths() -> tuple[str, ...]:
    """Return the tree paths of all home pages that visitors may see: nothing below another one can be reached."""
    return tuple(path for site in Site.objects.select_related("root_page") for path in home_paths(site))


def _named(found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield `hreflang` and language of each version, x-default last."""
    for language in NAMES:
        if language in found:
            yield language, language
    if settings.LANGUAGE_CODE in found:
        yield "x-default", settings.LANGUAGE_CODE


class ConceptSitemap(Sitemap):  # type: ignore[type-arg] # generic in the stubs alone
    """Browse pages by Förderschwerpunkt and audience."""

    i18n = alternates = x_default = True

    def get_languages_for_item(self, item: Concept) -> list[str]:
        """Return the languages that visitors may choose."""
        return self._languages

    @cached_property
    def _languages(self) -> list[str]:
        """Ask once for all concepts; there is one sitemap a request."""
        return list(offered(None))

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
        below = _home_paths()
        pages = [page for page in EventSeriesPage.public(now, everywhere=True) if page.path.startswith(below)]
        return [entry for entry in entries_of(all_series(pages, now)) if entry.series.url]

    def location(self, item: Entry) -> str:
        """Return the date's address on its site."""
        return item.url

    def lastmod(self, item: Entry) -> datetime.datetime:
        """Return when the date or its series was last changed."""
        return item.modified_at


SITEMAPS = {"pages": PageSitemap, "concepts": ConceptSitemap, "dates": EventDateSitemap}
