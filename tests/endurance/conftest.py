"""The long forms run only when asked for by their marker: `make endurance`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.site import KillableSite, fresh_site, kill_all

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long forms out of an ordinary run."""
    if "endurance" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if HERE in item.path.parents]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[KillableSite]:
    """A copy of the sample site that this test may break."""
    yield fresh_site(tmp_path)
    kill_all()
