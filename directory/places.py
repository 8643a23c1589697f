"""The one table of places: Saxony's municipalities, the networks, their members and regions, for finder and search alike.

In memory until a network, member or region changes. What has expired since it was read is left out on reading.
"""

from __future__ import annotations

import csv
import datetime
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wagtail.models import Page, PageViewRestriction, Site

from core.declared.rules import plain_words
from core.output.nearness import nearest
from core.versions import Versioned
from core.visibility import has_ended
from directory.counts import public_networks
from directory.models.members import Member
from directory.models.regions import Office, Region
from directory.words import searchable, spellings

_DATA = Path(__file__).parent / "data" / "places.csv"

LONGEST_NAME = 5
"""Words of a place's name: `Sohland an der Spree`."""

NEAR_DIGITS = 3
"""Digits of a postal code that neighbouring places share: the first three denote a postal region."""

SHORTEST_OTHER = 5
"""Letters of what stands behind a slash in a name: shorter is an addition, longer the Sorbian name."""

_NUMBERED = re.compile(r"\AKoopV\s*\d+\s*")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place of Saxony: its region by slug, postal codes, where it lies. Several may have one name."""

    name: str
    region: str
    postal_codes: tuple[str, ...]
    point: tuple[float, float] | None
    is_municipality: bool

    def distance(self, other: Place) -> float:
        """Return how far another place is, as a number to compare by."""
        if self.point is None or other.point is None:
            return float("inf")
        # A degree of longitude is in Saxony about two thirds of one of latitude.
        return (self.point[0] - other.point[0]) ** 2 + ((self.point[1] - other.point[1]) * 0.63) ** 2


@dataclass(frozen=True, slots=True)
class KnownOffice:
    """A site of the state office with its coordination."""

    name: str
    role: str
    mailbox: str
    phone: str


@dataclass(frozen=True, slots=True)
class KnownRegion:
    """A region, and the office that is responsible for it."""

    slug: str
    name: str
    office: KnownOffice | None


@dataclass(frozen=True, slots=True)
class KnownNetwork:
    """A network that visitors may see, with what a card says of it."""

    id: int
    number: int
    title: str
    url: str
    region: KnownRegion
    area: str
    role: str
    mailbox: str
    phone: str
    expire_at: datetime.datetime | None
    locale: str
    words: str


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member of a network; `words` is the text that a query is compared with."""

    name: str
    place: str
    postal_code: str
    network_id: int
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """Everything by which a place, a school or a network is known."""

    regions: Mapping[str, KnownRegion]
    networks: Mapping[int, KnownNetwork]
    members: tuple[KnownMember, ...]
    names: Mapping[Words, frozenset[int]]
    """Networks by their own name and the parts of their area."""

    member_places: Mapping[Words, frozenset[int]]

    def seen_at(self, now: datetime.datetime) -> Table:
        """Return the table without networks that have expired."""
        ended = {key for key, network in self.networks.items() if has_ended(network.expire_at, now)}
        if not ended:
            return self
        return replace(
            self,
            networks={key: network for key, network in self.networks.items() if key not in ended},
            members=tuple(member for member in self.members if member.network_id not in ended),
            names={name: left for name, keys in self.names.items() if (left := keys - ended)},
            member_places={name: left for name, keys in self.member_places.items() if (left := keys - ended)},
        )

    def at(self, name: Words) -> list[KnownNetwork]:
        """Return the networks for a name of a place or network, by number.

        A municipality is meant before a part of a town that has its name: Plauen, not the one in Dresden.
        """
        regions = {place.region for place in gazetteer().get(name, ()) if place.is_municipality}
        for named in (self.names, self.member_places):
            networks = [self.networks[key] for key in named.get(name, ())]
            if there := [network for network in networks if not regions or network.region.slug in regions]:
                return sorted(there, key=lambda network: network.number)
        return []

    def of_region(self, slug: str) -> list[KnownNetwork]:
        """Return the networks of a region, by number."""
        return [network for network in self.networks.values() if network.region.slug == slug]

    def by_postal_code(self, code: str) -> tuple[list[KnownMember], bool]:
        """Return the members at a postal code, else the nearest ones of its postal region, and whether they are exact."""
        for digits in range(len(code), NEAR_DIGITS - 1, -1):
            begun = code[:digits]
            if members := [member for member in self.members if member.postal_code.startswith(begun)]:
                return members, digits == len(code)
        return [], False

    def nearest_to(self, place: Place) -> list[KnownMember]:
        """Return the members in the place of its region that lies nearest."""
        in_region = [
            (there, member)
            for member in self.members
            if self.networks[member.network_id].region.slug == place.region
            for there in gazetteer().get(plain_words(member.place), ())
            if there.region == place.region
        ]
        if not in_region:
            return []
        least = min(place.distance(there) for there, _ in in_region)
        return [member for there, member in in_region if place.distance(there) == least]


