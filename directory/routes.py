"""Addresses that the overview of networks answers itself; no network below it may take one."""

from __future__ import annotations

ROUTES: dict[tuple[str, ...], str] = {
    ("karte",): "figure",
    ("export",): "networks_csv",
    ("export", "regionen"): "regions_csv",
}
"""Paths that the overview answers below its own address; no network may use one as its slug."""
