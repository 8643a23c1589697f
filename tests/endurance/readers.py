"""Readers: each from an address of its own, on a connection that stays open, at a steady pace, whatever others do."""

from __future__ import annotations

import http.client
import itertools
import ssl
import statistics
import threading
import time
from dataclasses import dataclass, field

PATHS = (
    "/", "/suche/?q=lesen", "/bibliothek/silbenboote/", "/api/v2/search/suggest/?q=le", "/suche/?q=rechnen+im+zahlenraum",
    "/bibliothek/", "/suche/?q=legastenie", "/termine/",
)  # fmt: skip


@dataclass
class Times:
    """How long answers took, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __iadd__(self, others: Times) -> Times:
        self.seconds += others.seconds
        self.errors += others.errors
        return self

    def share(self, percent: int) -> float:
        """Return the milliseconds within which so many percent were answered."""
        return 1000 * statistics.quantiles(self.seconds, n=100)[percent - 1]


class Readers:
    """Some readers at the pages of a site."""

    def __init__(self, port: int, trust: ssl.SSLContext, count: int) -> None:
        self.port, self.trust, self.count = port, trust, count

    def most_per_second(self, seconds: float) -> float:
        """Return how many requests are answered a second when readers do not pause."""
        return len(self.read(seconds, 0).seconds) / seconds

    def read(self, seconds: float, per_second: float) -> Times:
        """Read for a while, so many requests a second in all; 0: as many as are answered."""
        times = Times()
        ends = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._read, args=(number, times, ends, per_second)) for number in range(self.count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return times

    def _read(self, number: int, times: Times, ends: float, per_second: float) -> None:
        pause = self.count / per_second if per_second else 0
        due = time.monotonic() + pause * number / self.count
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.trust, timeout=30)
        for turn in itertools.count(number):
            time.sleep(max(0, due - time.monotonic()))
            due += pause
            if time.monotonic() > ends:
                break
            path = PATHS[turn % len(PATHS)]
            began = time.perf_counter()
            try:
                connection.request("GET", path, headers={"X-Test-Client": f"198.51.100.{number + 1}"})
                response = connection.getresponse()
                response.read()
            except http.client.RemoteDisconnected:
                # A connection that was not used for long; a browser opens another too.
                connection.close()
                continue
            except (OSError, http.client.HTTPException) as error:
                times.errors.append(f"{path}: {type(error).__name__}")
                connection.close()
                continue
            times.seconds.append(time.perf_counter() - began)
            if response.status != 200:
                times.errors.append(f"{path}: {response.status}")
        connection.close()
