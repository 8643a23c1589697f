"""The engine named in the settings; the only place that creates one.

`SEARCH_URL` chooses between the two built-in engines. Name any other one by its class, as Django names its backends:
`SEARCH_ENGINE = {"NAME": "package.module.Class", "OPTIONS": {…}}` in a module of settings.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.base import Engine


@cache
def get_engine() -> Engine:
    """Return this process's engine, that of the default locale. Load only the libraries of the chosen one."""
    name, options = settings.SEARCH_ENGINE["NAME"], settings.SEARCH_ENGINE["OPTIONS"]
    if name == "elasticsearch":
        from search.engines.elasticsearch.engine import ElasticsearchConfig, ElasticsearchEngine

        return ElasticsearchEngine(ElasticsearchConfig(**options))
    if name == "embedded":
        from search.engines.embedded.engine import EmbeddedEngine

        return EmbeddedEngine(settings.SEARCH_INDEX_DIR)
    further: Engine = import_string(name)(**options)
    return further


def engine_of(locale: str) -> Engine:
    """Return the engine of a locale: how rare a word is holds for its language alone (docs/decisions/0024)."""
    engine = get_engine()
    return engine if locale == settings.LANGUAGE_CODE else _beside(cast(Hashable, engine), locale)


def engines() -> dict[str, Engine]:
    """Return the engine of every locale."""
    return {locale: engine_of(locale) for locale, _name in settings.LANGUAGES}


def indexed() -> dict[str, Engine]:
    """Return the engines that have an index; a further language may have none before it has a page."""
    return {
        locale: engine
        for locale, engine in engines().items()
        if locale == settings.LANGUAGE_CODE or not engine.health().lost
    }


@lru_cache(maxsize=20)
def _beside(engine: Any, locale: str) -> Engine:
    further: Engine = engine.beside(locale)
    return further
