"""What counts as one visitor at a login: a whole IPv6 network."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from core.network import address_of

IPV6_PREFIX = 64
"""What a provider gives one customer, who may use any of its addresses."""


def network_of(request: HttpRequest | None) -> str:
    """Return what counts as one visitor: an IPv4 address, or the network of an IPv6 address; empty if not known."""
    address = address_of(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False))
