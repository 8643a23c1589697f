"""Where a request comes from, as far as the site can know: a whole IPv6 network counts as one visitor."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX = 64
"""What a provider gives one customer, who may use any of its addresses."""


def address_of(request: HttpRequest | None) -> str:
    """Return the visitor's address; empty if it is not known.

    Behind a proxy every connection is the proxy's: only a header that the proxy sets itself tells the visitor's.
    """
    if request is None:
        return ""
    header = settings.CLIENT_ADDRESS_HEADER
    named = request.META.get(f"HTTP_{header.upper().replace('-', '_')}" if header else "REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(named.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return "" if settings.BEHIND_PROXY and not header and address.is_private else str(address)


def network_of(request: HttpRequest | None) -> str:
    """Return what counts as one visitor: an IPv4 address, or the network of an IPv6 address; empty if not known."""
    address = address_of(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False))
