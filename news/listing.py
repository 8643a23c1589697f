"""What a list of news shows: the items of one page, the years and tags in use, the addresses of other pages.

Years and tags are counted over public items only, so that no list reveals a draft; the same counts
save a query to count the items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import CharField, Count, F, Value, prefetch_related_objects
from django.db.models.functions import Cast, ExtractYear
from django.http import Http404
from wagtail.query import PageQuerySet

from core.visibility import in_private_collection
from news.models.items import NewsPage

PAGE_SIZE = 10
"""Number of items per page."""

NEIGHBOURS = 2
"""How many page numbers to show on either side of the current one."""


class NewsIndex(Protocol):
    """What lists and feeds need from their overview."""

    pk: Any
    title: Any

    def public_news(self) -> PageQuerySet:
        """Return the public items, latest first."""

    def get_url(self) -> str | None:
        """Return the address of the overview."""

    def reverse_subpage(self, name: str, args: Sequence[Any] = ()) -> str:
        """Return the path of a list or feed below the overview."""


@dataclass(frozen=True, slots=True)
class UsedTag:
    """A tag and how many items carry it."""

    slug: str
    name: str
    usage: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A year or tag: its label, its address, how many items it has."""

    label: str
    url: str
    count: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A number in the pagination; None stands for an ellipsis."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. `tag` and `year` are its filters; `total` counts the items on all pages."""

    items: list[NewsPage]
    total: int
    page: int
    page_count: int
    url: str
    feed_url: str
    year: int | None = None
    tag: UsedTag | None = None
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
        """Address of the previous page, empty on the first."""
        return self.address(self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        """Address of the next page, empty on the last."""
        return self.address(self.page + 1) if self.page < self.page_count else ""

    @property
    def pages(self) -> list[PageNumber]:
        """The first page, the last, and those around the current one."""
        near = range(self.page - NEIGHBOURS, self.page + NEIGHBOURS + 1)
        numbers = [
            number for number in range(1, self.page_count + 1) if number in {1, self.page_count} or number in near
        ]
        pages: list[PageNumber] = []
        for number in numbers:
            if pages and number - (pages[-1].number or 0) > 1:
                pages.append(PageNumber(None))
            pages.append(PageNumber(number, self.address(number), number == self.page))
        return pages


def read_listing(
    index: NewsIndex, parameters: Mapping[str, str], *, year: int | None = None, tag: str | None = None
) -> Listing:
    """Return the list of an index, filtered by a year or the slug of a tag, at the page given in `parameters`.

    Raises Http404 for a year, tag or page without items.
    """
    news = index.public_news()
    years, tags = choices_of(news)
    chosen = next((one for one in tags if one.slug == tag), None)
    if (year is not None and year not in years) or (tag is not None and chosen is None):
        raise Http404("no news there")
    base = index.get_url() or ""
    url, total = base, sum(years.values())
    if year is not None:
        news, url, total = news.filter(date__year=year), base + index.reverse_subpage("archive", [year]), years[year]
    if chosen is not None:
        news = news.filter(tag_links__tag__slug=chosen.slug)
        url, total = base + index.reverse_subpage("tag", [chosen.slug]), chosen.usage
    page_count = max(1, -(-total // PAGE_SIZE))
    page = _page_number(parameters.get("page", "1"), page_count)
    feed = index.reverse_subpage("tag_feed", [chosen.slug]) if chosen else index.reverse_subpage("feed")
    return Listing(
        read_cards(news, page),
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


def choices_of(news: PageQuerySet) -> tuple[dict[int, int], list[UsedTag]]:
    """Return the number of items per year, and their tags in alphabetical order, in one query."""
    news = news.order_by()
    per_year = news.annotate(key=Cast(ExtractYear("date"), CharField()), name=Value("", CharField()))
    per_tag = news.filter(tag_links__isnull=False).annotate(
        key=F("tag_links__tag__slug"), name=F("tag_links__tag__name")
    )
    years: dict[int, int] = {}
    tags: list[UsedTag] = []
    queries = (rows.values_list("key", "name").annotate(usage=Count("pk")) for rows in (per_year, per_tag))
    for key, name, usage in next(queries).union(next(queries), all=True):
        if name:
            tags.append(UsedTag(key, name, usage))
        else:
            years[int(key)] = usage
    return years, sorted(tags, key=lambda tag: tag.name.casefold())


def read_cards(news: PageQuerySet, page: int = 1) -> list[NewsPage]:
    """Return the items of one page of a list with what their cards show, in at most three queries."""
    private = in_private_collection("cover__collection")
    rows = news.select_related("language", "cover").annotate(cover_is_private=private)
    items: list[NewsPage] = list(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    NewsPage.read_tags(items)
    shown = [item for item in items if item.cover and not item.cover_is_private]
    prefetch_related_objects(shown, "cover__renditions")
    for item in items:
        # Only what the item's cover needs.
        item.known_private = frozenset({item.cover.collection_id} if item.cover and item not in shown else ())
    return items


def _page_number(text: str, page_count: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= page_count):
        raise Http404("no such page")
    return int(text)
