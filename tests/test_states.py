"""A process that works on a prepared state sees nothing of the developer's own site."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import states


def test_entering_a_state_leaves_the_developers_settings_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What `enter` changes is put back at the end.
    for name, value in os.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SEARCH_URL", "elasticsearch+http://localhost:9200/mine")
    monkeypatch.setenv("FUNDUS_DATA_DIR", "var")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.production")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    states.enter(tmp_path)
    assert "SEARCH_URL" not in os.environ
    assert os.environ["FUNDUS_DATA_DIR"] == str(tmp_path)
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.dev"
