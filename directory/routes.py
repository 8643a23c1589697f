"""Addresses that the overview of networks answers itself: below it there are networks, and none may take one of these."""

from __future__ import annotations

ROUTES: dict[tuple[str, ...], str] = {
    ("karte",): "figure",
    ("export",): "networks_csv",
    ("export", "regionen"): "regions_csv",
}
"""What the overview answers below its own address; no network may have such an address."""
