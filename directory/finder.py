""" "Welcher ist meiner?": networks by place, postal code or the name of a school, from the one table of places."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from directory.counts import NetworkCount, Overview
from directory.places import KnownMember, KnownRegion, Place, Table, by_postal_code, gazetteer, misspelt, table
from directory.words import searchable, words_of

MOST_NETWORKS = 20
"""Networks shown for one query."""

SHOWN_MEMBERS = 4
"""Members named for each network."""


@dataclass(slots=True)
class Found:
    """A network and its matching members, the first few of them to be named."""

    network: NetworkCount
    members: list[KnownMember] = field(default_factory=list)
    named: bool = False
    """Whether the network's own name, area or region matches."""

    @property
    def shown(self) -> Sequence[KnownMember]:
        """Return the members to name."""
        return self.members[:SHOWN_MEMBERS]

    @property
    def more(self) -> int:
        """Return how many matching members are not named."""
        return len(self.members) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: networks, best first, and their total number.

    `near`: they are only near what was asked for. `meant` is the place that a misspelt word was taken for, `region` the
    one in which a place without a network lies.
    """

    networks: tuple[Found, ...]
    total: int
    near: bool = False
    meant: str = ""
    region: KnownRegion | None = None


def find(query: str, overview: Overview, now: datetime.datetime) -> Finding:
    """Return the networks that match a place, postal code or name, else those nearest to it. Never raises."""
    words = words_of(query)
    if not words:
        return Finding((), 0)
    networks = {network.page.pk: network for network in overview.networks}
    known = table(now)
    found = _found(words, networks, known)
    if found.networks:
        return found
    if len(words) == 1 and (name := misspelt(words[0], known)):
        meant = next((place.name for place in gazetteer().get((name,), ())), name.capitalize())
        return _with_meant(_found([name], networks, known), meant)
    return found


def _with_meant(finding: Finding, meant: str) -> Finding:
    return Finding(finding.networks, finding.total, finding.near, meant, finding.region)


def _found(words: list[str], networks: dict[int, NetworkCount], known: Table) -> Finding:
    is_postal_code = len(words) == 1 and len(words[0]) == 5 and words[0].isdigit()
    if is_postal_code:
        members, exact = known.by_postal_code(words[0])
        matches = _grouped(members, networks)
        if matches:
            return _ordered(matches, near=not exact)
        return _nearest(by_postal_code().get(words[0], ()), networks, known)
    members = [member for member in known.members if all(f" {word}" in member.words for word in words)]
    matches = _grouped(members, networks)
    for key, network in networks.items():
        page = network.page
        own = searchable(page.title, page.area, network.region.name)
        if all(f" {word}" in own for word in words):
            matches.setdefault(key, Found(network)).named = True
    return _ordered(matches) if matches else _nearest(gazetteer().get(tuple(words), ()), networks, known)


def _nearest(places: Sequence[Place], networks: dict[int, NetworkCount], known: Table) -> Finding:
    """Return the networks next to the first place that has any in its region, else the region itself."""
    for place in places:
        if matches := _grouped(known.nearest_to(place), networks):
            return _ordered(matches, near=True)
    region = next((known.regions[place.region] for place in places if place.region in known.regions), None)
    return Finding((), 0, region=region)


def _ordered(matches: dict[int, Found], *, near: bool = False) -> Finding:
    ordered = sorted(matches.values(), key=lambda one: (not one.named, -len(one.members), one.network.page.number or 0))
    return Finding(tuple(ordered[:MOST_NETWORKS]), len(ordered), near)


def _grouped(members: Iterable[KnownMember], networks: dict[int, NetworkCount]) -> dict[int, Found]:
    groups: dict[int, Found] = {}
    for member in members:
        if member.network_id in networks:
            groups.setdefault(member.network_id, Found(networks[member.network_id])).members.append(member)
    return groups
