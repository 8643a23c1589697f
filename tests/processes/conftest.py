"""A site of its own for each test that starts processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes.site import KillableSite, fresh_site


@pytest.fixture
def site(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> KillableSite:
    """A copy of the sample site that this test may break."""
    return fresh_site(tmp_path, tmp_path_factory)
