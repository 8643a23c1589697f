"""Addresses that an app adds to the site when it is installed, so that `config.urls` need not know the app."""

from __future__ import annotations

from django.urls import URLPattern

_ADDRESSES: dict[str, URLPattern] = {}


def register(address: URLPattern) -> None:
    """Add a named address, before the first request. Registering the name again replaces it."""
    _ADDRESSES[str(address.name)] = address


def registered() -> list[URLPattern]:
    """Return the addresses that installed apps have added."""
    return list(_ADDRESSES.values())
