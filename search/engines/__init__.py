"""The engine that SEARCH_URL names; the only place that chooses one."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.engines.base import Engine


@cache
def get_engine() -> Engine:
    """Return this process's engine. Raises ImproperlyConfigured for an address no engine answers to."""
    url: str = settings.SEARCH_URL
    if url == "embedded:":
        from search.engines.embedded import EmbeddedEngine

        return EmbeddedEngine(settings.SEARCH_INDEX_DIR)
    raise ImproperlyConfigured(f"SEARCH_URL {url!r} names no engine; use embedded:")
