"""The worker says what fails, and once; it gives a sign of life after each round."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from core.management.commands import worker
from core.running import jobs
from core.running.jobs import JOBS, Job, Lane

pytestmark = pytest.mark.django_db


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Job]]:
    """No jobs but those that a test puts there."""
    found: dict[str, Job] = {}
    monkeypatch.setattr(worker, "JOBS", found)
    yield found
    assert JOBS


def full() -> int:
    raise OSError(28, "No space left on device")


def test_a_failure_that_lasts_is_told_whole_once_and_then_in_a_line_a_minute(
    only: dict[str, Job], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, job = worker.Command(), Job("full", 1, full)
    for _ in range(50):
        command._run(job)
    assert [(record.message, bool(record.exc_info)) for record in caplog.records] == [("job full failed", True)]
    monkeypatch.setattr(worker, "AGAIN_SECONDS", 0)
    command._run(job)
    assert caplog.records[-1].message == "job full still fails: OSError: [Errno 28] No space left on device"
    assert not caplog.records[-1].exc_info
    # What ended and comes again is told whole again.
    command._run(Job("full", 1, lambda: 0))
    command._run(job)
    assert (caplog.records[-1].message, bool(caplog.records[-1].exc_info)) == ("job full failed", True)
    assert caplog.records[-1].levelno == logging.ERROR


def test_a_file_is_touched_after_each_round_of_the_fast_jobs(only: dict[str, Job], tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    rounds: list[bool] = []

    def go_round() -> int:
        rounds.append(beat.exists())
        if len(rounds) == 2:
            jobs.stopping.set()
        return 0

    only["round"] = Job("round", 0, go_round)
    only["slow"] = Job("slow", 3600, lambda: 0, Lane.SLOW)
    began = time.time()
    call_command("worker", "--beat", str(beat), verbosity=0)
    assert rounds == [False, True]
    assert beat.stat().st_mtime >= began - 1
