"""The header that shows where the time of a search went, on pages and in the API."""

from __future__ import annotations

from collections.abc import Mapping


def server_timing(timing: Mapping[str, float]) -> str:
    """Return the Server-Timing value, in milliseconds, from seconds by stage."""
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in timing.items())
