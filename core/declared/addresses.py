"""Addresses that an installed app adds to the site, so that `config.urls` does not depend on the app."""

from __future__ import annotations

from django.urls import URLPattern

_ADDRESSES: dict[str, URLPattern] = {}


def register(address: URLPattern) -> None:
    """Add a named address before the first request. Registering the name again replaces it."""
    _ADDRESSES[str(address.name)] = address


def registered() -> list[URLPattern]:
    """Return the addresses that installed apps have added."""
    return list(_ADDRESSES.values())
