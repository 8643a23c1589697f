"""The site of the golden files: the sample library as `make demo` makes it, at the frozen moment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines.current import get_engine
from tests import states
from tests.golden.clock import frozen


@pytest.fixture
def golden_site(db: None, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The sample site with its index; it is noon of the frozen day."""
    if not _index:
        _index.append(tmp_path_factory.mktemp("golden") / "index")
        shutil.copytree(states.built(states.GOLDEN) / "index", _index[0], ignore=shutil.ignore_patterns("*.lock"))
    settings.SEARCH_INDEX_DIR = _index[0]
    get_engine.cache_clear()
    with frozen():
        yield
    get_engine.cache_clear()


_index: list[Path] = []
"""A copy for this process: no golden test writes to it."""
