"""The engine that the settings name; the only place that makes one."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from search.engines.base import Engine


@cache
def get_engine() -> Engine:
    """Return this process's engine. Its libraries are loaded only when it is the chosen one."""
    if settings.SEARCH_ENGINE["NAME"] == "elasticsearch":
        from search.engines.elasticsearch.engine import ElasticsearchConfig, ElasticsearchEngine

        return ElasticsearchEngine(ElasticsearchConfig(**settings.SEARCH_ENGINE["OPTIONS"]))
    from search.engines.embedded.engine import EmbeddedEngine

    return EmbeddedEngine(settings.SEARCH_INDEX_DIR)
