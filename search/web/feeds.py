"""An Atom feed of any search: the same parameters as the page, the newest entries first."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.identity import page_urn, urn
from core.output.atom import AtomFeed
from search.answer.service import search
from search.engines.base import SearchUnavailable
from search.facets.labels import load_labels
from search.page import links
from search.page.present import present
from search.page.results import Hit
from search.question.request import SearchRequest
from search.question.tree import Sort
from search.web.forms import read_page_request

FEED_LENGTH = 30
"""Entries in a feed: enough that a weekly reader misses nothing."""


class SearchFeed(Feed):  # type: ignore[type-arg] # generic only in the stubs
    """The newest hits of one search."""

    feed_type = AtomFeed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Read the request, drop what is invalid, and search for what has a date: the rest is never new."""
        asked, _errors = read_page_request(request.GET, SearchRequest(locale=request.LANGUAGE_CODE))
        asked = replace(asked, sort=Sort.NEWEST, since=0, page=1, page_size=FEED_LENGTH)
        results = present(search(asked, with_cards=False), load_labels(), reverse("search:search"))
        shown = replace(asked, sort=Sort.RELEVANCE)
        words = [f"„{asked.query}“"] if asked.query else []
        words += [chip.label for chip in results.chips]
        return {
            "title": " · ".join([settings.SITE_NAME, *words]),
            "link": links.address(reverse("search:search"), shown),
            "feed": links.address(reverse("search:feed"), shown),
            "hits": results.hits,
        }

    def title(self, obj: dict[str, Any]) -> str:
        """Name the feed after its search."""
        return str(obj["title"])

    def subtitle(self, obj: dict[str, Any]) -> str:
        """Describe the feed's contents."""
        return _("Neue Einträge zu dieser Suche")

    def link(self, obj: dict[str, Any]) -> str:
        """Return the address of the search page."""
        return str(obj["link"])

    def feed_url(self, obj: dict[str, Any]) -> str:
        """Return the feed's own address with its parameters."""
        return str(obj["feed"])

    def feed_guid(self, obj: dict[str, Any]) -> str:
        """Return the id of the feed, the same on every host and for every way to write its parameters."""
        return urn(f"feed{obj['feed']}")

    def items(self, obj: dict[str, Any]) -> tuple[Hit, ...]:
        """Return the hits."""
        hits: tuple[Hit, ...] = obj["hits"]
        return hits

    def item_title(self, item: Any) -> str:
        """Return the entry's title."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """Return the entry's summary."""
        return str(item.summary)

    def item_link(self, item: Any) -> str:
        """Return the entry's address."""
        return str(item.url)

    def item_guid(self, item: Any) -> str:
        """Return the entry's id, the same on every host and in every feed."""
        return page_urn(item.id)

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        """Return the entry's authors."""
        return {"authors": item.authors}

    def item_pubdate(self, item: Any) -> datetime.datetime | None:
        """Return when the entry first appeared."""
        return datetime.datetime.fromisoformat(item.date) if item.date else None

    def item_updateddate(self, item: Any) -> datetime.datetime | None:
        """Return the same date: the search has no other."""
        return self.item_pubdate(item)


_feed = SearchFeed()


def search_feed(request: HttpRequest) -> HttpResponse:
    """Serve the feed, or 503 when the search is down."""
    try:
        return _feed(request)
    except SearchUnavailable:
        response = HttpResponse(_("Die Suche ist gerade nicht erreichbar."), status=503, content_type="text/plain")
        response["Retry-After"] = "60"
        return response
