""" "Welcher ist meiner?": networks by place, postal code or the name of a school, from the imported members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from directory.counts import NetworkCount, Overview
from directory.models import Member
from directory.words import searchable, words_of

MOST_MEMBERS = 1000
"""Members looked at for one question; who asks for "Schule" is asked to say more."""

MOST_NETWORKS = 20
"""Networks shown for one question."""

SHOWN_MEMBERS = 4
"""Members named for each network."""

NEAR_DIGITS = 3
"""Digits of a postal code that neighbouring places share: the first three name a region of the post."""


@dataclass(slots=True)
class Found:
    """A network and those of its members that fit, the first few of them to be named."""

    network: NetworkCount
    members: list[Member] = field(default_factory=list)
    named: bool = False
    """Whether the network's own name, area or region fits."""

    @property
    def shown(self) -> Sequence[Member]:
        """Return the members to name."""
        return self.members[:SHOWN_MEMBERS]

    @property
    def more(self) -> int:
        """Return how many members fit besides those named."""
        return len(self.members) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: networks, the best first; how many there are in all; whether they are only near the postal code."""

    networks: tuple[Found, ...]
    total: int
    near: bool = False


def find(query: str, overview: Overview) -> Finding:
    """Return the networks that a place, postal code or name leads to. One or two queries; never raises."""
    words = words_of(query)
    if not words:
        return Finding((), 0)
    networks = {network.page.pk: network for network in overview.networks}
    found = _by_words(words, networks)
    near = False
    if not found and len(words) == 1 and len(words[0]) == 5 and words[0].isdigit():
        found = _collect(Q(postal_code__startswith=words[0][:NEAR_DIGITS]), networks)
        near = bool(found)
    ordered = sorted(found.values(), key=lambda one: (not one.named, -len(one.members), one.network.page.number or 0))
    return Finding(tuple(ordered[:MOST_NETWORKS]), len(ordered), near)


def _by_words(words: list[str], networks: dict[int, NetworkCount]) -> dict[int, Found]:
    condition = Q()
    for word in words:
        condition &= Q(words__contains=f" {word}")
    found = _collect(condition, networks)
    for key, network in networks.items():
        page = network.page
        own = searchable(page.title, page.area, page.region.name)
        if all(f" {word}" in own for word in words):
            found.setdefault(key, Found(network)).named = True
    return found


def _collect(condition: Q, networks: dict[int, NetworkCount]) -> dict[int, Found]:
    found: dict[int, Found] = {}
    members = Member.objects.filter(condition, network_id__in=networks).order_by("name", "place")
    for member in members[:MOST_MEMBERS]:
        found.setdefault(member.network_id, Found(networks[member.network_id])).members.append(member)
    return found
