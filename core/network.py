"""Which network a request comes from: as much of a visitor's address as the site ever looks at.

It is kept in memory alone, to tell many voices from one that speaks often. A network and not an address: one visitor
may have thousands of those, and a part tells less about a person.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

PREFIX = {4: 24, 6: 48}
"""Bits of an address that count, by version: what one customer of a provider can have."""


def network_of(request: HttpRequest) -> str:
    """Return the visitor's network, such as 192.0.2.0/24; empty if only a proxy's or an internal address is known."""
    header = settings.CLIENT_ADDRESS_HEADER
    address = request.headers.get(header, "") if header else request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if not found.is_global:
        return ""
    return str(ipaddress.ip_network(f"{found}/{PREFIX[found.version]}", strict=False))