def table(now: datetime.datetime) -> Table:
    """Return what visitors may know of at a moment."""
    return _kept.get().seen_at(now)


@functools.cache
def gazetteer() -> Mapping[Words, tuple[Place, ...]]:
    """Return Saxony's places by the plain words of each of their names; municipalities first."""
    found: dict[Words, list[Place]] = {}
    with _DATA.open(encoding="utf-8") as file:
        rows = csv.reader((line for line in file if not line.startswith("#")), delimiter=";")
        for name, region, codes, latitude, longitude, is_municipality in rows:
            point = (float(latitude), float(longitude)) if latitude else None
            place = Place(name, region, tuple(codes.split()), point, bool(is_municipality))
            for words in _names(name):
                found.setdefault(words, []).append(place)
    return {
        words: tuple(sorted(places, key=lambda place: not place.is_municipality)) for words, places in found.items()
    }


@functools.cache
def by_postal_code() -> Mapping[str, tuple[Place, ...]]:
    """Return Saxony's places by postal code."""
    found: dict[str, dict[Place, None]] = {}
    for places in gazetteer().values():
        for place in places:
            for code in place.postal_codes:
                found.setdefault(code, {})[place] = None
    return {code: tuple(places) for code, places in found.items()}


@functools.cache
def _single_names() -> Mapping[str, Words]:
    """Return the names of one word, to compare misspelt ones with."""
    return {words[0]: words for words in gazetteer() if len(words) == 1}


def is_place(word: str) -> bool:
    """Return whether a word is the name of a place."""
    return (word,) in gazetteer()


def misspelt(word: str, known: Table) -> str | None:
    """Return the name of a place or network that a word was meant to be."""
    return nearest(word, {*_single_names(), *(name[0] for name in known.names if len(name) == 1)})


_ADDITIONS = (" an der ", " am ", " im ", " in ", " bei ", " b. ", " i. ", " a. ", " i.", " auf dem ")


def _names(name: str) -> Iterator[Words]:
    """Yield the names of a place: `Adorf/Vogtl.` is also Adorf, `Weißenberg/Wóspork` has two, St. is Sankt."""
    whole, *others = name.split("/")
    texts = [name, whole, *(text for text in others if len(text) > SHORTEST_OTHER and not text.endswith("."))]
    texts += [whole.partition(addition)[0] for addition in _ADDITIONS if addition in whole]
    texts += [whole.replace("St. ", "Sankt ")] if whole.startswith("St. ") else []
    yield from dict.fromkeys(words for text in texts for words in spellings(text))


def _read() -> Table:
    regions = {
        region.slug: KnownRegion(region.slug, region.name, _office(region.office))
        for region in Region.objects.select_related("office")
    }
    slugs = dict(Region.objects.values_list("pk", "slug"))
    pages = sorted(public_networks(), key=lambda page: (page.number or 0, page.title))
    networks = {
        page.pk: KnownNetwork(
            page.pk,
            page.number or 0,
            page.title,
            page.get_url() or "",
            regions[slugs[page.region_id]],
            page.area,
            page.moderator_role,
            page.mailbox,
            page.phone,
            page.expire_at,
            page.locale.language_code,
            searchable(page.title, page.area, regions[slugs[page.region_id]].name),
        )
        for page in pages
    }
    rows = Member.objects.filter(network_id__in=networks).order_by("name", "place")
    fields = ("name", "place", "postal_code", "network_id", "words")
    members = tuple(KnownMember(*values) for values in rows.values_list(*fields))
    return Table(regions, networks, members, _own_names(networks.values()), _member_places(members))


def _office(office: Office | None) -> KnownOffice | None:
    if office is None:
        return None
    return KnownOffice(office.name, office.coordinator_role, office.mailbox, office.phone)


def _own_names(networks: Iterable[KnownNetwork]) -> dict[Words, frozenset[int]]:
    """Return the networks by their title without the number, and by the parts of their area."""
    own: dict[Words, set[int]] = {}
    for network in networks:
        for text in (_NUMBERED.sub("", network.title), *re.split(r",| und ", network.area)):
            for words in spellings(text):
                own.setdefault(words, set()).add(network.id)
    return {words: frozenset(keys) for words, keys in own.items() if words}


def _member_places(members: Iterable[KnownMember]) -> dict[Words, frozenset[int]]:
    places: dict[Words, set[int]] = {}
    for member in members:
        for words in spellings(member.place):
            places.setdefault(words, set()).add(member.network_id)
    return {words: frozenset(keys) for words, keys in places.items() if words}


_kept: Versioned[Table] = Versioned((Page, PageViewRestriction, Site, Region, Office, Member), _read)
