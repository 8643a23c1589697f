"""Both engines for the tests that import `empty_index` from here: who must not be found is not found on either."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines.current import get_engine
from tests.published import make_empty_index

ENGINES = ("embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch))


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
