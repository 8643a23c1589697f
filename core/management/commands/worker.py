"""manage.py worker: run the registered jobs by the clock until stopped, each lane in a thread of its own.

A job that fails tells all once; while the same happens again, a line a minute is enough: a full disk must not be filled
with what is said about it.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connections

from core.running.jobs import JOBS, Job, Lane, stopping
from core.running.migrations import missing

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.2

AGAIN_SECONDS = 60
"""How often a failure that lasts is told again."""


class Command(BaseCommand):
    """Run due jobs; log a failing job and retry it at its next time."""

    help = "Runs the jobs that no web request should do: index changes, scheduled publishing, checks."

    beat: Path | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: dict[str, tuple[str, float]] = {}

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="Run every job once and stop.")
        parser.add_argument(
            "--beat", type=Path, metavar="FILE", help="Touch this file after each round of the fast jobs."
        )

    def handle(self, *args: Any, once: bool, beat: Path | None, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; finish the current jobs first. Raises CommandError on a database that is older."""
        if lacking := missing():
            raise CommandError(f"the database lacks {len(lacking)} migrations: run manage.py prepare_site")
        self.beat = beat
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
                if self.beat is not None:
                    self.beat.touch()
            stopping.wait(TICK_SECONDS)

    def _run(self, job: Job) -> None:
        close_old_connections()
        try:
            done = job.run()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs go on
            self._tell(job, error)
        else:
            self._told.pop(job.name, None)
            if done:
                logger.info("job %s: %s", job.name, done)
        close_old_connections()

    def _tell(self, job: Job, error: Exception) -> None:
        """Log a failure with its traceback, and in a line now and then while it is the same as before."""
        what, now = f"{type(error).__name__}: {error}", time.monotonic()
        before, told = self._told.get(job.name, ("", 0.0))
        if what != before:
            logger.error("job %s failed", job.name, exc_info=error)
        elif now - told >= AGAIN_SECONDS:
            logger.error("job %s still fails: %s", job.name, what)
        else:
            return
        self._told[job.name] = what, now
