"""What the import does after its commit, which its other tests never come to: they share a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from library.models import LibraryPage
from tests.exchange.test_import_amb import actions, add_shelf, full, run_broken


@pytest.mark.django_db(transaction=True)
def test_an_interruption_of_the_search_update_is_one_line_and_keeps_all_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.running.bulk._callbacks", [interrupt])
    add_shelf()
    file = tmp_path / "records.jsonl"
    file.write_text(f"{json.dumps(full(1))}\n{json.dumps(full(2))}\n")
    report, error = run_broken(str(file), "--publish")
    assert error.returncode == 130
    assert "2 Datensätze sind fertig" in str(error)
    assert actions(report) == ["veröffentlicht", "veröffentlicht"]
    assert LibraryPage.objects.live().count() == 2
