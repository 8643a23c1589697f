"""manage.py worker: run the registered jobs by the clock until stopped."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from core.running.jobs import JOBS, Job

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.2


class Command(BaseCommand):
    """Run due jobs; log a failing job and retry it at its next time."""

    help = "Runs the jobs that no web request should do: index changes, scheduled publishing, checks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="Run every job once and stop.")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; finish the current job first."""
        if once:
            for job in JOBS.values():
                self._run(job)
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("worker: " + ", ".join(f"{job.name} every {job.seconds:g} s" for job in JOBS.values()))
        # A reader of a file or pipe that waits for this line sees it now.
        self.stdout.flush()
        due = dict.fromkeys(JOBS, 0.0)
        while not stop.is_set():
            for job in JOBS.values():
                if stop.is_set():
                    break
                if time.monotonic() >= due[job.name]:
                    self._run(job)
                    due[job.name] = time.monotonic() + job.seconds
            stop.wait(TICK_SECONDS)
        self.stdout.write("worker: stopped")

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
