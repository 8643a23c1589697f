"""The engine named in the settings; the only place that creates one.

`SEARCH_URL` chooses between the two built-in engines. Name any other one by its class, as Django names its backends:
`SEARCH_ENGINE = {"NAME": "package.module.Class", "OPTIONS": {…}}` in a module of settings.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.base import Engine


@cache
def get_engine() -> Engine:
    """Return this process's engine. Load only the libraries of the chosen one."""
    name, options = settings.SEARCH_ENGINE["NAME"], settings.SEARCH_ENGINE["OPTIONS"]
    if name == "elasticsearch":
        from search.engines.elasticsearch.engine import ElasticsearchConfig, ElasticsearchEngine

        return ElasticsearchEngine(ElasticsearchConfig(**options))
    if name == "embedded":
        from search.engines.embedded.engine import EmbeddedEngine

        return EmbeddedEngine(settings.SEARCH_INDEX_DIR)
    further: Engine = import_string(name)(**options)
    return further
