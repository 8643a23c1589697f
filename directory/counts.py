"""How many networks each region has: the single source of numbers for table, figure, exports and API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from core.output.languages import in_this_language
from core.visibility import public_pages
from directory.models.members import Member
from directory.models.networks import NetworkPage
from directory.models.regions import Region


@dataclass(frozen=True, slots=True)
class NetworkCount:
    """A public network, its region, and its numbers of members and, among them, schools."""

    page: NetworkPage
    region: Region
    members: int
    schools: int


@dataclass(frozen=True, slots=True)
class RegionCount:
    """A region and its public networks, by number."""

    region: Region
    networks: tuple[NetworkCount, ...]

    @property
    def count(self) -> int:
        """Number of networks."""
        return len(self.networks)

    @property
    def members(self) -> int:
        """Number of members of all networks."""
        return sum(network.members for network in self.networks)

    @property
    def schools(self) -> int:
        """Number of schools of all networks."""
        return sum(network.schools for network in self.networks)


@dataclass(frozen=True, slots=True)
class Overview:
    """All regions in their order, those without a network included."""

    regions: tuple[RegionCount, ...]

    @property
    def networks(self) -> list[NetworkCount]:
        """All public networks by number."""
        networks = [network for region in self.regions for network in region.networks]
        return sorted(networks, key=_by_number)

    @property
    def count(self) -> int:
        """Number of networks."""
        return sum(region.count for region in self.regions)

    @property
    def members(self) -> int:
        """Number of members."""
        return sum(region.members for region in self.regions)

    @property
    def schools(self) -> int:
        """Number of schools."""
        return sum(region.schools for region in self.regions)


def overview() -> Overview:
    """Count what visitors may see, in three queries."""
    regions = list(Region.objects.select_related("office"))
    counts = Member.objects.order_by().values_list("network_id")
    by_network = {
        network: (members, schools)
        for network, members, schools in counts.annotate(
            members=Count("pk"), schools=Count("pk", filter=Q(kind__in=Member.SCHOOLS))
        )
    }
    known = {region.pk: region for region in regions}
    groups: dict[int, list[NetworkCount]] = {region.pk: [] for region in regions}
    for page in public_networks():
        # The region as read above, so that it is not queried again; a public network has one.
        page.region = region = known[page.region_id]
        groups[region.pk].append(NetworkCount(page, region, *by_network.get(page.pk, (0, 0))))
    return Overview(tuple(RegionCount(region, tuple(sorted(groups[region.pk], key=_by_number))) for region in regions))


def public_networks() -> Iterable[NetworkPage]:
    """Return the networks that visitors may see, in their language; an alias of another page does not count."""
    networks: Iterable[NetworkPage] = in_this_language(
        public_pages(NetworkPage.objects.filter(alias_of__isnull=True).defer("body", "aims"))
    )
    return networks


def _by_number(network: NetworkCount) -> tuple[int, str]:
    return (network.page.number or 0, network.page.title)
