"""The worker's loop: every job at its time, and a failing one stops nobody."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import pytest
from django.core.management import call_command

from core.management.commands import worker
from core.running.jobs import JOBS, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No jobs but those of the test; its database connection stays open."""
    monkeypatch.setattr(worker, "JOBS", {})
    monkeypatch.setattr("core.running.jobs.JOBS", worker.JOBS)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "TICK_SECONDS", 0.01)


def stop_after(seconds: float) -> None:
    """Tell this process to stop, as the system does."""
    threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGTERM)).start()


def run() -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("worker")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def test_site_has_its_jobs() -> None:
    assert {name: job.seconds for name, job in JOBS.items()} | {
        "outbox": 1,
        "publish_scheduled": 60,
        "versions": 60,
        "search_verify": 24 * 60 * 60,
    } == {name: job.seconds for name, job in JOBS.items()}


def test_failing_job_stops_nobody_and_is_tried_again(jobs: None, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []

    def fail() -> int:
        calls.append("bad")
        raise RuntimeError("no disk")

    def work() -> int:
        calls.append("good")
        return 3

    register("bad", 0.05, fail)
    register("good", 0.05, work)
    stop_after(0.6)
    run()
    assert calls.count("bad") > 1
    assert calls.count("good") > 1
    assert "job bad failed" in caplog.text
    assert "RuntimeError: no disk" in caplog.text


def test_jobs_run_at_their_own_times(jobs: None) -> None:
    calls: list[str] = []
    register("often", 0.1, lambda: calls.append("often") or 0)
    register("seldom", 60, lambda: calls.append("seldom") or 0)
    stop_after(0.8)
    run()
    assert calls.count("seldom") == 1
    assert 3 <= calls.count("often") <= 9


def test_worker_finishes_the_job_at_hand_and_starts_no_other(jobs: None, capsys: pytest.CaptureFixture[str]) -> None:
    calls: list[str] = []

    def long() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
        calls.append("long")
        return 0

    register("long", 1, long)
    register("next", 1, lambda: calls.append("next") or 0)
    run()
    assert calls == ["long"]
    assert capsys.readouterr().out.splitlines() == ["worker: long every 1 s, next every 1 s", "worker: stopped"]


def test_once_runs_every_job_once(jobs: None) -> None:
    calls: list[str] = []

    def fail() -> int:
        raise RuntimeError

    register("bad", 60, fail)
    register("good", 60, lambda: calls.append("good") or 0)
    call_command("worker", "--once")
    assert calls == ["good"]


def test_registering_a_name_again_replaces_the_job(jobs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    register("one", 60, lambda: calls.append(1) or 0)
    register("one", 60, lambda: calls.append(2) or 0)
    call_command("worker", "--once")
    assert calls == [2]
