"""The search for constants: it finds the better value, leaves the rest, and knows the code's names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.relevance import similar
from tests.relevance.tune import CONSTANTS, Constant, read_constants, tuned


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module with constants."""
    module = ModuleType("some_constants")
    vars(module).update(ALONE=1.0, TABLE={"a": 1.0, "b": (2, 3.0)}, IDLE=5.0)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_it_finds_the_values_that_are_best_together(code: Any) -> None:
    table = {
        Constant("some_constants:ALONE"): [0.0, 1.0, 2.0],
        Constant("some_constants:TABLE.b.1"): [1.0, 4.0],
        Constant("some_constants:IDLE"): [0.0, 9.0],
    }
    runs = []

    def goodness() -> float:
        runs.append(1)
        # A ridge: the first is best at 2 only when the second is 4.
        return -abs(code.ALONE - code.TABLE["b"][1] / 2) - abs(code.TABLE["b"][1] - 4)

    told: list[str] = []
    found = tuned(table, goodness, rounds=5, tell=told.append)
    assert [*found.values()] == [2.0, 4.0, 5.0]
    assert (code.ALONE, code.TABLE, code.IDLE) == (2.0, {"a": 1.0, "b": (2, 4.0)}, 5.0)
    assert told
    # The same values are not measured twice.
    assert len(runs) < 14


@pytest.mark.parametrize("path", [CONSTANTS, similar.CONSTANTS], ids=lambda path: path.name)
def test_every_constant_of_the_table_is_in_the_code(path: Path) -> None:
    for constant, values in read_constants(path).items():
        assert isinstance(constant.value, int | float), constant
        assert constant.value in values, f"{constant.name}: the present value is among those tried"


def test_every_script_of_the_measurement_starts_without_settings() -> None:
    without = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    scripts = "tests.relevance.__main__, tests.relevance.tune, tests.relevance.similar"
    subprocess.run([sys.executable, "-c", f"import {scripts}"], env=without, check=True)
