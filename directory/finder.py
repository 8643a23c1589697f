""" "Welcher ist meiner?": networks by place, postal code or the name of a school, from the imported members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from directory.counts import NetworkCount, Overview
from directory.models.members import Member
from directory.words import searchable, words_of

MOST_MEMBERS = 1000
"""Members examined for one query; a query such as "Schule" must be narrowed."""

MOST_NETWORKS = 20
"""Networks shown for one query."""

SHOWN_MEMBERS = 4
"""Members named for each network."""

NEAR_DIGITS = 3
"""Digits of a postal code that neighbouring places share: the first three denote a postal region."""


@dataclass(slots=True)
class Found:
    """A network and its matching members, the first few of them to be named."""

    network: NetworkCount
    members: list[Member] = field(default_factory=list)
    named: bool = False
    """Whether the network's own name, area or region matches."""

    @property
    def shown(self) -> Sequence[Member]:
        """Return the members to name."""
        return self.members[:SHOWN_MEMBERS]

    @property
    def more(self) -> int:
        """Return how many matching members are not named."""
        return len(self.members) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: networks, best first; their total number; whether they are only near the postal code."""

    networks: tuple[Found, ...]
    total: int
    near: bool = False


def find(query: str, overview: Overview) -> Finding:
    """Return the networks that match a place, postal code or name. One query; never raises."""
    words = words_of(query)
    if not words:
        return Finding((), 0)
    networks = {network.page.pk: network for network in overview.networks}
    is_postal_code = len(words) == 1 and len(words[0]) == 5 and words[0].isdigit()
    condition = Q(postal_code__startswith=words[0][:NEAR_DIGITS]) if is_postal_code else Q()
    for word in () if is_postal_code else words:
        condition &= Q(words__contains=f" {word}")
    members = list(Member.objects.filter(condition, network_id__in=networks).order_by("name", "place")[:MOST_MEMBERS])
    exact = [member for member in members if member.postal_code == words[0]] if is_postal_code else members
    matches = _grouped(exact or members, networks)
    near = is_postal_code and not exact and bool(matches)
    for key, network in networks.items():
        page = network.page
        own = searchable(page.title, page.area, network.region.name)
        if all(f" {word}" in own for word in words):
            matches.setdefault(key, Found(network)).named = True
    ordered = sorted(matches.values(), key=lambda one: (not one.named, -len(one.members), one.network.page.number or 0))
    return Finding(tuple(ordered[:MOST_NETWORKS]), len(ordered), near)


def _grouped(members: Iterable[Member], networks: dict[int, NetworkCount]) -> dict[int, Found]:
    groups: dict[int, Found] = {}
    for member in members:
        groups.setdefault(member.network_id, Found(networks[member.network_id])).members.append(member)
    return groups
