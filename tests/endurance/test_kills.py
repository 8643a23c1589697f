"""The long form: 200 pages by two publishers, rebuilds all the while, processes killed again and again."""

from __future__ import annotations

import random
import subprocess
import threading
import time

import pytest

from search.question.tree import EngineQuery, Everything
from tests.processes.site import KillableSite, finish, kill

pytestmark = pytest.mark.endurance

PAGES = 200


class Publisher:
    """Publishes its share of the pages; a killed process is followed by another that goes on."""

    def __init__(self, site: KillableSite, name: str) -> None:
        self.site, self.name = site, name
        self.published = self.kills = 0

    def run(self, pages: int, kills: int) -> None:
        """Publish `pages`, with `kills` of the processes killed at a random moment."""
        while self.published < pages:
            process = self.site.publisher(f"{self.name}-{self.published}", pages - self.published)
            wanted = random.randint(1, 15) if self.kills < kills else None
            self._read(process, wanted)

    def _read(self, process: subprocess.Popen[str], wanted: int | None) -> None:
        with process:
            assert process.stdout is not None
            for number, line in enumerate(process.stdout, start=1):
                assert line.strip().isdigit(), line + process.stdout.read()
                self.published += 1
                if number == wanted:
                    time.sleep(random.random() / 5)
                    self.kills += 1
                    process.kill()
                    return
        assert process.returncode == 0


def test_two_hundred_pages_with_kills(site: KillableSite) -> None:
    publishers = [Publisher(site, name) for name in ("eins", "zwei")]
    threads = [threading.Thread(target=publisher.run, args=(PAGES // 2, 3)) for publisher in publishers]
    worker = site.start("worker")
    worker_kills = rebuilds = rebuild_kills = searches = 0
    started = time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        rebuild = site.start("search_rebuild")
        ends = time.monotonic() + random.uniform(3, 12)
        deadly = random.random() < 0.5
        while rebuild.poll() is None and (time.monotonic() < ends or not deadly):
            # Readers notice nothing of all this.
            assert site.engine.search(EngineQuery(Everything())).total > 50
            searches += 1
            time.sleep(0.05)
        if rebuild.poll() is None:
            kill(rebuild)
            rebuild_kills += 1
        else:
            finish(rebuild)
            rebuilds += 1
        if random.random() < 0.5:
            kill(worker)
            worker_kills += 1
            worker = site.start("worker")
    kill(worker)
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started
    assert [publisher.published for publisher in publishers] == [PAGES // 2] * 2
    waiting = site.count()
    site.assert_no_difference()
    print(
        f"\n{PAGES} pages in {seconds:.0f} s; killed: {sum(publisher.kills for publisher in publishers)} publishers, "
        f"{worker_kills} workers, {rebuild_kills} rebuilds; {rebuilds} rebuilds ended well; {searches} searches answered; "
        f"{waiting} rows were waiting at the end, index and database agree"
    )
