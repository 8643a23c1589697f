"""A site of its own for each test that starts processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import states
from tests.processes.site import KillableSite, fresh_site, kill_all


@pytest.fixture
def site(tmp_path: Path) -> Iterator[KillableSite]:
    """A site with a few pages of each kind that this test may break."""
    yield fresh_site(tmp_path, states.FEW)
    kill_all()
