"""A site of its own for each test that starts processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.site import KillableSite, fresh_site, kill_all


@pytest.fixture
def site(tmp_path: Path) -> Iterator[KillableSite]:
    """A copy of the sample site that this test may break."""
    yield fresh_site(tmp_path)
    kill_all()
