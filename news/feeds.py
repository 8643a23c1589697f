"""The latest news as Atom, of an index or of one of its tags."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils import timezone

from core.identity import page_urn, urn
from core.output.atom import AtomFeed
from news.listing import NewsIndex, UsedTag
from news.models.items import NewsPage

FEED_LENGTH = 30
"""Number of items in a feed: enough that a reader who checks once a week misses none."""


class NewsFeed(Feed):  # type: ignore[type-arg] # generic in the stubs alone
    """The public items, latest first."""

    feed_type = AtomFeed

    def __init__(self, index: NewsIndex, tag: UsedTag | None = None) -> None:
        self.index = index
        self.tag = tag

    def title(self) -> str:
        """Return the names of site, index and tag."""
        return " · ".join([settings.SITE_NAME, self.index.title, *([self.tag.name] if self.tag else [])])

    def link(self) -> str:
        """Return the address of the list."""
        base = self.index.get_url() or "/"
        return base + self.index.reverse_subpage("tag", [self.tag.slug]) if self.tag else base

    def feed_url(self) -> str:
        """Return the address of the feed."""
        base = self.index.get_url() or "/"
        name, arguments = ("tag_feed", [self.tag.slug]) if self.tag else ("feed", [])
        return base + self.index.reverse_subpage(name, arguments)

    def feed_guid(self) -> str:
        """Return the id of the feed, the same on every host."""
        return urn(f"feed/news/{self.index.pk}/{self.tag.slug if self.tag else ''}")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Return nothing: index and tag are already known."""

    def items(self) -> list[NewsPage]:
        """Return the items with their tags and languages."""
        news = self.index.public_news()
        if self.tag:
            news = news.filter(tag_links__tag__slug=self.tag.slug)
        items: list[NewsPage] = list(news.select_related("language")[:FEED_LENGTH])
        NewsPage.read_tags(items)
        return items

    def item_title(self, item: Any) -> str:
        """Return the item's title."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """Return the item's summary."""
        return str(item.summary)

    def item_link(self, item: Any) -> str:
        """Return the item's address."""
        return str(item.get_url())

    def item_guid(self, item: Any) -> str:
        """Return the item's id, the same on every host."""
        return page_urn(item.pk)

    def item_pubdate(self, item: Any) -> datetime.datetime:
        """Return the start of the item's day."""
        return datetime.datetime.combine(item.date, datetime.time.min, timezone.get_current_timezone())

    def item_updateddate(self, item: Any) -> datetime.datetime:
        """Return when the item was last published."""
        changed: datetime.datetime | None = item.last_published_at
        return changed or self.item_pubdate(item)

    def item_categories(self, item: Any) -> list[str]:
        """Return the tags."""
        return [tag.name for tag in item.tag_list()]

    def item_extra_kwargs(self, item: Any) -> dict[str, str]:
        """Return the language code of an item that is not German."""
        tag = item.language.notation if item.language else ""
        return {"language": "" if tag == "de" else tag}
