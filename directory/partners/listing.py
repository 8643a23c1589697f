"""The list of partners: public ones in memory, with the filters that a reader may choose and how many each would leave.

Read anew when a page, region or topic changes; what has expired since is left out on reading. So a list costs no query for
partners, however many there are.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction, Site

from core.output.text import german_slug
from core.versions import Versioned
from core.visibility import has_ended, public_pages
from directory.models.partners import PartnerPage, PartnerTopic
from directory.models.regions import Region
from vocabularies.models import Topic

PAGE_SIZE = 30
EVERYWHERE = "sachsen"
"""The value of the filter for partners that have no region: they work in all of Saxony."""

DIGITS = "0-9"


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """What the list shows of a public partner."""

    id: int
    title: str
    url: str
    kind: str
    region: str
    region_label: str
    summary: str
    topics: tuple[str, ...]
    networks: tuple[int, ...]
    expire_at: datetime.datetime | None
    language: str

    @property
    def kind_label(self) -> str:
        """Return the name of its kind, in the language of the request."""
        return str(PartnerPage.Kind(self.kind).label)

    @property
    def letter(self) -> str:
        """Return under which letter it stands: Ö under O, 3 under 0-9."""
        first = german_slug(self.title)[:1].upper()
        return first if first.isalpha() else DIGITS


@dataclass(frozen=True, slots=True)
class RegionPartners:
    """A region and how many public partners it has."""

    region: Region
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: how many partners it leaves, beside the other filters, and the address that sets it."""

    value: str
    label: str
    count: int
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader has chosen; empty means all."""

    region: str = ""
    art: str = ""
    thema: str = ""
    buchstabe: str = ""

    def matches(self, partner: KnownPartner, but: str = "") -> bool:
        """Return whether a partner passes all filters, or all but one."""
        return all(
            not wanted or name == but or wanted in VALUES[name](partner)
            for name, wanted in ((name, getattr(self, name)) for name in VALUES)
        )

    def query(self, **values: str) -> str:
        """Return the query of the address with some values set anew."""
        chosen = replace(self, **values)
        pairs = [(name, value) for name in VALUES if (value := getattr(chosen, name))]
        return f"?{urlencode(pairs)}" if pairs else "?"


VALUES: Mapping[str, Callable[[KnownPartner], tuple[str, ...]]] = {
    "region": lambda partner: (partner.region or EVERYWHERE,),
    "art": lambda partner: (partner.kind,),
    "thema": lambda partner: partner.topics,
    "buchstabe": lambda partner: (partner.letter,),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Everything the list knows."""

    partners: tuple[KnownPartner, ...]
    regions: tuple[Region, ...]
    topics: Mapping[str, str]

    def seen_at(self, now: datetime.datetime, language: str) -> tuple[KnownPartner, ...]:
        """Return the partners of a language that have not ended."""
        return tuple(one for one in self.partners if one.language == language and not has_ended(one.expire_at, now))


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page shows: some partners of all that match, the filters, and the counts of the figure."""

    partners: tuple[KnownPartner, ...]
    total: int
    everywhere: int
    asked: Asked
    filters: Mapping[str, tuple[Choice, ...]]
    regions: tuple[RegionPartners, ...]
    topics: Mapping[str, str]
    page: int
    pages: int

    @property
    def is_filtered(self) -> bool:
        """Whether anything is chosen."""
        return self.asked != Asked()

    def page_url(self, number: int) -> str:
        """Return the address of another page of the list."""
        query = self.asked.query()
        return query if number == 1 else f"{query}{'&' if query != '?' else ''}seite={number}"

    @property
    def previous_url(self) -> str:
        """Return the address of the page before, if there is one."""
        return self.page_url(self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        """Return the address of the page after, if there is one."""
        return self.page_url(self.page + 1) if self.page < self.pages else ""


def listing(params: Mapping[str, str], now: datetime.datetime, language: str) -> Listing:
    """Return the list that the parameters of an address ask for; values that nobody has are dropped."""
    table = _table.get()
    partners = table.seen_at(now, language)
    used = {name: {value for one in partners for value in values(one)} for name, values in VALUES.items()}
    asked = Asked(**{name: value if (value := params.get(name, "")) in used[name] else "" for name in VALUES})
    found = [one for one in partners if asked.matches(one)]
    pages = max(1, -(-len(found) // PAGE_SIZE))
    wanted = params.get("seite", "1")
    page = min(pages, max(1, int(wanted))) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1
    by_region = Counter(one.region for one in partners)
    return Listing(
        partners=tuple(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        total=len(found),
        everywhere=by_region[""],
        asked=asked,
        filters={name: _choices(name, table, partners, asked) for name in VALUES},
        regions=tuple(RegionPartners(region, by_region[region.slug]) for region in table.regions),
        topics=table.topics,
        page=page,
        pages=pages,
    )


def _choices(name: str, table: Table, partners: Iterable[KnownPartner], asked: Asked) -> tuple[Choice, ...]:
    """Return the values that a filter has, in their order."""
    counts: Counter[str] = Counter()
    for one in partners:
        matches = asked.matches(one, but=name)
        for value in VALUES[name](one):
            counts[value] += matches
    current = getattr(asked, name)
    labels = _labels(name, table, counts)
    return tuple(
        Choice(value, label, counts[value], asked.query(**{name: value}), value == current)
        for value, label in labels.items()
        if value in counts
    )


def _labels(name: str, table: Table, values: Iterable[str]) -> dict[str, str]:
    if name == "region":
        return {EVERYWHERE: _("ganz Sachsen"), **{region.slug: region.name for region in table.regions}}
    if name == "art":
        return {value: str(label) for value, label in PartnerPage.Kind.choices}
    if name == "thema":
        return {slug: table.topics[slug] for slug in sorted(values, key=lambda slug: table.topics[slug].casefold())}
    return {letter: letter for letter in sorted(values)}


def known_partner(id: int, now: datetime.datetime) -> KnownPartner | None:
    """Return a public partner by the number of its page."""
    return next((one for one in _table.get().partners if one.id == id and not has_ended(one.expire_at, now)), None)


def topic_names() -> Mapping[str, str]:
    """Return the names of the topics that public partners have."""
    return _table.get().topics


def _read() -> Table:
    regions = tuple(Region.objects.all())
    by_id = {region.pk: region for region in regions}
    links: dict[int, list[str]] = {}
    names: dict[str, str] = {}
    pages = public_pages(PartnerPage.objects.filter(alias_of__isnull=True).select_related("locale"))
    rows = PartnerTopic.objects.filter(content_object__in=pages.values("pk")).order_by("tag__name")
    for page, slug, name in rows.values_list("content_object_id", "tag__slug", "tag__name"):
        links.setdefault(page, []).append(slug)
        names[slug] = name
    through = PartnerPage.networks.through._default_manager.order_by("networkpage__number")
    networks: dict[int, list[int]] = {}
    for partner, network in through.values_list("partnerpage_id", "networkpage_id"):
        networks.setdefault(partner, []).append(network)
    partners = [
        KnownPartner(
            id=page.pk,
            title=page.title,
            url=page.get_url() or "",
            kind=page.kind,
            region=by_id[page.region_id].slug if page.region_id else "",
            region_label=by_id[page.region_id].name if page.region_id else "",
            summary=page.summary,
            topics=tuple(links.get(page.pk, ())),
            networks=tuple(networks.get(page.pk, ())),
            expire_at=page.expire_at,
            language=page.locale.language_code,
        )
        for page in pages
    ]
    return Table(tuple(sorted(partners, key=lambda one: (german_slug(one.title), one.id))), regions, names)


_table: Versioned[Table] = Versioned((Page, PageViewRestriction, Site, Region, Topic), _read)
