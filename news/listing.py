"""What a list of news shows: the items of a page, the years and tags there are, the addresses around them.

Years and tags are counted over what anybody may see, so that no list tells of a draft; the same counts
spare the query that would count the items.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, prefetch_related_objects
from django.db.models.functions import ExtractYear
from django.http import Http404

from core.covers import read_covers
from core.visible import private_collections

if TYPE_CHECKING:
    from news.models import NewsIndexPage, NewsPage, NewsTag

PAGE_SIZE = 10
"""Items of a page."""

NEIGHBOURS = 2
"""Numbers shown on either side of the current page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A year or tag: what to call it, where it leads, how many items it has."""

    label: str
    url: str
    count: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A number of the page list; None stands for an ellipsis."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list. `tag` and `year` say what it is narrowed to; `total` counts all its items."""

    items: list[NewsPage]
    total: int
    page: int
    page_count: int
    url: str
    feed_url: str
    year: int | None = None
    tag: NewsTag | None = None
    years: list[Choice] = field(default_factory=list)
    tags: list[Choice] = field(default_factory=list)

    def address(self, page: int) -> str:
        """Return the address of another page of the list."""
        return f"{self.url}?page={page}" if page > 1 else self.url

    @property
    def own_url(self) -> str:
        """Address of this page."""
        return self.address(self.page)

    @property
    def previous_url(self) -> str:
        """Address of the page before, empty on the first."""
        return self.address(self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        """Address of the page after, empty on the last."""
        return self.address(self.page + 1) if self.page < self.page_count else ""

    @property
    def pages(self) -> list[PageNumber]:
        """The first, the last and those around the current one."""
        near = range(self.page - NEIGHBOURS, self.page + NEIGHBOURS + 1)
        shown = [number for number in range(1, self.page_count + 1) if number in {1, self.page_count} or number in near]
        found: list[PageNumber] = []
        for number in shown:
            if found and number - (found[-1].number or 0) > 1:
                found.append(PageNumber(None))
            found.append(PageNumber(number, self.address(number), number == self.page))
        return found


def read_listing(
    index: NewsIndexPage, parameters: Mapping[str, str], *, year: int | None = None, tag: str | None = None
) -> Listing:
    """Return the list of an index, narrowed to a year or the slug of a tag, at the page that `parameters` name.

    Raises Http404 for a year, tag or page that has no item.
    """
    news = index.public_news()
    years = dict(
        news.order_by().annotate(of_year=ExtractYear("date")).values_list("of_year").annotate(Count("pk")).order_by()
    )
    tags = list(tags_of(index))
    chosen = next((one for one in tags if one.slug == tag), None)
    if (year is not None and year not in years) or (tag is not None and chosen is None):
        raise Http404("no news there")
    base = index.get_url() or ""
    url, total = base, sum(years.values())
    if year is not None:
        news, url, total = news.filter(date__year=year), base + index.reverse_subpage("archive", [year]), years[year]
    if chosen is not None:
        news = news.filter(tag_links__tag=chosen)
        url, total = base + index.reverse_subpage("tag", [chosen.slug]), chosen.usage
    page_count = max(1, -(-total // PAGE_SIZE))
    page = _page_number(parameters.get("page", "1"), page_count)
    items = prepared(news[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    feed = index.reverse_subpage("tag_feed", [chosen.slug]) if chosen else index.reverse_subpage("feed")
    return Listing(
        items,
        total,
        page,
        page_count,
        url,
        base + feed,
        year,
        chosen,
        [
            Choice(str(one), base + index.reverse_subpage("archive", [one]), years[one], one == year)
            for one in sorted(years, reverse=True)
        ],
        [Choice(one.name, base + index.reverse_subpage("tag", [one.slug]), one.usage, one == chosen) for one in tags],
    )


def tags_of(index: NewsIndexPage) -> Any:
    """Return the tags of an index's public items in the alphabet's order, each with its `usage`."""
    from news.models import NewsTag

    public = index.public_news().order_by().values("pk")
    tags = NewsTag.objects.filter(links__content_object__in=public)
    return tags.annotate(usage=Count("links")).order_by("name")


def _page_number(text: str, page_count: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= page_count):
        raise Http404("no such page")
    return int(text)


def prepared(news: Iterable[NewsPage]) -> list[NewsPage]:
    """Return the items with what their cards show: tags and covers, in a fixed number of queries."""
    items = list(news)
    prefetch_related_objects(items, "tag_links__tag", "language")
    if any(item.cover_id for item in items):
        read_covers(items)
        private = private_collections()
        for item in items:
            item._private_collections = private
    return items
