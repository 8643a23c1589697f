"""manage.py worker: run the registered jobs by the clock until stopped, each lane in a thread of its own."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections

from core.running.jobs import JOBS, Job, Lane, stopping

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.2


class Command(BaseCommand):
    """Run due jobs; log a failing job and retry it at its next time."""

    help = "Runs the jobs that no web request should do: index changes, scheduled publishing, checks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="Run every job once and stop.")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; finish the current jobs first."""
        if once:
            for job in JOBS.values():
                self._run(job)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.stdout.write("worker: " + ", ".join(f"{job.name} every {job.seconds:g} s" for job in JOBS.values()))
        # A reader of a file or pipe that waits for this line sees it now.
        self.stdout.flush()
        # Not before the fast jobs have run once: one of them builds a missing index.
        begun = threading.Event()
        others = [
            threading.Thread(target=self._run_other, args=(lane, begun), name=f"{lane.value} jobs")
            for lane in Lane
            if lane is not Lane.FAST
        ]
        for thread in others:
            thread.start()
        try:
            self._run_lane(Lane.FAST, begun)
        finally:
            stopping.set()
            begun.set()
            for thread in others:
                thread.join()
            stopping.clear()
        self.stdout.write("worker: stopped")

    def _run_other(self, lane: Lane, begun: threading.Event) -> None:
        begun.wait()
        try:
            self._run_lane(lane)
        finally:
            connections.close_all()

    def _run_lane(self, lane: Lane, begun: threading.Event | None = None) -> None:
        """Run the jobs of a lane by the clock until the worker stops; set `begun` after the first round."""
        jobs = [job for job in JOBS.values() if job.lane == lane]
        due = dict.fromkeys((job.name for job in jobs), 0.0)
        while not stopping.is_set():
            for job in jobs:
                if stopping.is_set():
                    break
                if time.monotonic() >= due[job.name]:
                    self._run(job)
                    due[job.name] = time.monotonic() + job.seconds
            if begun is not None:
                begun.set()
            stopping.wait(TICK_SECONDS)

    def _run(self, job: Job) -> None:
        close_old_connections()
        try:
            done = job.run()
        except Exception:
            logger.exception("job %s failed", job.name)
        else:
            if done:
                logger.info("job %s: %s", job.name, done)
        close_old_connections()
