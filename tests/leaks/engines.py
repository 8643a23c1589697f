"""Both engines for the tests that import `empty_index` from here: who must not be found is not found on either."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from search.engines.base import Engine
from search.engines.current import get_engine
from tests.published import make_empty_index

EMBEDDED = "embedded"
ENGINES = (EMBEDDED, pytest.param("elasticsearch", marks=pytest.mark.elasticsearch))


@pytest.fixture(params=ENGINES)
def empty_index(request: pytest.FixtureRequest, settings: Any, tmp_path: Path, db: None) -> Iterator[Path]:
    """An index that holds nothing yet, on each engine in turn; the folder of the embedded one."""
    folder = tmp_path / "index"
    settings.SEARCH_INDEX_DIR = folder
    if request.param == "elasticsearch":
        config = request.getfixturevalue("elasticsearch_config")
        settings.SEARCH_ENGINE = {"NAME": "elasticsearch", "OPTIONS": dataclasses.asdict(config)}
    make_empty_index()
    yield folder
    get_engine.cache_clear()


def every_way() -> bool:
    """Return whether to ask by every way in: under one engine. Under the other, those suffice that tell what it answers."""
    return bool(settings.SEARCH_ENGINE["NAME"] == EMBEDDED)


@contextmanager
def no_engine_asked() -> Iterator[None]:
    """Hold that what is asked meanwhile reads no index: it need not be asked under the other engine again."""
    asked: list[str] = []

    def noting(name: str, method: Any) -> Any:
        def noted(*args: Any, **kwargs: Any) -> Any:
            asked.append(name)
            return method(*args, **kwargs)

        return noted

    kind = type(get_engine())
    with pytest.MonkeyPatch.context() as patch:
        for name in vars(Engine):
            if not name.startswith("_") and callable(method := getattr(kind, name)):
                patch.setattr(kind, name, noting(name, method))
        yield
    assert asked == []
