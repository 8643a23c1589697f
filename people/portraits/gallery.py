"""What the gallery shows of the portraits: one page of them, and what they can be narrowed by.

Everything is counted over public portraits, so that no count tells of a draft or of somebody whose consent has ended.
There are hundreds of portraits at most: what narrows them is read for all in two queries and counted in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models.portraits import PortraitPage, PortraitTopic, with_files

PAGE_SIZE = 12
"""Number of portraits per page; a multiple of two, three and four columns."""

NAMES: Mapping[str, str | Promise] = {"thema": _("Thema"), "region": _("Region"), "form": _("Erzählt als")}
"""The parameters, in the order of the form, with their labels."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: how many portraits it leaves beside the other filters."""

    slug: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with the values that public portraits have."""

    name: str
    label: str | Promise
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> Choice | None:
        """The value that is chosen."""
        return next((choice for choice in self.choices if choice.chosen), None)


@dataclass(frozen=True, slots=True)
class Gallery:
    """One page of the gallery. `total` counts the portraits on all pages."""

    portraits: list[PortraitPage]
    total: int
    page: int
    page_count: int
    url: str
    filters: tuple[Filter, ...]

    def address(self, page: int) -> str:
        """Return the address of another page with the same filters."""
        chosen = {one.name: one.chosen.slug for one in self.filters if one.chosen}
        query = urlencode({**chosen, **({"seite": page} if page > 1 else {})})
        return f"{self.url}?{query}" if query else self.url

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
    def narrowed(self) -> bool:
        """Whether a filter is chosen."""
        return any(one.chosen for one in self.filters)


@dataclass(frozen=True, slots=True)
class _Row:
    """What one portrait is narrowed by: labels by value, by name of the filter."""

    pk: int
    values: Mapping[str, Mapping[str, str]]

    def has(self, chosen: Mapping[str, str], but: str = "") -> bool:
        return all(value in self.values[name] for name, value in chosen.items() if name != but)


def read_gallery(portraits: QuerySet[PortraitPage], url: str, parameters: Mapping[str, str]) -> Gallery:
    """Return the page of the gallery that `parameters` ask for. Raises Http404 for a value or page without portraits."""
    rows = _rows(portraits)
    chosen = {name: value for name in NAMES if (value := parameters.get(name, ""))}
    filters = tuple(Filter(name, label, _choices(rows, name, chosen)) for name, label in NAMES.items())
    if any(one.name in chosen and one.chosen is None for one in filters):
        raise Http404("no portraits there")
    found = [row.pk for row in rows if row.has(chosen)]
    page_count = max(1, -(-len(found) // PAGE_SIZE))
    page = _page_number(parameters.get("seite", "1"), page_count)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    cards = sorted(read_cards(portraits.filter(pk__in=shown)), key=lambda card: shown.index(card.pk))
    return Gallery(cards, len(found), page, page_count, url, filters)


def read_cards(portraits: QuerySet[PortraitPage]) -> list[PortraitPage]:
    """Return portraits with what their cards show, in two queries."""
    cards = list(with_files(portraits))
    prefetch_related_objects([card for card in cards if card.cover_image_is_public], "cover__renditions")
    return cards


def _rows(portraits: QuerySet[PortraitPage]) -> list[_Row]:
    labels = {str(value): str(label) for value, label in PortraitPage.Form.choices}
    topics: dict[int, dict[str, str]] = {}
    # All links: a subquery for the public ones costs more than the few others.
    links = PortraitTopic.objects.values_list("content_object_id", "tag__slug", "tag__name")
    for pk, slug, name in links:
        topics.setdefault(pk, {})[slug] = name
    return [
        _Row(
            pk,
            {"thema": topics.get(pk, {}), "region": {region: name} if region else {}, "form": {form: labels[form]}},
        )
        for pk, region, name, form in portraits.values_list("pk", "region__slug", "region__name", "form")
    ]


def _choices(rows: Collection[_Row], name: str, chosen: Mapping[str, str]) -> tuple[Choice, ...]:
    labels = {slug: label for row in rows for slug, label in row.values[name].items()}
    left = [row for row in rows if row.has(chosen, but=name)]
    return tuple(
        Choice(slug, label, _count(left, name, slug), chosen.get(name) == slug)
        for slug, label in sorted(labels.items(), key=lambda item: item[1].casefold())
    )


def _count(rows: Iterable[_Row], name: str, slug: str) -> int:
    return sum(slug in row.values[name] for row in rows)


def _page_number(text: str, page_count: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= page_count):
        raise Http404("no such page")
    return int(text)
