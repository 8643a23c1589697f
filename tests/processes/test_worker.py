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
from core.running.jobs import JOBS, Lane, register, stopping

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
        "harvest": 60,
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


def test_a_slow_job_delays_no_fast_one_and_stops_when_told(jobs: None) -> None:
    calls: list[str] = []

    def slow() -> int:
        calls.append("begins")
        stopping.wait(60)
        calls.append("ends")
        return 0

    register("slow", 1, slow, Lane.SLOW)
    register("next slow", 1, lambda: calls.append("next slow") or 0, Lane.SLOW)
    register("fast", 0.05, lambda: calls.append("fast") or 0)
    stop_after(0.8)
    run()
    # The first fast round may build the index that slow jobs need.
    assert calls[:2] == ["fast", "begins"]
    assert calls[-1] == "ends"
    assert calls.count("fast") > 3
    assert "next slow" not in calls
    assert not stopping.is_set()


def test_lanes_fail_separately(jobs: None, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []

    def fail() -> int:
        raise RuntimeError("no model")

    register("bad", 0.05, fail, Lane.SLOW)
    register("good", 0.05, lambda: calls.append("slow") or 0, Lane.SLOW)
    stop_after(0.5)
    run()
    assert calls.count("slow") > 1
    assert "job bad failed" in caplog.text


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
