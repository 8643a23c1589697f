"""Where a request comes from, as far as the site can know, and which network that is.

A network tells many voices from one that speaks often; it is kept in memory alone. A network and not an address: one
visitor may have thousands of those, and a part tells less about a person.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

PREFIX = {4: 24, 6: 48}
"""Bits of an address that count, by version: what one customer of a provider can have."""


def address_of(request: HttpRequest | None) -> str:
    """Return the visitor's address; empty if it is not known.

    Behind a proxy every connection is the proxy's: only a header that the proxy sets itself tells the visitor's.
    """
    if request is None:
        return ""
    header = settings.CLIENT_ADDRESS_HEADER
    named = request.headers.get(header, "") if header else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(named.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return "" if settings.BEHIND_PROXY and not header and address.is_private else str(address)


def network_of(request: HttpRequest) -> str:
    """Return the visitor's network, such as 192.0.2.0/24; empty if only a proxy's or an internal address is known."""
    named = address_of(request)
    if not named:
        return ""
    address = ipaddress.ip_address(named)
    return str(ipaddress.ip_network(f"{address}/{PREFIX[address.version]}", strict=False)) if address.is_global else ""
