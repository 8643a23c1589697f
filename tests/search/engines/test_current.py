"""Which engine is used: one of the house by its name, a further one by its class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines.current import get_engine
from search.engines.embedded.engine import EmbeddedEngine


class FurtherEngine(EmbeddedEngine):
    """An engine that is none of the house."""

    def __init__(self, path: Path, colour: str) -> None:
        super().__init__(path)
        self.colour = colour


@pytest.fixture(autouse=True)
def _chosen_anew() -> Iterator[None]:
    get_engine.cache_clear()
    yield
    get_engine.cache_clear()


def test_a_further_engine_is_named_by_its_class_and_made_with_its_options(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_ENGINE = {
        "NAME": f"{__name__}.FurtherEngine",
        "OPTIONS": {"path": tmp_path / "index", "colour": "blue"},
    }
    engine = get_engine()
    assert isinstance(engine, FurtherEngine)
    assert engine.colour == "blue"
    assert get_engine() is engine


def test_a_name_that_is_no_engine_is_an_error_and_not_another_engine(settings: Any) -> None:
    settings.SEARCH_ENGINE = {"NAME": "embeded", "OPTIONS": {}}
    with pytest.raises(ImportError):
        get_engine()
