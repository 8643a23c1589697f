"""The header that tells where the time of a search went, on pages and in the API."""

from __future__ import annotations

from collections.abc import Mapping


def server_timing(timing: Mapping[str, float]) -> str:
    """Return the value of Server-Timing, in milliseconds, for seconds by stage."""
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in timing.items())
